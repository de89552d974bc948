import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../../src/core/context.ts';
import { decide } from '../../src/core/decide.ts';
import { pending } from '../../src/core/effects.ts';
import type { EntryBody } from '../../src/core/entry.ts';
import { evolve } from '../../src/core/evolve.ts';
import { Fleet } from '../../src/core/fleet.ts';
import type { Incident } from '../../src/core/incident.ts';
import { DEFAULT_INCIDENT, DEFAULT_VERIFICATION } from '../../src/core/settings.ts';
import type { Instance } from '../../src/core/target.ts';
import { settings, step } from '../engine/given.ts';
import { entry, incidentOf, instance, NOW } from './guards/request.ts';

const planned: EntryBody = {
  type: 'strategy-chosen',
  strategy: 'test',
  mode: 'auto',
  steps: [step('restart')],
  reason: '',
};
const looking: EntryBody = { type: 'look-started', index: 0, by: NOW + DEFAULT_INCIDENT.lookMs, reason: '' };
const verifying: EntryBody = { type: 'verification-started', index: 1, until: NOW + 120_000, reason: '' };

const after = (...bodies: readonly EntryBody[]): Incident =>
  bodies.reduce((state, body) => evolve(state, entry(NOW, state.id, 'web', body)), incidentOf());

/** What is decided at `NOW` upon a look that ended at `at`. */
function upon(
  state: Incident,
  seen: Instance,
  at: number,
  fleet: Fleet = new Fleet(),
  pausedMs = 0,
  unawaited: readonly string[] = [],
): readonly EntryBody['type'][] {
  const current = settings();
  const context: Context = {
    now: NOW,
    settings: current,
    fleet,
    targets: current.targets,
    self: { kind: 'outside' },
    discoveryTrouble: null,
  };
  const [effect] = pending(state);
  const observation = {
    ...({ at, runtime: { ok: true, instances: [seen] }, probes: [], symptoms: [] } as const),
    ...(unawaited.length > 0 ? { unawaited } : {}),
  };
  const report = { kind: 'looked', key: effect?.key ?? '', observation, pausedMs } as const;
  return decide(state, { kind: 'report', report }, context).map(({ body }) => body.type);
}

const dead = instance({ status: 'exited', exitCode: 1 });

test('a look of just now is acted on', () => {
  assert.ok(upon(after(planned, looking), dead, NOW).includes('mutation-started'));
  assert.ok(upon(after(planned, looking), dead, NOW - DEFAULT_INCIDENT.lookMs).includes('mutation-started'));
});

test('a look that is older than a look may take, or from before the clock was set back, is made again', () => {
  for (const at of [NOW - DEFAULT_INCIDENT.lookMs - 1_001, NOW + DEFAULT_INCIDENT.lookMs + 1_001])
    assert.deepEqual(upon(after(planned, looking), dead, at), ['look-started']);
});

test('a look that did not wait for a probe, since its alert held, is made again when the alert is over meanwhile', () => {
  assert.deepEqual(upon(after(planned, looking), instance(), NOW, new Fleet(), 0, ['http']), [
    'observed',
    'look-started',
  ]);
});

test('a proof does not rest on a look that is that old', () => {
  assert.deepEqual(upon(after(planned, verifying), instance(), NOW), ['observed']);
  assert.deepEqual(upon(after(planned, verifying), instance(), NOW - DEFAULT_INCIDENT.lookMs - 1_001), []);
});

const wellAt = (at: number): EntryBody => ({
  type: 'observed',
  observation: { at, runtime: { ok: true, instances: [instance()] }, probes: [], symptoms: [] },
  health: { verdict: 'well', reason: '' },
});

test('looks that are far apart while a person has it prove nothing: the soak begins with the last', () => {
  const { soakMs, intervalMs } = DEFAULT_VERIFICATION;
  const called: EntryBody = {
    type: 'escalated',
    number: 1,
    code: 'deadline',
    reason: '',
    channels: [],
  };
  const escalated = [called, wellAt(NOW - soakMs)].reduce(
    (state, body) => evolve(state, entry(NOW - soakMs, state.id, 'web', body)),
    incidentOf(),
  );
  const seen = (pausedMs: number) => upon(escalated, instance(), NOW, new Fleet(), pausedMs);
  assert.deepEqual(seen(intervalMs), ['incident-ended']);
  assert.deepEqual(seen(intervalMs + 1), ['soak-restarted', 'observed']);
});

test('a look that came too late begins a soak anew, for nobody looked meanwhile', () => {
  const state = after(verifying, wellAt(NOW));
  assert.deepEqual(upon(state, instance(), NOW - DEFAULT_INCIDENT.lookMs - 1_001), ['soak-restarted']);
  const restarted = evolve(state, entry(NOW, state.id, 'web', { type: 'soak-restarted', reason: '' }));
  assert.deepEqual(upon(restarted, instance(), NOW - DEFAULT_INCIDENT.lookMs - 1_001), [], 'said once');
  assert.deepEqual(upon(restarted, instance(), NOW), ['observed'], 'the same, and written down again');
  assert.deepEqual(upon(state, instance(), NOW - DEFAULT_INCIDENT.lookMs), []);
});

test('what a person stopped after it was seen running is looked at again, and not restarted', () => {
  const unwell = instance({ health: 'unhealthy' });
  const stop: EntryBody = {
    type: 'instance-stopped',
    instance: unwell.name,
    instanceId: unwell.id,
    by: 'stop',
  };
  const heard = (at: number, of = 'web') => {
    const fleet = new Fleet();
    fleet.apply(entry(at, null, of, stop));
    return upon(after(planned, looking), unwell, NOW - 2_000, fleet);
  };
  assert.deepEqual(heard(NOW - 1_000), ['look-started']);
  assert.ok(heard(NOW - 2_000).includes('mutation-started'), 'it was started since: the look saw it run');
  assert.ok(heard(NOW - 1_000, 'web2').includes('mutation-started'), 'another one');
  assert.ok(heard(NOW + 60_000).includes('mutation-started'), 'the clock was set back since');
});

test('a look of a phase that is over is not heard', () => {
  const state = after(planned, looking, { type: 'step-ended', index: 0, outcome: 'failed', reason: '' });
  assert.deepEqual(upon(state, dead, NOW), []);
});
