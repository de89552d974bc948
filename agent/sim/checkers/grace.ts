import { jumpOf } from '../plan/times.ts';
import { wasAtWork } from './atWork.ts';
import type { Call, MakeChecker } from './checker.ts';

const SLACK_MS = 4_000;
/** What happens to a target so soon after a call of the agent may be the call's doing, milliseconds. */
const ACT_MS = 60_000;
/** A look that waited so long to be decided on is made again, with the commit behind it; milliseconds. */
const DISK_MS = 20_000;

/** What somebody else just deployed or started is given time. */
export const grace: MakeChecker = ({ cluster, ledger, plan, settings }, complain) => {
  let calls: Call[] = [];
  /** Who began a run of the same container, the runtime does not tell: the restart policy, the agent, or a person. */
  const isUnclear = ({ service, run, note }: Call) => {
    const openedAt = ledger.incidents.get(note?.incident ?? '')?.openedAt ?? 0;
    const acted = calls.some(
      (each) => each.service === service && run.at >= each.at && run.at < each.at + ACT_MS,
    );
    return run.by === 'person' && (acted || (cluster.service(service).spec.supervised && run.at > openedAt));
  };
  return {
    name: 'what somebody just started is left alone',
    called(call) {
      const { what, container, run, at, note } = call;
      const unclear = isUnclear(call);
      calls = [...calls.filter((each) => each.at > at - 2 * ACT_MS), call];
      if (unclear || (run.by !== 'deploy' && run.by !== 'person')) return;
      if (note === null || plan.happenings.some((each) => jumpOf(each) !== 0)) return;
      // While the disk is away, what was seen waits to be decided on.
      if (wasAtWork(plan, 'disk', at - DISK_MS, at)) return;
      const { afterStartMs } = settings().current.guards.grace;
      // It was decided on a look that may have been made before the other one came.
      const known = run.at < note.at - SLACK_MS;
      if (known && at - run.at < afterStartMs - SLACK_MS) {
        complain(`${what} of ${container}, which somebody (${run.by}) started ${at - run.at} ms ago`);
      }
    },
  };
};
