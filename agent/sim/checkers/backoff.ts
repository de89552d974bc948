import type { MakeChecker } from './checker.ts';

/** Between a decision and what is seen of it lies a commit; milliseconds. */
const SLACK_MS = 3_000;

/** 3. Each further mutation of a target that counts waits longer, until it was left alone for long enough. */
export const backoff: MakeChecker = ({ ledger, settings }, complain) => {
  /** True times of the decisions whose calls were made, by service, oldest first. */
  const made = new Map<string, number[]>();
  return {
    name: 'a pause lies between two mutations',
    called({ service, note }) {
      if (note === null) return;
      const { initialMs, factor, maxMs, resetAfterMs } = settings().current.guards.backoff;
      const times = made.get(service) ?? [];
      // What goes on in the same place is when the target is touched: until a call that did not happen is repeated, it
      // was left alone.
      if (!note.counts) {
        made.set(service, [...times.slice(0, -1), note.at]);
        return;
      }
      made.set(service, [...times, note.at]);
      const last = times.at(-1);
      if (last === undefined || last === note.at) return;
      let streak = 0;
      let next = note.at;
      for (const at of times.toReversed()) {
        // At the edge of the reset it is not for this checker to say on which side it was.
        if (next - at > resetAfterMs - SLACK_MS) break;
        streak += 1;
        next = at;
      }
      if (streak === 0) return;
      const pauseMs = Math.min(initialMs * factor ** (streak - 1), maxMs);
      if (note.at - last < pauseMs - SLACK_MS && !ledger.hasHiddenJump(next)) {
        complain(
          `${service} was mutated again after ${note.at - last} ms; after ${streak} the pause is ${pauseMs} ms`,
        );
      }
    },
  };
};
