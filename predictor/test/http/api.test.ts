import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PROBLEMS } from '../../src/problems.ts';
import { simulatedBars } from '../support/bars.ts';
import { type Answer, AUTHORIZED, type TestService, testService, until } from '../support/service.ts';

const bars = simulatedBars(700);
const newest = bars.at(-1);

function assertProblem(answer: Answer, code: keyof typeof PROBLEMS): void {
  assert.equal(answer.status, PROBLEMS[code].status, answer.text);
  assert.match(answer.type, /^application\/problem\+json/);
  assert.equal(answer.json.type, `urn:predictor:problem:${code}`);
  assert.ok(answer.json.title && answer.json.detail && answer.json.remedy);
}

describe('a service with a series', () => {
  let service: TestService;
  before(async () => {
    service = await testService({}, { SIM: bars, YOUNG: bars.slice(0, 40) });
    await until('the first forecast', async () => (await service.get('/v1/forecasts/SIM')).status === 200);
  });
  after(() => service[Symbol.asyncDispose]());

  test('forecasts quantiles of return and price, volatility, version, skill and the age of the data', async () => {
    const { status, json } = await service.get('/v1/forecasts/SIM?horizon=20&levels=0.5,0.95,0.8');
    assert.equal(status, 200);
    assert.equal(json.dataAsOf, new Date(newest?.time ?? 0).toISOString());
    assert.equal(json.model.version, 1);
    assert.equal(json.stale, false);
    assert.ok(json.skill.lower <= json.skill.value && json.skill.value <= json.skill.upper);
    assert.equal(json.steps.length, 20);
    for (const [i, step] of json.steps.entries()) {
      assert.equal(step.step, i + 1);
      assert.ok(![0, 6].includes(new Date(step.time).getUTCDay()), 'no step ends on a weekend');
      assert.deepEqual(
        step.return.intervals.map((x: { level: number }) => x.level),
        [0.5, 0.8, 0.95],
      );
      const [inner, , outer] = step.return.intervals;
      assert.ok(outer.lower < inner.lower && inner.lower < step.return.median);
      assert.ok(step.return.median < inner.upper && inner.upper < outer.upper);
      assert.ok(Math.abs(step.price.median / (json.lastClose * Math.exp(step.return.median)) - 1) < 1e-12);
      assert.ok(step.volatility.perBar > 0 && step.volatility.annualised > 10 * step.volatility.perBar);
    }
    assert.ok(json.steps[19].return.intervals[2].upper > 2 * json.steps[0].return.intervals[2].upper);
  });

  test('gives the same forecast for the same question', async () => {
    assert.deepEqual(
      (await service.get('/v1/forecasts/SIM?horizon=5')).json,
      (await service.get('/v1/forecasts/SIM?horizon=5')).json,
    );
  });

  test('refuses what is out of range, and names it', async () => {
    for (const query of ['horizon=0', 'horizon=21', 'horizon=1.5', 'horizon=x']) {
      assertProblem(await service.get(`/v1/forecasts/SIM?${query}`), 'horizon-out-of-range');
    }
    for (const query of [
      'levels=1',
      'levels=0',
      'levels=',
      'levels=0.5;0.8',
      `levels=${'0.5,'.repeat(10)}0.5`,
    ]) {
      assertProblem(await service.get(`/v1/forecasts/SIM?${query}`), 'levels-out-of-range');
    }
    assertProblem(await service.get('/v1/forecasts/NOPE'), 'unknown-symbol');
    assertProblem(await service.get('/v1/forecasts/a%20b'), 'invalid-request');
    assertProblem(await service.get('/v1/forecasts/YOUNG'), 'too-few-bars');
    assertProblem(await service.get('/v2/anything'), 'not-found');
    assert.ok((await service.metric('predictor_forecast_errors_total{code="unknown-symbol"}')) >= 1);
    assert.ok((await service.metric('predictor_forecast_errors_total{code="too-few-bars"}')) >= 1);
    assert.ok((await service.metric('predictor_forecast_errors_total{code="horizon-out-of-range"}')) >= 4);
  });

  test('lists series and versions, with range, parameters and scores', async () => {
    const { json } = await service.get('/v1/series');
    assert.deepEqual(json.series.map((s: { symbol: string }) => s.symbol).sort(), ['SIM', 'YOUNG']);
    const [version] = (await service.get('/v1/models?symbol=SIM')).json.models;
    assert.equal(version.active, true);
    assert.deepEqual(version.data, {
      from: new Date(bars[0]?.time ?? 0).toISOString(),
      to: new Date(newest?.time ?? 0).toISOString(),
      bars: 700,
    });
    assert.ok(version.models.find((m: { name: string }) => m.name === 'gjr-t').parameters.omega > 0);
    assert.deepEqual(
      version.scores.coverage.map((c: { nominal: number }) => c.nominal),
      [0.5, 0.8, 0.95],
    );
    assertProblem(await service.get('/v1/models?symbol=NOPE'), 'unknown-symbol');
  });

  test('a fit of what is fitted already makes no new version', async () => {
    const { status, json } = await service.post('/v1/models/SIM/fit');
    assert.equal(status, 200);
    assert.equal(json.fitted, false);
    assert.equal(json.version, 1);
  });

  test('a fit that does not converge says why; the old version stays active and goes on forecasting', async () => {
    const answer = await service.post('/v1/models/SIM/fit', { maxIterations: 2 });
    assertProblem(answer, 'fit-failed');
    assert.match(answer.json.detail, /gradient is still/);
    assert.equal(answer.json.activeVersion, 1);
    assert.equal((await service.get('/v1/forecasts/SIM')).json.model.version, 1);
    assert.equal(await service.metric('predictor_fits_total{symbol="SIM",outcome="failed"}'), 1);
    assertProblem(await service.post('/v1/models/YOUNG/fit'), 'too-few-bars');
    assertProblem(await service.post('/v1/models/NOPE/fit'), 'unknown-symbol');
    assertProblem(await service.post('/v1/models/SIM/fit', { nonsense: 1 }), 'invalid-request');
  });

  test('another fit is another version; activating the first rolls back; doing so twice changes nothing', async () => {
    const second = await service.post('/v1/models/SIM/fit', { fitBars: 600 });
    assert.equal(second.json.version, 2);
    assert.equal(second.json.fitted, true);
    assert.equal((await service.get('/v1/forecasts/SIM')).json.model.version, 2);
    for (let i = 0; i < 2; i += 1) {
      const back = await service.post('/v1/models/SIM/activate/1');
      assert.equal(back.status, 200);
      assert.equal(back.json.active, true);
    }
    assert.equal((await service.get('/v1/forecasts/SIM')).json.model.version, 1);
    assert.equal(await service.metric('predictor_active_model_version{symbol="SIM"}'), 1);
    assertProblem(await service.post('/v1/models/SIM/activate/99'), 'unknown-version');
    assertProblem(await service.post('/v1/models/SIM/activate/x'), 'invalid-request');
  });

  test('repairs need the token', async () => {
    for (const url of [
      '/v1/models/SIM/fit',
      '/v1/models/SIM/activate/1',
      '/v1/series/SIM/refresh',
      '/v1/series/SIM/bars',
      '/v1/backtests/SIM',
      '/v1/faults',
    ]) {
      for (const authorization of ['', 'Bearer wrong', 'Basic abc']) {
        const reply = await service.running.app.inject({
          method: 'POST',
          url,
          headers: { authorization },
          payload: {},
        });
        assert.equal(reply.statusCode, 401, `${url} ${authorization}`);
        assert.equal(reply.headers['www-authenticate'], 'Bearer');
      }
    }
  });

  test('bars are taken once; a contradiction refuses the batch and shows the conflict; bad rows are told', async () => {
    const more = bars.slice(690, 696);
    const first = await service.post('/v1/series/TWIN/bars', { bars: more.slice(0, 4) });
    assert.deepEqual([first.json.added, first.json.known, first.json.rejected], [4, 0, 0]);
    const again = await service.post('/v1/series/TWIN/bars', { bars: more.slice(0, 5) });
    assert.deepEqual([again.json.added, again.json.known], [1, 4]);
    const conflict = await service.post('/v1/series/TWIN/bars', {
      bars: more.map((bar, i) => (i === 1 ? { ...bar, volume: 5 } : bar)),
    });
    assertProblem(conflict, 'bars-conflict');
    assert.match(conflict.json.conflicts[0].detail, /volume 1000 there, 5 here/);
    assert.equal((await service.get('/v1/series/TWIN')).json.bars, 5);
    assert.equal((await service.get('/-/ready')).status, 200, 'a series that is added makes nobody wait');
    const bad = await service.post('/v1/series/TWIN/bars', {
      bars: [{ time: 'x', open: 1, high: 1, low: 1, close: 1 }, more[5]],
    });
    assert.deepEqual([bad.json.added, bad.json.rejected, bad.json.verdicts[0].verdict], [1, 1, 'bad-time']);
    const bare = await service.post('/v1/series/TWIN/bars', { bars: [{ time: '2001-01-01' }] });
    assert.deepEqual([bare.json.rejected, bare.json.verdicts[0].verdict], [1, 'not-a-number']);
    assert.equal(await service.metric('predictor_rejected_bars_total{symbol="TWIN",verdict="bad-time"}'), 1);
    assertProblem(await service.post('/v1/series/TWIN/bars', { bars: [] }), 'invalid-request');
    assertProblem(await service.post('/v1/series/TWIN/bars', { rows: [] }), 'invalid-request');
  });

  test('a body that is no JSON, too large, or of another kind is refused', async () => {
    const send = async (payload: string, type = 'application/json') => {
      const reply = await service.running.app.inject({
        method: 'POST',
        url: '/v1/models/SIM/fit',
        headers: { ...AUTHORIZED, 'content-type': type },
        payload,
      });
      return {
        status: reply.statusCode,
        type: String(reply.headers['content-type']),
        text: reply.payload,
        json: reply.json(),
      };
    };
    assertProblem(await send('{'), 'invalid-request');
    assertProblem(await send(`{"fitBars":${' '.repeat(70_000)}500}`), 'payload-too-large');
    assertProblem(await send('a=b', 'application/x-www-form-urlencoded'), 'unsupported-media-type');
  });

  test('health, readiness, metrics and OpenAPI answer without a token', async () => {
    assert.equal((await service.get('/health')).json.status, 'ok');
    await until('readiness', async () => (await service.get('/-/ready')).status === 200);
    const { text } = await service.get('/metrics');
    for (const name of [
      'predictor_newest_bar_age_bars',
      'predictor_rolling_coverage_ratio{symbol="SIM",level="0.95"}',
      'predictor_rolling_crps_percent{symbol="SIM",forecast="baseline"}',
      'predictor_forecast_duration_seconds_count',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      assert.ok(text.includes(name), name);
    }
    const { json } = await service.get('/openapi.json');
    assert.match(json.openapi, /^3\./);
    for (const path of [
      '/v1/forecasts/{symbol}',
      '/v1/backtests/{symbol}',
      '/v1/series',
      '/v1/models',
      '/v1/models/{symbol}/fit',
      '/v1/models/{symbol}/activate/{version}',
      '/v1/series/{symbol}/refresh',
      '/v1/series/{symbol}/bars',
      '/health',
      '/-/ready',
    ]) {
      assert.ok(json.paths[path], path);
    }
  });

  test('OpenAPI says which bodies may be left out, and that errors are problems', async () => {
    const { paths } = (await service.get('/openapi.json')).json;
    const fit = paths['/v1/models/{symbol}/fit'].post;
    assert.equal(fit.requestBody.required, false);
    assert.equal(paths['/v1/series/{symbol}/bars'].post.requestBody.required, true);
    assert.deepEqual(Object.keys(fit.responses['4XX'].content), ['application/problem+json']);
    assert.deepEqual(Object.keys(fit.responses['200'].content), ['application/json']);
    assert.deepEqual(Object.keys(paths['/-/ready'].get.responses['503'].content), ['application/json']);
  });

  test('a backtest runs in the background, tells its progress, and comes as JSON, CSV and HTML', async () => {
    assertProblem(await service.get('/v1/backtests/SIM'), 'no-backtest');
    const started = await service.post('/v1/backtests/SIM', { refitEveryBars: 60 });
    assert.equal(started.status, 202);
    assert.equal(started.json.status, 'running');
    await until('the backtest', async () => {
      const { status, json } = await service.get('/v1/backtests/SIM');
      if (status === 202) assert.ok(json.progress.done <= json.progress.total);
      return status === 200;
    });
    const { json } = await service.get('/v1/backtests/SIM');
    assert.equal(json.scoredDays, 199);
    assert.equal(json.audit.clean, true);
    assert.equal(json.days, undefined);
    assert.equal((await service.get('/v1/backtests/SIM?days=true')).json.days.length, 199);
    const csv = await service.get('/v1/backtests/SIM?format=csv');
    assert.match(csv.type, /^text\/csv/);
    assert.equal(csv.text.trimEnd().split('\n').length, 200);
    const html = await service.get('/v1/backtests/SIM?format=html');
    assert.match(html.type, /^text\/html/);
    assert.match(html.text, /^<!doctype html>/);
    assertProblem(await service.get('/v1/backtests/SIM?format=pdf'), 'invalid-request');
  });

  test('a backtest that cannot be run says why', async () => {
    await service.post('/v1/backtests/YOUNG');
    await until('its end', async () => (await service.get('/v1/backtests/YOUNG')).status !== 202);
    assertProblem(await service.get('/v1/backtests/YOUNG'), 'too-few-bars');
  });
});

test('without a token file nothing can be changed over HTTP', async () => {
  await using service = await testService({ tokenFile: undefined });
  assertProblem(await service.post('/v1/series/X/refresh'), 'repairs-disabled');
});

test('without --allow-faults there are no faults', async () => {
  await using service = await testService({ allowFaults: false });
  assertProblem(await service.post('/v1/faults', { kind: 'crash' }), 'not-found');
});
