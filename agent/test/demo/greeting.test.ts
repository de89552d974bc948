import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_GUARDS } from '../../src/core/settings.ts';
import { greeting } from '../../src/demo/greeting.ts';
import { handoverOf } from '../../src/demo/handover.ts';
import { alert, settings } from '../engine/given.ts';
import { Harness } from '../engine/harness.ts';

const FACTS = {
  agentUrl: 'http://127.0.0.1:8787',
  sampleUrl: 'http://127.0.0.1:8788',
  where: 'a process of this machine',
  target: 'web',
  isUsualUrl: true,
};
const RECOVER = 'npm run --silent mpa -- recover web --reason "another try"\n';
const RESET = 'npm run --silent mpa -- breaker reset web --reason "another try"\n';

/** What an agent greets with that finds the journal of the one before. */
async function greetingAfter(before: Harness): Promise<string> {
  const { engine } = await Harness.restarted(before);
  return greeting(FACTS, handoverOf('web', engine.openIncidents(), engine.controls()));
}

test('who starts it for the first time is told how to break the sample', () => {
  const text = greeting(FACTS, null);
  assert.match(text, /is looking after a sample service/);
  assert.ok(text.includes('curl -X POST http://127.0.0.1:8788/break/crash\n'));
});

test('a sample that an earlier run gave to a person is said to be so, with the command that helps', async () => {
  const harness = await Harness.started();
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5 * 60_000);
  const text = await greetingAfter(harness);
  assert.doesNotMatch(text, /is looking after|\/break\//);
  assert.match(text, /An earlier run gave its sample service,\n {2}a process of this machine, to a person/);
  assert.match(text, /incident {2}inc-\d+: \S/);
  assert.ok(text.includes(RECOVER));
  assert.ok(!text.includes(RESET));
});

test('where its breaker is open, that is to be reset first', async () => {
  const guards = { ...DEFAULT_GUARDS, flapping: { ...DEFAULT_GUARDS.flapping, recoveries: 100 } };
  const harness = await Harness.started(settings({ guards }));
  for (let turn = 0; turn < 4; turn += 1) {
    harness.runtime.die('web-1');
    await harness.fire(alert('web', { startsAt: harness.clock.now() }));
    await harness.pass(80_000);
  }
  const text = await greetingAfter(harness);
  assert.ok(text.includes(RESET));
  assert.ok(text.indexOf(RESET) < text.indexOf(RECOVER));
});

test('an agent at another address than usual is named in the command', () => {
  const handover = { incident: 'inc-1', reason: 'it is not well', breakerOpen: false };
  const text = greeting({ ...FACTS, agentUrl: 'http://127.0.0.1:9999', isUsualUrl: false }, handover);
  assert.match(text, /recover web --reason "another try" --url http:\/\/127\.0\.0\.1:9999\n/);
});
