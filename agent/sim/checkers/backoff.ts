import type { Call, MakeChecker } from './checker.ts';

/** 3. Two mutations of a target that each count are never closer than the shortest pause. */
export const backoff: MakeChecker = ({ ledger, settings }, complain) => {
  const last = new Map<string, Call>();
  return {
    name: 'a pause lies between two mutations',
    called(call) {
      if (call.note?.counts !== true) return;
      const before = last.get(call.service);
      last.set(call.service, call);
      if (before === undefined || before.note === null || call.note.at === before.note.at) return;
      const { initialMs } = settings().current.guards.backoff;
      const trueMs = call.note.at - before.note.at;
      // The pause is counted from the decision: a commit may lie between it and what is seen here.
      if (trueMs < initialMs - 3_000 && !ledger.hasHiddenJump(before.at)) {
        complain(
          `${call.service} was mutated again after ${trueMs} ms; ${initialMs} ms is the shortest pause`,
        );
      }
    },
  };
};
