import type { Container } from '../world/container.ts';
import type { Call, MakeChecker } from './checker.ts';

/** 2. At most one mutating effect is under way per target. */
export const oneAtATime: MakeChecker = ({ cluster }, complain) => {
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
      // A person's order begins the steps anew, and waits for nothing of what was done before it.
      const same =
        before?.note?.incident === call.note?.incident &&
        before?.note?.plan === call.note?.plan &&
        before?.note?.index === call.note?.index;
      const other = before === undefined ? null : cluster.container(call.service, before.id);
      if (same && other !== null && before?.container !== call.container && isStarting(other)) {
        complain(`${call.what} of ${call.container} while ${other.name} was not back yet`);
      }
      last.set(call.service, call);
    },
  };
};

/** As far as anybody can see: without a health check what runs is in order. */
function isStarting({ service, booting, unchecked, startedBy }: Container): boolean {
  return service.healthCheck && (booting || unchecked) && startedBy === 'agent';
}
