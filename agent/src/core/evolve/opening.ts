import type { BodyOf } from '../entry.ts';
import type { Attempt, Incident } from '../incident.ts';

/** What nearly every incident begins with, and most keep: one of each is shared by all. */
const NO_SOURCES: Incident['sources'] = new Set();
const NO_ALERTS: Incident['alerts'] = new Map();
const NO_ATTEMPTS: readonly Attempt[] = [];
const NOTHING_HEEDED: Incident['heeded'] = { rules: false, analyst: false };

/** The state that an incident begins with: its evidence is gathered first. */
export function opened(body: BodyOf<'incident-opened'>, at: number): Incident {
  return {
    id: body.id,
    target: body.target,
    openedAt: at,
    deadlineAt: body.deadlineAt,
    allowedMs: body.deadlineAt - at,
    evidenceMs: body.evidenceBy - at,
    serial: 1,
    phaseSerial: 1,
    phase: { kind: 'gathering', by: body.evidenceBy, allowedMs: body.evidenceBy - at },
    reason: body.reason,
    source: null,
    sources: NO_SOURCES,
    labels: {},
    alerts: NO_ALERTS,
    signals: 0,
    evidence: 0,
    diagnosis: null,
    asked: null,
    heeded: NOTHING_HEEDED,
    orderedBy: null,
    strategy: null,
    attempts: NO_ATTEMPTS,
    mutated: false,
    unverified: false,
    disproved: false,
    mutations: 0,
    blindSince: null,
    escalation: null,
    quarantined: null,
  };
}
