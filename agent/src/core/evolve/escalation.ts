import type { BodyOf } from '../entry.ts';
import type { Delivery, Escalation, Incident } from '../incident.ts';
import { carriedBy } from './carried.ts';

/** First retry after 5 s, doubling to 15 min: hours of trying without hammering a receiver that is down. */
const RETRY_INITIAL_MS = 5_000;
const RETRY_MAX_MS = 900_000;

/** Shared by all calls that no channel is there for. */
const NO_CHANNELS: Escalation['deliveries'] = new Map();

/** It is handed over to a person. */
export function foldEscalated(state: Incident, body: BodyOf<'escalated'>, at: number): Incident {
  return {
    ...state,
    phase: { kind: 'escalated', well: null, seen: '' },
    escalation: callFor({ ...body, at }),
  };
}

/** A person is asked whether the step may be done. */
export function foldApprovalAsked(state: Incident, body: BodyOf<'approval-asked'>, at: number): Incident {
  const { index, until, reason, number, channels } = body;
  return {
    ...state,
    // Also in the middle of a step a person may be asked: what is done of it is not done again afterwards.
    phase: { kind: 'approving', index, until, reason, remaining: carriedBy(state.phase).remaining },
    escalation: callFor({ number, code: 'approval-wanted', reason, at, channels }),
  };
}

/** A channel carried the call, or did not; what is of an earlier call counts no more. */
export function foldNotified(state: Incident, body: BodyOf<'notified'>, at: number): Incident {
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
    deliveries: channels.length === 0 ? NO_CHANNELS : new Map(channels.map((channel) => [channel, due])),
  };
}
