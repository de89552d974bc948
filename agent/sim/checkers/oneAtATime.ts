import type { Call, MakeChecker } from './checker.ts';

/** 2. At most one mutating effect is under way per target. */
export const oneAtATime: MakeChecker = (_watched, complain) => {
  const last = new Map<string, Call>();
  return {
    name: 'one mutation at a time per target',
    called(call) {
      const before = last.get(call.service);
      if (before !== undefined && before.overAt === null) {
        complain(
          `${call.what} of ${call.container} while ${before.what} of ${before.container} was under way`,
        );
      }
      last.set(call.service, call);
    },
  };
};
