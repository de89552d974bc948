import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulatedBars } from '../support/bars.ts';
import { testService, until } from '../support/service.ts';

const BARS = simulatedBars(700);

describe('a rollback', () => {
  it('makes the newest version with a good record active, and asked again changes nothing', async () => {
    await using service = await testService({}, { SIM: BARS });
    await until(
      'the first version',
      async () => (await service.get('/v1/series/SIM')).json.activeVersion === 1,
    );
    await service.post('/v1/faults', { kind: 'drift', symbol: 'SIM' });
    assert.equal((await service.get('/v1/series/SIM')).json.activeVersion, 2);

    const rolled = await service.post('/v1/models/SIM/rollback');
    assert.equal(rolled.status, 200);
    assert.deepEqual([rolled.json.version, rolled.json.active], [1, true]);
    const again = await service.post('/v1/models/SIM/rollback');
    assert.equal(again.json.version, 1);
  });

  it('mends what a fit does not: one that comes out as bad, as on wrong data', async () => {
    await using service = await testService({}, { SIM: BARS });
    const active = async () => (await service.get('/v1/series/SIM')).json.activeVersion;
    const isDrifted = () => service.metric('predictor_fault_active{kind="drift"}');
    await until('the first version', async () => (await active()) === 1);
    await service.post('/v1/faults', { kind: 'drift', symbol: 'SIM', survivesFit: true });
    assert.equal((await service.post('/v1/models/SIM/fit')).json.version, 3);
    assert.equal(await isDrifted(), 1);
    assert.equal((await service.post('/v1/models/SIM/rollback')).json.version, 1);
    assert.equal(await isDrifted(), 0);
    assert.equal((await service.post('/v1/models/SIM/fit')).json.version, 1, 'the fault is over with it');

    await service.post('/v1/faults', { kind: 'drift', symbol: 'SIM', survivesFit: true });
    await service.delete('/v1/faults');
    assert.equal((await service.post('/v1/models/SIM/fit')).json.version, 1);
  });

  it('leaves the active version where no kept one is good', async () => {
    await using service = await testService({ settings: { refitAfterBars: 0 } }, { SIM: BARS });
    const refused = await service.post('/v1/models/SIM/rollback');
    assert.equal(refused.status, 409);
    assert.equal(refused.json.type, 'urn:predictor:problem:no-good-version');
    assert.equal((await service.get('/v1/series/SIM')).json.activeVersion, null);
  });
});

describe('the duration of a request', () => {
  it('counts what happens before its handler too, as a fault that delays everything does', async () => {
    await using service = await testService();
    await service.post('/v1/faults', { kind: 'slow', delayMs: 300 });
    await service.get('/health');
    const labels = 'method="GET",route="/health",status="200"';
    assert.equal(await service.metric(`predictor_http_request_duration_seconds_count{${labels}}`), 1);
    assert.equal(
      await service.metric(`predictor_http_request_duration_seconds_bucket{le="0.25",${labels}}`),
      0,
    );
  });
});
