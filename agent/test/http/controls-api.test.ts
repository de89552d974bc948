import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MpaError } from '../../src/errors.ts';
import { openServer } from './openServer.ts';

const PERSON = { who: 'ada', reason: 'upgrade' };
/** What the fake clock says. */
const NOW = Date.UTC(2026, 0, 1);

test('a maintenance is started with an end of its own, and can be ended before', async () => {
  await using server = await openServer();
  const body = { ...PERSON, target: 'market-predictor', durationMs: 1_800_000 };
  const answer = await server.call('POST', '/api/v1/maintenance', body);
  const { id, ...rest } = answer.json();
  assert.deepEqual(rest, { target: 'market-predictor', until: NOW + 1_800_000 });
  const ended = await server.call('POST', `/api/v1/maintenance/${id}/end`, PERSON);
  assert.deepEqual(ended.json(), { done: true });
  assert.deepEqual(server.control.set, [
    { control: { kind: 'maintenance-start', id, ...rest }, ...PERSON },
    { control: { kind: 'maintenance-end', id }, ...PERSON },
  ]);
});

test('the end of a maintenance that is not open is a 404 with its code', async () => {
  await using server = await openServer();
  server.control.failure = new MpaError('UNKNOWN_MAINTENANCE', 'm9');
  const answer = await server.call('POST', '/api/v1/maintenance/m9/end', PERSON);
  assert.equal(answer.statusCode, 404);
  assert.equal(answer.json().code, 'UNKNOWN_MAINTENANCE');
});

test('two maintenances of the same moment have ids of their own', async () => {
  await using server = await openServer();
  const body = { ...PERSON, target: null, durationMs: 60_000 };
  const ids = [];
  for (let n = 0; n < 2; n += 1) ids.push((await server.call('POST', '/api/v1/maintenance', body)).json().id);
  assert.notEqual(ids[0], ids[1]);
});

test('a maintenance without an end, or for every target by omission, is refused', async () => {
  await using server = await openServer();
  for (const body of [
    { ...PERSON, target: null },
    { ...PERSON, durationMs: 60_000 },
    { ...PERSON, target: null, durationMs: 0 },
    { ...PERSON, target: null, durationMs: 1e12 },
    { ...PERSON, target: '', durationMs: 60_000 },
  ]) {
    assert.equal((await server.call('POST', '/api/v1/maintenance', body)).statusCode, 400);
  }
  assert.deepEqual(server.control.set, []);
});

test('a mode is set for one target or for all, and taken back', async () => {
  await using server = await openServer();
  for (const word of [
    { target: 'a', mode: 'off' },
    { target: null, mode: 'observe' },
    { target: null, mode: null },
  ]) {
    assert.equal((await server.call('POST', '/api/v1/mode', { ...PERSON, ...word })).statusCode, 200);
    assert.deepEqual(server.control.set.at(-1), { control: { kind: 'mode', ...word }, ...PERSON });
  }
  const unknown = await server.call('POST', '/api/v1/mode', { ...PERSON, target: 'a', mode: 'wild' });
  assert.equal(unknown.json().errors[0].path, 'mode');
});

test('a breaker is reset; of what is no target it is a 404', async () => {
  await using server = await openServer();
  await server.call('POST', '/api/v1/targets/a/breaker/reset', PERSON);
  assert.deepEqual(server.control.set, [{ control: { kind: 'breaker-reset', target: 'a' }, ...PERSON }]);
  server.control.failure = new MpaError('UNKNOWN_TARGET', 'b');
  assert.equal((await server.call('POST', '/api/v1/targets/b/breaker/reset', PERSON)).statusCode, 404);
});

test('what is in force and what waits for approval is told', async () => {
  await using server = await openServer();
  server.control.inForce = {
    maintenance: [{ id: 'm-1', target: null, until: 5, reason: 'upgrade', who: 'ada' }],
    recurring: [{ targets: ['a'], until: 5, reason: 'backups' }],
    breakers: [{ target: 'a', until: 6, reason: '3 in 10 min' }],
    modes: [{ target: 'a', mode: 'off' }],
  };
  server.control.waiting = [{ incident: 'inc-1', target: 'a', until: 7, reason: 'mode approve' }];
  assert.deepEqual((await server.call('GET', '/api/v1/controls')).json(), server.control.inForce);
  assert.deepEqual((await server.call('GET', '/api/v1/approvals')).json(), {
    approvals: server.control.waiting,
  });
});
