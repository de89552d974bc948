// What there is to heal besides crashes: stale data, bad sources, drifted models, a full disk.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../../src/problems.ts';
import type { RawBar } from '../../src/series/bar.ts';
import type { ConfiguredSource } from '../../src/sources/config.ts';
import { simulatedBars } from '../support/bars.ts';
import { type TestService, testService, until } from '../support/service.ts';

const bars = simulatedBars(700);
const DAY_MS = 86_400_000;

async function forecasting(service: TestService, symbol = 'SIM'): Promise<void> {
  await until('a forecast', async () => (await service.get(`/v1/forecasts/${symbol}`)).status === 200);
}

/** A source that gives what the test says. */
function sourceOf(fetch: () => Promise<RawBar[]>): ConfiguredSource {
  return { symbol: 'SIM', source: { description: 'a test', fetch }, refreshEveryMs: undefined };
}

test('data that falls behind its calendar makes forecasts stale, and a refresh makes them fresh again', async () => {
  let available = bars.slice(0, 690);
  let now = (available.at(-1)?.time ?? 0) + DAY_MS;
  const sources = [sourceOf(async () => available)];
  await using service = await testService({ sources, now: () => now });
  assert.equal((await service.post('/v1/series/SIM/refresh')).json.bars, 690);
  await forecasting(service);
  assert.equal((await service.get('/v1/forecasts/SIM')).json.stale, false);

  now = (bars.at(-1)?.time ?? 0) + DAY_MS;
  const { json } = await service.get('/v1/forecasts/SIM');
  assert.equal(json.stale, true);
  assert.equal(json.staleReasons[0].reason, 'data-behind-calendar');
  assert.ok((await service.metric('predictor_newest_bar_age_bars{symbol="SIM"}')) >= 9);
  assert.equal(await service.metric('predictor_forecast_stale{symbol="SIM"}'), 1);

  available = bars;
  assert.equal((await service.post('/v1/series/SIM/refresh')).json.result.added, 10);
  const fresh = (await service.get('/v1/forecasts/SIM')).json;
  assert.equal(fresh.stale, false);
  assert.equal(fresh.dataAsOf, new Date(bars.at(-1)?.time ?? 0).toISOString());
  assert.equal(fresh.model.version, 1, 'ten bars are no reason for a new fit');
});

test('a source that fails leaves the last good forecast, marked as stale, with a problem and a metric', async () => {
  let answer: () => Promise<RawBar[]> = async () => bars;
  await using service = await testService({ sources: [sourceOf(() => answer())] });
  await service.post('/v1/series/SIM/refresh');
  await forecasting(service);
  const good = (await service.get('/v1/forecasts/SIM')).json;

  for (const code of ['source-timeout', 'source-unreachable', 'source-garbage'] as const) {
    answer = async () => {
      throw new Problem(code, 'as the test wants');
    };
    const failed = await service.post('/v1/series/SIM/refresh');
    assert.equal(failed.json.type, `urn:predictor:problem:${code}`);
    const { json } = await service.get('/v1/forecasts/SIM');
    assert.deepEqual(json.steps, good.steps);
    assert.ok(json.staleReasons.some(({ reason }: { reason: string }) => reason === 'refresh-failing'));
    assert.equal(await service.metric(`predictor_refreshes_total{symbol="SIM",outcome="${code}"}`), 1);
  }
  answer = async () => [{ time: 'x', open: 1, high: 1, low: 1, close: 1 }];
  const refused = await service.post('/v1/series/SIM/refresh');
  assert.match(refused.json.detail, /None of its 1 rows is good/);

  answer = async () => bars;
  assert.equal((await service.post('/v1/series/SIM/refresh')).status, 200);
  assert.deepEqual(
    (await service.get('/v1/forecasts/SIM')).json.staleReasons.filter(
      (r: { reason: string }) => r.reason === 'refresh-failing',
    ),
    [],
  );
});

test('the fault "drift" shows in the coverage, and both repairs mend it: activate, and fit', async () => {
  await using service = await testService({}, { SIM: bars });
  await forecasting(service);
  const coverage = () => service.metric('predictor_rolling_coverage_ratio{symbol="SIM",level="0.95"}');
  const healthy = await coverage();
  assert.ok(healthy > 0.9, `${healthy}`);
  for (const repair of ['/v1/models/SIM/activate/1', '/v1/models/SIM/fit']) {
    assert.equal((await service.post('/v1/faults', { kind: 'drift', symbol: 'SIM' })).status, 202);
    await service.get('/v1/forecasts/SIM');
    await until('bad coverage', async () => (await coverage()) < 0.8);
    assert.equal((await service.post(repair)).json.version, 1);
    await until('good coverage', async () => (await coverage()) === healthy);
    assert.equal(await service.metric('predictor_active_model_version{symbol="SIM"}'), 1);
  }
});

test('the fault "stale" hides the newest bars until a refresh', async () => {
  await using service = await testService({}, { SIM: bars });
  await forecasting(service);
  await service.post('/v1/faults', { kind: 'stale', symbol: 'SIM', bars: 12 });
  await until('a stale forecast', async () => (await service.get('/v1/forecasts/SIM')).json.stale);
  assert.equal(
    (await service.get('/v1/forecasts/SIM')).json.dataAsOf,
    new Date(bars.at(-13)?.time ?? 0).toISOString(),
  );
  assert.equal((await service.post('/v1/series/SIM/refresh')).status, 200);
  await until('a fresh one', async () => !(await service.get('/v1/forecasts/SIM')).json.stale);
});

