// Bars that were wrong: how they are put right, and what a source that disagrees shows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawBar } from '../../src/series/bar.ts';
import type { ConfiguredSource } from '../../src/sources/config.ts';
import { simulatedBars } from '../support/bars.ts';
import { testService, until } from '../support/service.ts';

const bars = simulatedBars(400);
const [newest] = bars.slice(-1);

function sourceOf(fetch: () => Promise<RawBar[]>): ConfiguredSource {
  return { symbol: 'SIM', source: { description: 'a test', fetch }, refreshEveryMs: undefined };
}

test('a bar is replaced on purpose; forecast and fit follow the correction', async () => {
  assert.ok(newest);
  await using service = await testService({}, { SIM: bars });
  const forecast = async () => (await service.get('/v1/forecasts/SIM')).json;
  await until('a forecast', async () => (await service.get('/v1/forecasts/SIM')).status === 200);
  const { steps } = await forecast();
  const close = newest.close * 1.001;
  const corrected = { ...newest, high: newest.high * 1.01, close };

  const refused = await service.post('/v1/series/SIM/bars', { bars: [corrected] });
  assert.equal(refused.json.type, 'urn:predictor:problem:bars-conflict');
  assert.match(refused.json.remedy, /"replace": true/);
  const { json } = await service.post('/v1/series/SIM/bars', { bars: [corrected], replace: true });
  assert.deepEqual([json.replaced, json.added, json.verdicts[0].verdict], [1, 0, 'replaced']);
  assert.equal((await service.get('/v1/series/SIM')).json.lastClose, close);
  const after = await forecast();
  assert.equal(after.lastClose, close);
  assert.notDeepEqual(after.steps, steps);
  const fit = await service.post('/v1/models/SIM/fit');
  assert.equal(fit.json.fitted, true, 'the active version was fitted on the wrong bar');
});

test('a bar of which more is to come is told so, and taken once it is complete', async () => {
  assert.ok(newest);
  let now = newest.time + 3_600_000;
  await using service = await testService({ now: () => now }, { SIM: bars.slice(0, -1) });
  const early = await service.post('/v1/series/SIM/bars', { bars: [{ ...newest, close: newest.open }] });
  assert.deepEqual([early.json.added, early.json.verdicts[0].verdict], [0, 'incomplete']);
  now = newest.time + 86_400_000;
  assert.equal((await service.post('/v1/series/SIM/bars', { bars: [newest] })).json.added, 1);
});

test('a gross mistake of the decimal point is refused over HTTP, unless jumps are accepted', async () => {
  assert.ok(newest);
  const { time, open, high, low, close } = newest;
  const wrong = { time, open: open / 1000, high: high / 1000, low: low / 1000, close: close / 1000 };
  await using service = await testService({ now: () => time + 86_400_000 }, { SIM: bars.slice(0, -1) });
  const { json } = await service.post('/v1/series/SIM/bars', { bars: [wrong] });
  assert.deepEqual([json.added, json.verdicts[0].verdict], [0, 'implausible-jump']);
  const metric = 'predictor_rejected_bars_total{symbol="SIM",verdict="implausible-jump"}';
  assert.equal(await service.metric(metric), 1);
  const accepted = await service.post('/v1/series/SIM/bars', { bars: [wrong], acceptJumps: true });
  assert.equal(accepted.json.added, 1);
});

test('a source that contradicts its series says so: in the answer, the metric and the series', async () => {
  let rows: readonly RawBar[] = bars.slice(0, 399);
  await using service = await testService({
    sources: [sourceOf(async () => [...rows])],
    now: () => (newest?.time ?? 0) + 86_400_000,
  });
  assert.equal((await service.post('/v1/series/SIM/refresh')).json.outcome, 'ok');
  rows = bars.map((bar, i) => (i === 200 ? { ...bar, volume: 5 } : bar));
  const { status, json } = await service.post('/v1/series/SIM/refresh');
  assert.deepEqual([status, json.outcome, json.result.added], [200, 'bars-conflict', 1]);
  assert.equal(await service.metric('predictor_refreshes_total{symbol="SIM",outcome="bars-conflict"}'), 1);
  const series = (await service.get('/v1/series/SIM')).json;
  assert.equal(series.lastRefresh.outcome, 'bars-conflict');
  assert.match(series.lastRefresh.detail, /1 of its bars disagree.*volume 1000 there, 5 here/);
  rows = bars;
  await service.post('/v1/series/SIM/refresh');
  assert.equal((await service.get('/v1/series/SIM')).json.lastRefresh.outcome, 'ok');
});

test('a source whose only row is not complete yet is no garbage', async () => {
  const rows = [...bars];
  await using service = await testService({
    sources: [sourceOf(async () => rows.splice(0, 399))],
    now: () => (newest?.time ?? 0) + 1,
  });
  await until('the first bars', async () => (await service.get('/v1/series/SIM')).json.bars === 399);
  const { status, json } = await service.post('/v1/series/SIM/refresh');
  assert.deepEqual([status, json.outcome, json.result.verdicts[0].verdict], [200, 'ok', 'incomplete']);
});

test('the jumps of a source are kept where its configuration says that they are real', async () => {
  const rows = bars.map(({ time, open, high, low, close, volume }, i) => {
    const scale = i < 390 ? 1 : 1000;
    return { time, open: open / scale, high: high / scale, low: low / scale, close: close / scale, volume };
  });
  for (const [acceptJumps, kept] of [[false, 390] as const, [true, 400] as const]) {
    const sources = [{ ...sourceOf(async () => rows), acceptJumps }];
    await using service = await testService({ sources, now: () => (newest?.time ?? 0) + 86_400_000 });
    await service.post('/v1/series/SIM/refresh');
    const { json } = await service.get('/v1/series/SIM');
    assert.equal(json.bars, kept);
    assert.equal(json.lastRefresh.detail?.includes('(implausible-jump)') ?? false, !acceptJumps);
  }
});
