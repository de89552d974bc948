import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stoppedGuard } from '../../../src/core/guards/stopped.ts';
import { entry, fleetOf, HOUR_MS, instance, NOW, request } from './request.ts';

const web = instance({ status: 'exited', exitCode: 0 });
const stopped = entry(NOW - 24 * HOUR_MS, null, 'web', {
  type: 'instance-stopped',
  instance: 'web-1',
  instanceId: web.id,
  by: 'stop',
});
const started = entry(NOW - HOUR_MS, null, 'web', {
  type: 'instance-started',
  instance: 'web-1',
  instanceId: web.id,
});

test('what a person stopped stays so, however long ago, and the sentence says what ends it', () => {
  const answer = stoppedGuard(request({ instances: [web], fleet: fleetOf(stopped) }));
  assert.deepEqual(answer, {
    guard: 'stopped',
    verdict: 'refuse',
    code: 'stopped-by-person',
    reason: 'web-1 was stopped by a person, so it stays so until it is started again',
  });
});

test('what was started again and failed then is nobody’s wish', () => {
  assert.equal(
    stoppedGuard(request({ instances: [web], fleet: fleetOf(stopped, started) })).verdict,
    'allow',
  );
});

test('a container that runs is not held, whatever was said of it', () => {
  const running = instance({ health: 'unhealthy' });
  assert.equal(stoppedGuard(request({ instances: [running], fleet: fleetOf(stopped) })).verdict, 'allow');
});

test('another container of the same target that nobody stopped is not held', () => {
  const other = instance({ id: 'another'.padEnd(64, '0'), name: 'web-2', status: 'exited' });
  assert.equal(stoppedGuard(request({ instances: [other], fleet: fleetOf(stopped) })).verdict, 'allow');
});

test('a paused container was paused by somebody: it stays so', () => {
  const answer = stoppedGuard(request({ instances: [instance({ status: 'paused' })] }));
  assert.equal(answer.reason, 'web-1 was paused by a person, so it stays so until it is started again');
});