test('the metric of a fault tells what is: not one that was refused, nor one that a repair has mended', async () => {
  let answer: () => Promise<RawBar[]> = async () => bars;
  await using service = await testService({ sources: [sourceOf(() => answer())] }, { SIM: bars });
  await forecasting(service);
  const active = (kind: string) => service.metric(`predictor_fault_active{kind="${kind}"}`);
  for (const kind of ['stale', 'drift']) {
    assert.equal((await service.post('/v1/faults', { kind, symbol: 'NOPE' })).status, 404);
    assert.equal(await active(kind), 0);
    await service.post('/v1/faults', { kind, symbol: 'SIM' });
    assert.equal(await active(kind), 1);
  }
  answer = async () => {
    throw new Problem('source-timeout', 'as the test wants');
  };
  assert.equal((await service.post('/v1/series/SIM/refresh')).status, 504);
  assert.equal(await active('stale'), 0, 'mended, though the source fails');
  assert.equal((await service.get('/v1/series/SIM')).json.bars, bars.length);
  await service.delete('/v1/faults');
  assert.equal(await active('drift'), 1, 'a drifted version stays until a repair');
  await service.post('/v1/models/SIM/activate/1');
  assert.equal(await active('drift'), 0);
});

test('the faults "errors" and "slow" begin, show in the metrics, and end', async () => {
  await using service = await testService({}, { SIM: bars });
  await forecasting(service);
  await service.post('/v1/faults', { kind: 'errors' });
  const failed = await service.get('/v1/forecasts/SIM');
  assert.equal(failed.json.type, 'urn:predictor:problem:fault-injected');
  assert.equal((await service.get('/health')).status, 500);
  assert.equal(await service.metric('predictor_fault_active{kind="errors"}'), 1);
  await service.delete('/v1/faults');
  assert.equal((await service.get('/v1/forecasts/SIM')).status, 200);

  await service.post('/v1/faults', { kind: 'slow', delayMs: 300 });
  let answered = false;
  const slow = service.get('/health').then(() => {
    answered = true;
  });
  await service.get('/metrics');
  assert.equal(answered, false, 'the metrics are spared, the rest waits');
  await slow;
  await service.delete('/v1/faults');
  assert.equal(await service.metric('predictor_fault_active{kind="slow"}'), 0);
  assert.equal((await service.post('/v1/faults', { kind: 'flood' })).status, 400);
});

test('the fault "leak" makes the process grow until it is ended', async () => {
  await using service = await testService();
  const before = process.memoryUsage().rss;
  await service.post('/v1/faults', { kind: 'leak', mbPerSecond: 300, maxMb: 120 });
  await until('100 MB more', () => process.memoryUsage().rss > before + 100e6);
  await service.delete('/v1/faults');
});

test('new bars are learnt from, and after enough of them a new version is fitted by itself', async () => {
  const now = () => (bars.at(-1)?.time ?? 0) + DAY_MS;
  await using service = await testService({ now }, { SIM: bars.slice(0, 650) });
  await forecasting(service);
  await service.post('/v1/series/SIM/bars', { bars: bars.slice(650, 660) });
  const { json } = await service.get('/v1/forecasts/SIM');
  assert.equal(json.dataAsOf, new Date(bars[659]?.time ?? 0).toISOString());
  assert.equal(json.model.version, 1);
  await service.post('/v1/series/SIM/bars', { bars: bars.slice(660, 690) });
  await until('version 2', async () => (await service.get('/v1/forecasts/SIM')).json.model.version === 2);
});

test('a full disk refuses new bars and versions; forecasts go on, and a metric counts it', async () => {
  await using service = await testService(
    { database: { pagesMax: 40 }, now: () => Date.UTC(2040, 0, 1) },
    { SIM: bars },
  );
  await forecasting(service);
  const many = simulatedBars(4000).map((bar) => ({ ...bar, volume: 7 }));
  const refused = await service.post('/v1/series/OTHER/bars', { bars: many });
  assert.equal(refused.status, 507);
  assert.equal(refused.json.type, 'urn:predictor:problem:disk-full');
  assert.equal(await service.metric('predictor_store_errors_total{code="disk-full"}'), 1);
  assert.equal((await service.get('/v1/series/OTHER')).status, 404);
  assert.equal((await service.get('/v1/forecasts/SIM')).status, 200);
});

test('a series of the least length that can be fitted is fitted, and read again after a restart', async () => {
  await using service = await testService({}, { SIM: bars.slice(0, 251) });
  await forecasting(service);
  const { json } = await service.get('/v1/forecasts/SIM');
  assert.equal(json.skill, null, 'nothing was scored yet');
  assert.equal((await service.post('/v1/series/SIM/refresh')).status, 200);
  assert.equal((await service.get('/v1/models')).json.models[0].scores, null);
});

test('who asks for a fit of other settings while one is under way is given a version of those', async () => {
  await using service = await testService({}, { SIM: bars });
  await forecasting(service);
  const wanted = [620, 640];
  const fits = await Promise.all(wanted.map((fitBars) => service.post('/v1/models/SIM/fit', { fitBars })));
  assert.deepEqual(
    fits.map(({ json }) => json.settings.fitBars),
    wanted,
  );
});
