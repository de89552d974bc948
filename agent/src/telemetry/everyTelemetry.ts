import type { Telemetry } from '../ports.ts';

/** Tells the same to several listeners, in order. */
export function everyTelemetry(...listeners: readonly Telemetry[]): Telemetry {
  const tell = (say: (listener: Telemetry) => void) => {
    for (const listener of listeners) say(listener);
  };
  return {
    restoring: () => tell((each) => each.restoring()),
    entryRestored: (entry) => tell((each) => each.entryRestored(entry)),
    entryAppended: (entry) => tell((each) => each.entryAppended(entry)),
    journalCommitted: (durationMs, ok, error) => tell((each) => each.journalCommitted(durationMs, ok, error)),
    effectStarted: (kind) => tell((each) => each.effectStarted(kind)),
    effectEnded: (kind, durationMs) => tell((each) => each.effectEnded(kind, durationMs)),
    effectFailed: (kind, incident, error) => tell((each) => each.effectFailed(kind, incident, error)),
    observed: (target, observation) => tell((each) => each.observed(target, observation)),
    incidentQuarantined: (incident, error) => tell((each) => each.incidentQuarantined(incident, error)),
    watchFailed: (what, error) => tell((each) => each.watchFailed(what, error)),
  };
}
