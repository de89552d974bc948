import { wasAtWork } from './atWork.ts';
import type { MakeChecker } from './checker.ts';

/** A look with its questions to a symptom source, its report and the commit lie between what is true and what is written; milliseconds. */
const SLACK_MS = 5_000;
/** Between two looks that are both believed lies so much more where the runtime is slow or the disk away, milliseconds. */
const SLOW_MS = 30_000;

/** 6. `recovered` implies that the target was seen well for the whole soak, and that the symptom was gone. */
export const proof: MakeChecker = ({ plan, cluster, ledger, monitoring, settings, time }, complain) => ({
  name: 'recovered means proved',
  written({ incident, target, body }) {
    if (body.type !== 'incident-ended' || body.outcome !== 'recovered' || target === null) return;
    const truth = cluster.find(target);
    if (truth === undefined || time.now - settings().since < 120_000) return;
    // What is found and not configured is known as it was before, until the runtime can be asked again.
    const { since } = settings();
    if (since > 0 && truth.spec.discovered && wasAtWork(plan, 'runtime', since, time.now)) return;
    const { soakMs, intervalMs, symptom } = settings().current.verification;
    const begin = time.now - soakMs;
    const slow =
      wasAtWork(plan, 'runtime', begin - SLOW_MS, time.now, 'slow') ||
      wasAtWork(plan, 'runtime', begin - SLOW_MS, time.now, 'late') ||
      wasAtWork(plan, 'disk', begin - SLOW_MS, time.now);
    const seenEvery = intervalMs + SLACK_MS + (slow ? SLOW_MS : 0);
    // What lasted shorter than the pause between two looks can be missed; what lasts cannot.
    if (!truth.looksWell && time.now - truth.lastLookedWellAt > seenEvery) {
      complain(`${incident} of ${target} ended as recovered while the target is seen unwell`);
    }
    const unwellMs = truth.lastUnwell.to - truth.lastUnwell.from;
    if (unwellMs > seenEvery && truth.lastUnwell.to > begin + intervalMs + SLACK_MS) {
      complain(
        `${incident} of ${target} ended as recovered; ${time.now - truth.lastUnwell.to} ms ago it was seen unwell, and the soak is ${soakMs} ms`,
      );
    }
    const started = truth.containers.find(
      ({ startedTrueAt }) => startedTrueAt > begin + seenEvery && startedTrueAt < time.now - seenEvery,
    );
    if (started !== undefined) {
      complain(
        `${incident} of ${target} ended as recovered; ${started.name} was started within the soak of ${soakMs} ms`,
      );
    }
    const unspoken = truth.containers.find(
      ({ unchecked, startedTrueAt }) => unchecked && startedTrueAt < time.now - seenEvery,
    );
    if (truth.spec.healthCheck && unspoken !== undefined) {
      complain(
        `${incident} of ${target} ended as recovered; the health check of ${unspoken.name} has yet to speak`,
      );
    }
    if (symptom === 'none') return;
    const heard = new Set(
      ledger.incidents
        .get(incident ?? '')
        ?.signals.flatMap((signal) => (signal.source === 'alertmanager' ? [signal.alert.fingerprint] : [])),
    );
    for (const episode of monitoring.episodesOf(target)) {
      // An alert fires on for a while after its trouble is over: new trouble in that time is not yet what was asked for.
      const troubleSince = monitoring.holdsSince(episode.fingerprint) ?? time.now;
      // Where the clock was set back, it can seem to have begun before the end of the one before: a late copy.
      if (ledger.wasSetBackBefore(episode.firingAt)) continue;
      const firesOn =
        episode.resolvedAt === null && episode.firingAt < begin && time.now - troubleSince > SLACK_MS;
      if (heard.has(episode.fingerprint) && firesOn && episode.heardFiring && !episode.everResolvedHeard) {
        complain(`${incident} of ${target} ended as recovered while ${episode.fingerprint} fires`);
      }
    }
  },
});
