import { wasAtWork } from './atWork.ts';
import type { MakeChecker } from './checker.ts';

/** From the look over the guards to the call; milliseconds. */
const SLACK_MS = 4_000;
/** A look that waited so long to be decided on is made again, with the commit behind it; milliseconds. */
const DISK_MS = 20_000;

/** 7, and the law to look before acting: what is well, and whose symptom is known to be gone, is not touched. */
export const needed: MakeChecker = ({ cluster, ledger, monitoring, plan, time }, complain) => ({
  name: 'what is well is not touched',
  called({ what, service, container, at, note }) {
    if (note === null || !note.counts) return;
    const truth = cluster.service(service);
    const since = at - SLACK_MS;
    if (!truth.looksWell || truth.looksWellSince > since) return;
    // What was seen is old where the runtime is slow, and where it waits for the disk to be decided on.
    const isOld = (['slow', 'late'] as const).some((how) => wasAtWork(plan, 'runtime', at - 60_000, at, how));
    if (isOld || wasAtWork(plan, 'disk', at - DISK_MS, at)) return;
    const signals = ledger.incidents.get(note.incident)?.signals ?? [];
    const alerts = signals.flatMap((signal) => (signal.source === 'alertmanager' ? [signal.alert] : []));
    const fingerprints = new Set(alerts.map(({ fingerprint }) => fingerprint));
    // Known to be over: the agent was told, or it can ask; and it is over for long enough to be seen.
    const over = [...fingerprints].every((fingerprint) => {
      if (monitoring.holds(fingerprint)) return false;
      const episode = monitoring.lastOf(fingerprint);
      if (episode === null) return fingerprint.startsWith('stray-resolved');
      // Where the clock was set back, it seems to have been over before it began, or before one that is long over.
      if (ledger.wasSetBackBefore(at)) return false;
      // A twin whose firing began after the resolution speaks of an episode of its own, for all that anybody can tell.
      const endsAt = episode.endsAt ?? Number.POSITIVE_INFINITY;
      if (alerts.some((alert) => alert.fingerprint === fingerprint && alert.startsAt > endsAt)) return false;
      const resolvedAt = episode.resolvedAt ?? Number.POSITIVE_INFINITY;
      return resolvedAt < since && (episode.heardResolvedAt ?? Number.POSITIVE_INFINITY) < since;
    });
    if (over)
      complain(
        `${what} of ${container}, which was well for ${time.now - truth.looksWellSince} ms and whose alerts were over (${note.incident})`,
      );
  },
});
