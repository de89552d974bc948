import type { Call, MakeChecker } from './checker.ts';

/** Between the decision that counts and the call lies a commit; milliseconds. */
const SLACK_MS = 8_000;

/** 3. No container of a target is changed more often than its budget allows, in any window, across restarts of the agent. */
export const budget: MakeChecker = ({ ledger, settings, time }, complain) => {
  const applied = new Map<string, Call[]>();
  /** When somebody last gave a service a new budget; true times. */
  const resets = new Map<string, number>();
  /** When the place in the budget that an incident takes was decided on; a repeat takes no new one. */
  const places = new Map<string, number>();
  let largest = 0;
  return {
    name: 'the budget holds in any window',
    written({ incident, target, body }) {
      if (body.type === 'mutation-started' && body.counts && incident !== null)
        places.set(incident, time.now);
      if (body.type === 'control-set' && body.control.kind === 'breaker-reset' && target !== null)
        resets.set(target, time.now);
    },
    applied(call) {
      const { mutations, windowMs } = settings().current.guards.budget;
      largest = Math.max(largest, mutations);
      // A configuration with a larger budget may have been in force a moment ago: it is what counts then.
      const allowed = call.at - settings().since < windowMs ? largest : mutations;
      const since = resets.get(call.service) ?? Number.NEGATIVE_INFINITY;
      const calls = (applied.get(call.container) ?? []).filter(({ note, at }) => (note?.at ?? at) > since);
      calls.push(call);
      applied.set(call.container, calls);
      const first = calls.at(-1 - allowed);
      if (first === undefined) return;
      // It was decided under the configuration of before, which may look back over another window.
      const decidedAt = places.get(call.note?.incident ?? '') ?? 0;
      if (settings().since > 0 && decidedAt < settings().since + SLACK_MS) return;
      const trueMs = call.at - first.at;
      if (trueMs < windowMs - SLACK_MS && !ledger.hasHiddenJump(first.at)) {
        complain(
          `${call.container} was changed ${allowed + 1} times in ${trueMs} ms; ${allowed} in ${windowMs} ms are allowed`,
        );
      }
    },
  };
};
