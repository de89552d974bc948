// What is looked at by the clock keeps out of the way of what acts on it: a slow service that is asked to stop would wait
// for the probes that it has not answered yet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Probe } from '../../src/core/target.ts';
import { ProbeRounds } from '../../src/engine/probeRounds.ts';
import { alert, settings, target } from './given.ts';
import { Harness } from './harness.ts';

test('scheduled probes of a target are called off before it is restarted, and none begins until the call ended', async () => {
  const harness = await Harness.started();
  harness.symptom = 'present';
  const round = harness.engine.beginProbes('web');
  const other = harness.engine.beginProbes('shop');
  const seen: (boolean | undefined)[] = [];
  harness.runtime.onAct = async () => {
    seen.push(round?.signal.aborted, other?.signal.aborted, harness.engine.beginProbes('web') === null);
  };
  await harness.fire(alert('web'));
  await harness.until('verification-started');
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(seen, [true, false, true], 'its own, no other’s, and no new one');
  assert.notEqual(harness.engine.beginProbes('web'), null, 'the call has ended');
});

test('they are probed again also after a call whose answer was lost', async () => {
  const harness = await Harness.started();
  harness.symptom = 'present';
  harness.runtime.onAct = async () => {
    harness.runtime.trouble = 'answer-lost';
  };
  await harness.fire(alert('web'));
  for (let turn = 0; harness.acts().length === 0 && turn < 100; turn += 1) await harness.pass(100);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.notEqual(harness.engine.beginProbes('web'), null);
});

test('the look in passing is called off, too, and is no view of the target', async () => {
  const probe: Probe = { kind: 'tcp', name: 'port', host: '127.0.0.1', port: 80, timeoutMs: 60_000 };
  const harness = await Harness.started(settings({ targets: [target('web', { probes: [probe] })] }));
  const ok = { name: 'port', ok: true, reason: 'open', durationMs: 1 };
  harness.probes = [{ ...ok, ok: false, reason: 'no answer by the end of the look' }];
  let passing: AbortSignal | undefined;
  let calledOff: boolean | undefined;
  harness.onProbe = (signal) => {
    passing = signal;
    harness.onProbe = async () => undefined; // Only the look in passing meets a service that does not answer.
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  };
  harness.runtime.onAct = async () => {
    calledOff = passing?.aborted;
  };
  void harness.engine.survey(3_600_000);
  await harness.pass(0);
  await harness.fire(alert('web'));
  await harness.until('verification-started');
  assert.equal(calledOff, true);
});

test('a target is held until the last of its calls has ended, and a call ends once', () => {
  const rounds = new ProbeRounds();
  const [one, two] = [rounds.hold('web'), rounds.hold('web')];
  one[Symbol.dispose]();
  one[Symbol.dispose]();
  assert.equal(rounds.begin('web'), null);
  two[Symbol.dispose]();
  assert.notEqual(rounds.begin('web'), null);
});
