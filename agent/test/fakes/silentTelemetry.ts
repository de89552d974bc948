import type { Telemetry } from '../../src/ports.ts';

/** Hears everything and tells nobody. */
export const SILENT_TELEMETRY: Telemetry = {
  restoring: () => undefined,
  entryRestored: () => undefined,
  entryAppended: () => undefined,
  journalCommitted: () => undefined,
  effectStarted: () => undefined,
  effectEnded: () => undefined,
  effectFailed: () => undefined,
  observed: () => undefined,
  incidentQuarantined: () => undefined,
  watchFailed: () => undefined,
};
