import type { MakeChecker } from './checker.ts';

const SLACK_MS = 4_000;

/** What somebody else just deployed or started is given time. */
export const grace: MakeChecker = ({ cluster, ledger, plan, settings }, complain) => ({
  name: 'what somebody just started is left alone',
  called({ what, service, container, run, at, note }) {
    if (run.by !== 'deploy' && run.by !== 'person') return;
    if (note === null || plan.happenings.some(({ kind }) => kind === 'jump')) return;
    const openedAt = ledger.incidents.get(note.incident)?.openedAt ?? 0;
    // Whether a person or the restart policy began a run of the same container, the runtime does not tell.
    if (run.by === 'person' && cluster.service(service).spec.supervised && run.at > openedAt) return;
    const { afterStartMs } = settings().current.guards.grace;
    // It was decided on a look that may have been made before the other one came.
    const known = run.at < note.at - SLACK_MS;
    if (known && at - run.at < afterStartMs - SLACK_MS) {
      complain(`${what} of ${container}, which somebody (${run.by}) started ${at - run.at} ms ago`);
    }
  },
});
