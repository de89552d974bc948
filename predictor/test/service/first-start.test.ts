// Sources at the start of the service: those that fail, and those whose series have bars already.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Problem } from '../../src/problems.ts';
import type { RawBar } from '../../src/series/bar.ts';
import type { ConfiguredSource } from '../../src/sources/config.ts';
import { simulatedBars } from '../support/bars.ts';
import { testService, until } from '../support/service.ts';

const bars = simulatedBars(300);
const now = () => (bars.at(-1)?.time ?? 0) + 86_400_000;
const NEVER = { firstMs: 3_600_000, maxMs: 3_600_000 };

function sourceOf(symbol: string, fetch: () => Promise<RawBar[]>): ConfiguredSource {
  return { symbol, source: { description: 'a test', fetch }, refreshEveryMs: undefined };
}

async function unreachable(): Promise<RawBar[]> {
  throw new Problem('source-unreachable', 'as the test wants');
}

test('a source that fails at the first start is seen: in the list, the metrics and the readiness', async () => {
  const sources = [sourceOf('DOWN', unreachable), sourceOf('UP', async () => [...bars])];
  await using service = await testService({ sources, now, retry: NEVER });
  await until('readiness', async () => (await service.get('/-/ready')).status === 200);
  await until('both', async () => (await service.get('/v1/series/UP')).json.bars === bars.length);
  const { series } = (await service.get('/v1/series')).json;
  const down = series.find(({ symbol }: { symbol: string }) => symbol === 'DOWN');
  assert.deepEqual([down.bars, down.stale, down.lastRefresh.outcome], [0, true, 'source-unreachable']);
  assert.deepEqual((await service.get('/v1/series/DOWN')).json, down);
  const forecast = await service.get('/v1/forecasts/DOWN');
  assert.equal(forecast.json.type, 'urn:predictor:problem:too-few-bars');
  assert.match(forecast.json.detail, /as the test wants/);
  const counted = 'predictor_refreshes_total{symbol="DOWN",outcome="source-unreachable"}';
  assert.equal(await service.metric(counted), 1);
  assert.equal(await service.metric('predictor_forecast_stale{symbol="DOWN"}'), 1);
  assert.deepEqual((await service.get('/-/ready')).json.withoutBars, ['DOWN']);
});

test('where no source gave anything the service is not ready; it tries again until one does', async () => {
  let answer = unreachable;
  let tries = 0;
  const fetch = () => {
    tries += 1;
    return answer();
  };
  const sources = [sourceOf('SIM', fetch)];
  await using service = await testService({ sources, now, retry: { firstMs: 5, maxMs: 20 } });
  await until('some attempts', () => tries >= 4);
  const { status, json } = await service.get('/-/ready');
  assert.deepEqual([status, json.waitingFor], [503, ['the first bars of SIM']]);
  answer = async () => [...bars];
  await until('a forecast', async () => (await service.get('/v1/forecasts/SIM')).status === 200);
  assert.equal((await service.get('/-/ready')).status, 200);
  assert.equal(await service.metric('predictor_forecast_stale{symbol="SIM"}'), 0);
});

test('a series that has bars already is refreshed at the start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'predictor-start-'));
  try {
    const databasePath = join(folder, 'p.sqlite');
    {
      await using before = await testService({ databasePath, now }, { SIM: bars.slice(0, 290) });
      assert.equal((await before.get('/v1/series/SIM')).json.bars, 290);
    }
    const sources = [sourceOf('SIM', async () => [...bars])];
    await using service = await testService({ databasePath, sources, now });
    await until('the newer bars', async () => (await service.get('/v1/series/SIM')).json.bars === 300);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
