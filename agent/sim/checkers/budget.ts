import type { Call, MakeChecker } from './checker.ts';

/** Between the decision that counts and the call lies a commit; milliseconds. */
const SLACK_MS = 8_000;

/** 3. No container of a target is changed more often than its budget allows, in any window, across restarts of the agent. */
export const budget: MakeChecker = ({ ledger, settings }, complain) => {
  const applied = new Map<string, Call[]>();
  let largest = 0;
  return {
    name: 'the budget holds in any window',
    applied(call) {
      const { mutations, windowMs } = settings().current.guards.budget;
      largest = Math.max(largest, mutations);
      // A configuration with a larger budget may have been in force a moment ago: it is what counts then.
      const allowed = call.at - settings().since < windowMs ? largest : mutations;
      const calls = applied.get(call.container) ?? [];
      calls.push(call);
      applied.set(call.container, calls);
      const first = calls.at(-1 - allowed);
      if (first === undefined) return;
      // It was decided under the configuration of before, which may look back over another window.
      if (settings().since > 0 && (call.note?.at ?? 0) < settings().since + SLACK_MS) return;
      const trueMs = call.at - first.at;
      if (trueMs < windowMs - SLACK_MS && !ledger.hasHiddenJump(first.at)) {
        complain(
          `${call.container} was changed ${allowed + 1} times in ${trueMs} ms; ${allowed} in ${windowMs} ms are allowed`,
        );
      }
    },
  };
};
