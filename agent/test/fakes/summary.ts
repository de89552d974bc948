import type { IncidentSummary } from '../../src/ports.ts';

/** The summary of an incident; `overrides` are what the test is about. */
export function sampleSummary(overrides: Partial<IncidentSummary> = {}): IncidentSummary {
  return {
    id: 'inc-1',
    target: 'market-predictor',
    openedAt: Date.UTC(2026, 10, 23, 19, 10),
    endedAt: null,
    phase: 'verifying',
    outcome: null,
    escalated: false,
    reason: 'alert ServiceDown firing',
    ...overrides,
  };
}
