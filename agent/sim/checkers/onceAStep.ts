import type { Call, MakeChecker } from './checker.ts';

/** 7. One episode never causes the same step twice: not through resends, twins, reordering, or a crash. */
export const onceAStep: MakeChecker = (_watched, complain) => {
  const applied = new Map<string, Call>();
  return {
    name: 'one episode causes a step once',
    applied(call) {
      const { note } = call;
      if (note === null) return;
      const key = `${note.incident}/${note.plan}/${note.index}/${call.container}`;
      const before = applied.get(key);
      if (before !== undefined) {
        complain(
          `${call.what} of ${call.container} was done twice by step ${note.index} of ${note.incident}, ${call.at - before.at} ms apart`,
        );
      }
      applied.set(key, call);
    },
  };
};
