import assert from 'node:assert/strict';
import { test } from 'node:test';
import { supervisorGuard } from '../../../src/core/guards/supervisor.ts';
import { incidentOf, instance, NOW, request, SECOND_MS } from './request.ts';

const down = instance({ supervised: true, status: 'exited', exitCode: 1 });
const openedAgo = (ms: number) => incidentOf('web', NOW - ms);

test('a restart policy is given 15 s from the first signal, to the millisecond', () => {
  const answer = supervisorGuard(request({ instances: [down], incident: openedAgo(5 * SECOND_MS) }));
  assert.deepEqual(answer, {
    guard: 'supervisor',
    verdict: 'delay',
    until: NOW + 10 * SECOND_MS,
    reason: 'the restart policy of web-1 is given until 12:00:10Z to bring it back',
  });
  const verdict = (ms: number) =>
    supervisorGuard(request({ instances: [down], incident: openedAgo(ms) })).verdict;
  assert.equal(verdict(15 * SECOND_MS - 1), 'delay');
  assert.equal(verdict(15 * SECOND_MS), 'allow');
});

test('a container that its policy is just restarting is waited for too', () => {
  const instances = [instance({ supervised: true, status: 'restarting' })];
  assert.equal(supervisorGuard(request({ instances })).verdict, 'delay');
});

test('what no policy brings back, and what runs and is sick, is not waited for', () => {
  const others = [
    instance({ status: 'exited' }),
    instance({ supervised: true, health: 'unhealthy' }),
    instance({ supervised: true, status: 'dead' }),
    instance({ supervised: true, status: 'created' }),
  ];
  for (const one of others) assert.equal(supervisorGuard(request({ instances: [one] })).verdict, 'allow');
});
