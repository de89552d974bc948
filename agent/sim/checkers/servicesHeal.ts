import type { IncidentNote, Ledger } from '../world/ledger.ts';
import type { MakeChecker } from './checker.ts';

/** Time for an alert to fire, to be sent again and to be dealt with, milliseconds. */
const SLACK_MS = 600_000;

/** 5. After the faults stop, whatever is still in trouble is with a person: what a restart heals is healed, or escalated. */
export const servicesHeal: MakeChecker = ({ plan, cluster, ledger, time, settings }, complain) => ({
  name: 'what is sick is healed, or with a person',
  atEnd() {
    const { current } = settings();
    if (current.mode === 'off') return;
    for (const truth of cluster.all()) {
      const { spec, symptomatic, changedAt, containers, looksWell, lastLookedWellAt } = truth;
      const told = spec.sources.some((source) => source !== 'runtime');
      if (!symptomatic || !told || spec.mode === 'off') continue;
      // An incident about the agent itself has no target; it is with a person from its first moment.
      if (spec.guarded === 'self') continue;
      if (containers.some(({ stoppedByPerson }) => stoppedByPerson)) continue;
      // What looks well and only Prometheus knows better: where it cannot be asked, or nobody is
      // called anyway, an old message proves nothing.
      const watched = current.mode === 'observe' || spec.mode === 'observe';
      const unasked = !plan.symptomSource || current.verification.symptom === 'none' || watched;
      if (looksWell && unasked) continue;
      // The agent's own restart of what only looks well makes it look unwell for a moment.
      const sickMs = time.now - (unasked ? Math.max(changedAt, lastLookedWellAt) : changedAt);
      if (sickMs < spec.alertAfterMs + plan.repeatMs + current.incident.deadlineMs + SLACK_MS) continue;
      const note = ledger.openOf(spec.name) ?? unplaced(ledger, spec.name);
      if (note === null || note.escalations.length === 0) {
        complain(
          `${spec.name} is in trouble for ${sickMs} ms, and ${note === null ? 'no incident is open' : `${note.id} is with nobody`}`,
        );
      }
    }
  },
});

/** What was heard of a service while nobody knew that it exists. */
function unplaced(ledger: Ledger, service: string): IncidentNote | null {
  const heard = ledger
    .open()
    .find(
      ({ target, signals }) =>
        target === null &&
        signals.some(
          (signal) => signal.source === 'alertmanager' && signal.alert.labels['service'] === service,
        ),
    );
  return heard ?? null;
}
