import type { BodyOf } from '../entry.ts';
import type { Incident } from '../incident.ts';

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
    sources: new Set(),
    labels: {},
    alerts: new Map(),
    signals: 0,
    evidence: 0,
    diagnosis: null,
    asked: null,
    heeded: { rules: false, analyst: false },
    orderedBy: null,
    strategy: null,
    attempts: [],
    mutated: false,
    unverified: false,
    disproved: false,
    mutations: 0,
    blindSince: null,
    escalation: null,
    quarantined: null,
  };
}
