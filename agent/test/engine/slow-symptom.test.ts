import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Incident } from '../../src/core/incident.ts';
import { Observer } from '../../src/engine/observer.ts';
import { ManualClock } from '../fakes/clock.ts';
import { FakeRuntime } from '../fakes/fakeRuntime.ts';
import { alert, target } from './given.ts';
import { Harness } from './harness.ts';

test('a look is of the moment in which the instances were seen, however long the symptom source takes', async () => {
  const harness = await Harness.started();
  await harness.fire(alert('web'));
  const incident: Incident | undefined = harness.engine.openIncidents()[0];
  assert.ok(incident !== undefined);

  const clock = new ManualClock();
  const runtime = new FakeRuntime(clock);
  runtime.run('web');
  const seenAt = clock.now();
  const observer = new Observer({
    clock,
    runtimes: new Map([['docker', runtime]]),
    prober: { probe: async () => [] },
    symptoms: [
      {
        name: 'slow',
        ask: async (fingerprint) => {
          await clock.sleep(2_000);
          return { fingerprint, verdict: 'gone', reason: 'asked' };
        },
      },
    ],
  });
  const looked = observer.look(target('web'), incident, new AbortController().signal);
  await clock.advance(2_000);
  const observation = await looked;
  assert.equal(observation.at, seenAt);
  assert.equal(observation.symptoms.length, 1);
});
