import type { Draft, EntryBody } from '../../../src/core/entry.ts';
import { evolve } from '../../../src/core/evolve.ts';
import { Fleet } from '../../../src/core/fleet.ts';
import type { GuardRequest } from '../../../src/core/guards/guard.ts';
import type { Incident } from '../../../src/core/incident.ts';
import type { Observation } from '../../../src/core/observation.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import { guardsOf } from '../../../src/core/settings.ts';
import type { Instance } from '../../../src/core/target.ts';
import { settings, step, target } from '../../engine/given.ts';

/** When every guard is asked in these tests, milliseconds since the epoch: 12:00:00 UTC. */
export const NOW = Date.UTC(2026, 10, 24, 12, 0, 0);
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** An instance that has run for long, in order. */
export function instance(rest: Partial<Instance> = {}): Instance {
  return {
    id: 'c0ffee'.repeat(10),
    name: 'web-1',
    status: 'running',
    health: 'none',
    startedAt: NOW - 24 * HOUR_MS,
    finishedAt: null,
    createdAt: NOW - 24 * HOUR_MS,
    exitCode: null,
    oomKilled: false,
    supervised: false,
    startPeriodMs: 0,
    revision: 'image@1',
    ...rest,
  };
}

export function entry(at: number, incident: string | null, of: string | null, body: EntryBody): Draft {
  return { at, incident, target: of, settings: 'test', body };
}

export function opened(at: number, id: string, of: string): Draft {
  return entry(at, id, of, {
    type: 'incident-opened',
    id,
    target: of,
    place: of,
    reason: `trouble with ${of}`,
    deadlineAt: at + HOUR_MS,
    evidenceBy: at + 2 * SECOND_MS,
  });
}

export function ended(at: number, id: string, of: string, outcome: Outcome = 'recovered'): Draft {
  return entry(at, id, of, { type: 'incident-ended', outcome, reason: 'well' });
}

export function mutated(at: number, id: string, of: string, counts = true): Draft {
  return entry(at, id, of, {
    type: 'mutation-started',
    index: 0,
    action: 'restart',
    instance: `${of}-1`,
    instanceId: `${of}-1-id`,
    run: 'run',
    remaining: [],
    counts,
    until: at + 25 * SECOND_MS,
  });
}

export function done(at: number, id: string, of: string): Draft {
  return entry(at, id, of, {
    type: 'action-ended',
    index: 0,
    instance: `${of}-1`,
    result: { outcome: 'succeeded', reason: 'restarted', output: null },
  });
}

/** Another run was seen since: the call must have been carried out, though nobody saw it answered. */
export function confirmed(at: number, id: string, of: string): Draft {
  return entry(at, id, of, {
    type: 'mutation-confirmed',
    index: 0,
    instance: `${of}-1`,
    verdict: 'happened',
    reason: `${of}-1 shows another run since`,
  });
}

/** A whole repair: opened, restarted at `at`, and recovered a moment later. */
export function repaired(at: number, id: string, of: string): readonly Draft[] {
  return [
    opened(at - SECOND_MS, id, of),
    mutated(at, id, of),
    done(at + SECOND_MS, id, of),
    ended(at + 2 * SECOND_MS, id, of),
  ];
}

/** The fleet as a start of the agent folds it: from entries alone. */
export function fleetOf(...entries: readonly (Draft | readonly Draft[])[]): Fleet {
  const fleet = new Fleet();
  for (const one of entries.flat().toSorted((a, b) => a.at - b.at)) fleet.apply(one);
  return fleet;
}

export function incidentOf(of = 'web', openedAt = NOW - SECOND_MS): Incident {
  return evolve(null, opened(openedAt, 'inc-now', of));
}

/** A question to a guard, with what a test does not care about filled in. */
export function request(rest: Partial<GuardRequest> = {}): GuardRequest {
  const web = target('web');
  const instances = rest.instances ?? [instance()];
  const configured = rest.settings ?? settings({ targets: [web] });
  const observation: Observation = { at: NOW, runtime: { ok: true, instances }, probes: [], symptoms: [] };
  return {
    now: NOW,
    incident: incidentOf(),
    target: web,
    step: step('restart'),
    index: 0,
    observation,
    instances,
    settings: configured,
    limits: guardsOf(configured, 'web'),
    fleet: new Fleet(),
    self: { kind: 'outside' },
    targets: configured.targets,
    approved: false,
    counts: true,
    ...rest,
  };
}
