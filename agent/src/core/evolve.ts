import { alertName } from './alert.ts';
import { assert } from './assert.ts';
import type { Analysis, Spending } from './diagnosis.ts';
import type { Draft } from './entry.ts';
import { waitsFor } from './guards/guard.ts';
import type { Attempt, Delivery, Escalation, Incident, Phase, Told } from './incident.ts';
import { moveInTime } from './jump.ts';
import { type Health, type Observation, runsOf } from './observation.ts';
import type { Signal } from './signal.ts';
import { soakAfter } from './soak.ts';

/** Attempts and alerts kept in the state; the journal keeps all. */
const ATTEMPTS_MAX = 100;
const ALERTS_MAX = 200;

const NOTHING_TOLD: Told = { seen: '', waitsFor: '' };
const NOTHING: Spending = { tokens: 0, costUsd: 0 };

/** Folds one entry into the state. Pure; an entry that does not fit the state is a defect and throws. */
export function evolve(state: Incident | null, entry: Draft): Incident {
  const { body } = entry;
  if (body.type === 'incident-opened') {
    assert(state === null, 'an incident is opened once');
    return {
      id: body.id,
      target: body.target,
      openedAt: entry.at,
      deadlineAt: body.deadlineAt,
      allowedMs: body.deadlineAt - entry.at,
      evidenceMs: body.evidenceBy - entry.at,
      serial: 1,
      phaseSerial: 1,
      phase: { kind: 'gathering', by: body.evidenceBy, allowedMs: body.evidenceBy - entry.at },
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
  assert(state !== null, `the first entry of an incident opens it, not ${body.type}`);
  const next = fold(state, entry);
  const serial = state.serial + 1;
  const same = isSamePhase(state.phase, next.phase, body.type);
  return {
    ...next,
    serial,
    phaseSerial: same ? state.phaseSerial : serial,
    deadlineAt: next.deadlineAt - (same ? 0 : unwaitedMs(state.phase, entry.at)),
  };
}

/** What is left of a wanted wait that is cut short: the deadline was put off by all of it, and comes back by so much. */
function unwaitedMs(phase: Phase, at: number): number {
  return phase.kind === 'held' && phase.patient ? Math.max(0, phase.until - at) : 0;
}

/** A watch goes on when only what it saw has changed, and everything goes on when only the clock has. */
function isSamePhase(before: Phase, after: Phase, by: Draft['body']['type']): boolean {
  if (after === before || by === 'clock-jumped') return true;
  if (by === 'observed' || by === 'guards-answered') return before.kind === after.kind;
  return (before.kind === 'verifying' || before.kind === 'escalated') && before.kind === after.kind;
}

function fold(state: Incident, entry: Draft): Incident {
  const { at, body } = entry;
  switch (body.type) {
    case 'signal-heard':
      return foldSignal(state, body.signal, body.trusted);
    case 'signal-repeated':
      return { ...state, signals: state.signals + 1 };
    case 'resumed':
      return foldResumed(state, at);
    case 'evidence-gathered':
      return {
        ...state,
        evidence: state.evidence + body.items.length,
        phase: state.phase.kind === 'gathering' ? { kind: 'ready', index: 0 } : state.phase,
      };
    case 'diagnosed':
      return { ...state, diagnosis: body.diagnosis, heeded: { ...state.heeded, rules: false } };
    case 'analysis-started':
      return {
        ...state,
        asked: {
          serial: state.serial + 1,
          by: body.by,
          budget: body.budget,
          repeats: 0,
          over: false,
          analysis: null,
        },
        phase: body.waits ? { kind: 'analysing' } : state.phase,
      };
    case 'analysis-ended':
      return foldAnalysisEnded(state, body.analysis);
    case 'plan-tempered':
      return foldTempered(state, body);
    case 'strategy-chosen':
      return {
        ...state,
        strategy: { name: body.strategy, mode: body.mode, steps: body.steps },
        mutated: false,
        unverified: false,
        disproved: false,
        phase: { kind: 'ready', index: 0 },
      };
    case 'step-started':
      return withAttempt(
        { ...state, phase: { kind: 'acting', index: body.index, action: body.action, until: body.until } },
        {
          index: body.index,
          action: body.action,
          instance: null,
          startedAt: at,
          outcome: 'under way',
          reason: '',
        },
      );
    case 'action-ended':
      return foldActionEnded(state, body.index, body.instance, body.result);
    case 'look-started':
      return {
        ...state,
        phase: {
          kind: 'looking',
          index: body.index,
          by: body.by,
          told: state.phase.kind === 'held' ? state.phase.told : NOTHING_TOLD,
          ...carriedBy(state.phase),
        },
      };
    case 'guards-answered':
      return state.phase.kind === 'looking'
        ? {
            ...state,
            phase: { ...state.phase, told: { ...state.phase.told, waitsFor: waitsFor(body.answers) } },
          }
        : state;
    case 'step-held':
      return {
        ...state,
        blindSince: body.blind ? (state.blindSince ?? at) : null,
        deadlineAt: state.deadlineAt + (body.patient ? body.until - at : 0),
        phase: {
          kind: 'held',
          index: body.index,
          until: body.until,
          reason: body.reason,
          patient: body.patient,
          told: state.phase.kind === 'looking' ? state.phase.told : NOTHING_TOLD,
          ...carriedBy(state.phase),
        },
      };
    case 'approval-asked': {
      const { index, until, reason, number, channels } = body;
      return {
        ...state,
        phase: { kind: 'approving', index, until, reason },
        escalation: callFor({ number, code: 'approval-wanted', reason, at, channels }),
      };
    }
    case 'mutation-started': {
      const { index, instance, instanceId, run, remaining, until, action } = body;
      return withAttempt(
        {
          ...state,
          mutated: true,
          unverified: true,
          disproved: false,
          mutations: state.mutations + (body.counts ? 1 : 0),
          blindSince: null,
          phase: {
            kind: 'mutating',
            approved: carriedBy(state.phase).approved,
            index,
            instance,
            instanceId,
            run,
            remaining,
            startedAt: at,
            until,
          },
        },
        { index, action, instance, startedAt: at, outcome: 'under way', reason: '' },
      );
    }
    case 'mutation-confirmed':
      return closeAttempt(state, body.verdict, body.reason);
    case 'settling': {
      const { index, instance, remaining, until } = body;
      const { approved } = carriedBy(state.phase);
      return { ...state, phase: { kind: 'settling', index, approved, instance, remaining, until } };
    }
    case 'step-ended':
      return { ...state, phase: { kind: 'ready', index: body.index + 1 } };
    case 'verification-started':
      return {
        ...state,
        phase: { kind: 'verifying', index: body.index, until: body.until, well: null, seen: '' },
      };
    case 'verification-ended':
      return state.phase.kind === 'verifying'
        ? { ...state, unverified: false, disproved: true, phase: { kind: 'ready', index: state.phase.index } }
        : state;
    case 'observed':
      return foldObserved(state, at, body);
    case 'escalated':
      return {
        ...state,
        phase: { kind: 'escalated', well: null, seen: '' },
        escalation: callFor({ ...body, at }),
      };
    case 'notified':
      return foldNotified(state, entry.at, body);
    case 'person-said':
      return foldPerson(state, at, body);
    case 'incident-ended':
      return { ...state, phase: { kind: 'ended', outcome: body.outcome, at } };
    case 'quarantined':
      return { ...state, quarantined: body.error };
    case 'clock-jumped':
      return moveInTime(state, body.byMs);
    case 'incident-opened':
    case 'breaker-opened':
    case 'protective-action':
    case 'signal-ignored':
    case 'alerts-truncated':
    case 'agent-started':
    case 'agent-stopped':
    case 'instance-stopped':
    case 'instance-started':
    case 'instance-removed':
    case 'seen-well':
    case 'control-set':
    case 'journal-recovered':
      return state;
    default:
      return body satisfies never;
  }
}

function foldSignal(state: Incident, signal: Signal, trusted: boolean): Incident {
  const heard = {
    ...state,
    signals: state.signals + 1,
    source: state.source ?? signal.source,
    sources: new Set(state.sources).add(signal.source),
    phase: soakAfter(state.phase, signal),
  };
  if (signal.source !== 'alertmanager') return heard;
  const { fingerprint, labels, status, endsAt, generatorUrl } = signal.alert;
  const known = state.alerts.get(fingerprint);
  if (known === undefined && state.alerts.size >= ALERTS_MAX) return heard;
  const alerts = new Map(state.alerts).set(fingerprint, {
    name: alertName(labels),
    labels,
    generatorUrl,
    status,
    endsAt: status === 'resolved' ? endsAt : null,
    trusted: trusted || (known?.trusted ?? false),
  });
  return { ...heard, alerts, labels: Object.keys(state.labels).length === 0 ? labels : state.labels };
}

/** After a restart of the agent: what was under way is not known to have happened, and no soak was watched. */
function foldResumed(before: Incident, at: number): Incident {
  const { phase, asked } = before;
  const state =
    asked === null || asked.over || at >= asked.by
      ? before
      : { ...before, asked: { ...asked, repeats: asked.repeats + 1 } };
  switch (phase.kind) {
    case 'gathering':
      // Evidence before action, also now: it is gathered anew, with all of its time.
      return { ...state, phase: { ...phase, by: at + phase.allowedMs } };
    case 'mutating':
      return { ...state, phase: { ...phase, kind: 'unsure' } };
    case 'verifying':
    case 'escalated':
      // What was seen before counts no more: the next look is written down even if it sees the same.
      return { ...state, phase: { ...phase, well: null, seen: '' } };
    default:
      return state;
  }
}

function foldAnalysisEnded(state: Incident, analysis: Analysis | null): Incident {
  return {
    ...state,
    // Also one that was not asked, since a budget was spent, has been asked once.
    asked: {
      ...(state.asked ?? { serial: state.serial + 1, by: 0, budget: NOTHING, repeats: 0 }),
      over: true,
      analysis,
    },
    phase: state.phase.kind === 'analysing' ? { kind: 'ready', index: 0 } : state.phase,
  };
}

/** What has begun stays; a look or a wait before a step that is open to change is over, and the step begins anew. */
function foldTempered(state: Incident, body: Extract<Draft['body'], { type: 'plan-tempered' }>): Incident {
  const { phase } = state;
  const anew = (phase.kind === 'looking' || phase.kind === 'held') && phase.index === body.index;
  return {
    ...state,
    strategy: { name: body.strategy, mode: body.mode, steps: body.steps },
    heeded: { ...state.heeded, [body.from]: true },
    phase: anew ? { kind: 'ready', index: body.index } : phase,
  };
}

function foldActionEnded(
  state: Incident,
  index: number,
  instance: string | null,
  result: { readonly outcome: 'succeeded' | 'failed' | 'unknown'; readonly reason: string },
): Incident {
  const closed = closeAttempt(state, result.outcome, result.reason);
  const { phase } = state;
  if (
    phase.kind === 'mutating' &&
    phase.index === index &&
    phase.instance === instance &&
    result.outcome === 'unknown'
  ) {
    return { ...closed, phase: { ...phase, kind: 'unsure' } };
  }
  return closed;
}

function foldObserved(
  state: Incident,
  at: number,
  { observation, health }: Extract<Draft['body'], { type: 'observed' }>,
): Incident {
  const { phase } = state;
  if (phase.kind === 'looking') {
    const told = { seen: seenAs(observation, health), waitsFor: '' };
    const blindSince = health.verdict === 'unknown' ? state.blindSince : null;
    return { ...state, blindSince, phase: { ...phase, told } };
  }
  if (phase.kind !== 'verifying' && phase.kind !== 'escalated') return state;
  const seen = seenAs(observation, health);
  if (health.verdict !== 'well') return { ...state, phase: { ...phase, well: null, seen } };
  const runs = runsOf(observation);
  // Of the look and the entry the later one: a look that was under way when the clock jumped shortens no soak.
  const begun = { at: Math.max(observation.at, at), runs };
  const well = phase.well !== null && phase.well.runs === runs ? phase.well : begun;
  return { ...state, phase: { ...phase, well, seen } };
}

/** What a watch saw, short enough to compare: a look that differs in it is worth an entry. */
export function seenAs(observation: Observation, health: Health): string {
  return health.verdict === 'well' ? `well ${runsOf(observation)}` : `${health.verdict} ${health.reason}`;
}

/** First retry after 5 s, doubling to 15 min: hours of trying without hammering a receiver that is down. */
const RETRY_INITIAL_MS = 5_000;
const RETRY_MAX_MS = 900_000;

function foldNotified(
  state: Incident,
  at: number,
  body: Extract<Draft['body'], { type: 'notified' }>,
): Incident {
  const { escalation } = state;
  const before = escalation?.deliveries.get(body.channel);
  if (escalation === null || before === undefined || escalation.number !== body.escalation) return state;
  const failures = body.delivered ? 0 : before.failures + 1;
  const delivery: Delivery = {
    delivered: before.delivered || (body.delivered && !body.withdrawal),
    withdrawn: before.withdrawn || (body.delivered && body.withdrawal),
    failures,
    nextAt: body.delivered
      ? at
      : at + Math.min(RETRY_INITIAL_MS * 2 ** Math.min(before.failures, 20), RETRY_MAX_MS),
  };
  return {
    ...state,
    escalation: { ...escalation, deliveries: new Map(escalation.deliveries).set(body.channel, delivery) },
  };
}

/** A call for a person that no channel has carried yet. */
function callFor(
  call: Pick<Escalation, 'number' | 'code' | 'reason' | 'at'> & { readonly channels: readonly string[] },
): Escalation {
  const { number, code, reason, at, channels } = call;
  const due = { delivered: false, withdrawn: false, failures: 0, nextAt: at };
  return {
    number,
    code,
    reason,
    at,
    acknowledged: null,
    deliveries: new Map(channels.map((channel) => [channel, due])),
  };
}

function foldPerson(
  state: Incident,
  at: number,
  body: Extract<Draft['body'], { type: 'person-said' }>,
): Incident {
  switch (body.command) {
    case 'acknowledge':
      return taken(state, body.who, at);
    case 'approve':
      return state.phase.kind === 'approving'
        ? {
            ...taken(state, body.who, at),
            phase: {
              kind: 'held',
              index: state.phase.index,
              until: at,
              reason: `approved by ${body.who}`,
              patient: false,
              told: NOTHING_TOLD,
              approved: true,
              remaining: null,
            },
          }
        : state;
    case 'recover':
      // As if it began now; what was set aside is decided on once more. Where it went to a person before any evidence
      // was kept, since the agent was away, that comes first now.
      return {
        ...state,
        ...(state.evidence > 0
          ? {}
          : {
              strategy: null,
              phase: { kind: 'gathering', by: at + state.evidenceMs, allowedMs: state.evidenceMs },
            }),
        deadlineAt: at + state.allowedMs,
        blindSince: null,
        quarantined: null,
        orderedBy: body.who,
      };
    case 'close':
    case 'deny':
      return state;
    default:
      return body.command satisfies never;
  }
}

/** Somebody has it: the channels need not say it again. */
function taken(state: Incident, by: string, at: number): Incident {
  return state.escalation === null
    ? state
    : { ...state, escalation: { ...state.escalation, acknowledged: { by, at } } };
}

/** What a look, a wait and the next look about the same step hand on. */
function carriedBy(phase: Phase): {
  readonly approved: boolean;
  readonly remaining: readonly string[] | null;
} {
  if (phase.kind === 'looking' || phase.kind === 'held')
    return { approved: phase.approved, remaining: phase.remaining };
  if (phase.kind === 'settling' || phase.kind === 'mutating')
    return { approved: phase.approved, remaining: phase.remaining };
  // What did not happen is still to be done: the instance itself comes first.
  if (phase.kind === 'unsure')
    return { approved: phase.approved, remaining: [phase.instance, ...phase.remaining] };
  return { approved: false, remaining: null };
}

function withAttempt(state: Incident, attempt: Attempt): Incident {
  return { ...state, attempts: [...state.attempts, attempt].slice(-ATTEMPTS_MAX) };
}

function closeAttempt(state: Incident, outcome: Attempt['outcome'], reason: string): Incident {
  const last = state.attempts.at(-1);
  if (last === undefined) return state;
  return { ...state, attempts: [...state.attempts.slice(0, -1), { ...last, outcome, reason }] };
}
