import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulatedBars } from '../support/bars.ts';
import { testService, until } from '../support/service.ts';

const BARS = simulatedBars(700);
const SERIES = ['ONE', 'TWO'];

async function serving() {
  const service = await testService({}, { ONE: BARS, TWO: BARS });
  const active = async (symbol: string) => (await service.get(`/v1/series/${symbol}`)).json.activeVersion;
  await until('the first versions', async () => (await active('ONE')) === 1 && (await active('TWO')) === 1);
  return { service, active };
}

describe('a repair of all series', () => {
  it('refreshes those that are stale, whichever they are', async () => {
    const { service } = await serving();
    await using _service = service;
    for (const symbol of SERIES) await service.post('/v1/faults', { kind: 'stale', symbol, bars: 12 });
    const stale = async () =>
      (await service.get('/v1/series')).json.series.filter((each: { stale: boolean }) => each.stale).length;
    assert.equal(await stale(), 2);
    assert.deepEqual((await service.post('/v1/repairs/refresh')).json, { repaired: SERIES });
    assert.equal(await stale(), 0);
    assert.deepEqual((await service.post('/v1/repairs/refresh')).json, { repaired: [] });
  });

  it('mends every drift, and changes nothing where there is none', async () => {
    const { service, active } = await serving();
    await using _service = service;
    for (const repair of ['fit', 'rollback']) {
      for (const symbol of SERIES) await service.post('/v1/faults', { kind: 'drift', symbol });
      assert.deepEqual((await service.post(`/v1/repairs/${repair}`)).json, { repaired: SERIES });
      assert.deepEqual([await active('ONE'), await active('TWO')], [1, 1], repair);
    }
    await service.post('/v1/repairs/fit');
    assert.deepEqual([await active('ONE'), await active('TWO')], [1, 1]);
  });

  it('says for which series it failed, and mends the others', async () => {
    await using service = await testService(
      { settings: { refitAfterBars: 0 } },
      { GOOD: BARS, SHORT: BARS.slice(0, 30) },
    );
    const { status, json } = await service.post('/v1/repairs/fit');
    assert.equal(status, 502);
    assert.equal(json.type, 'urn:predictor:problem:repair-incomplete');
    assert.match(json.detail, /^SHORT: /);
    assert.deepEqual([json.failed, json.of], [1, 2]);
    assert.equal((await service.get('/v1/series/GOOD')).json.activeVersion, 1);
  });

  it('is none of another kind', async () => {
    const { service } = await serving();
    await using _service = service;
    assert.equal((await service.post('/v1/repairs/everything')).status, 400);
  });
});
