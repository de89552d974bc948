import type { Entry } from '../../src/core/entry.ts';
import type { IncidentQuery, IncidentSummary } from '../../src/ports.ts';

/** The read side of a journal, in memory. */
export class FakeJournalReader {
  summaries: IncidentSummary[] = [];
  entries: Entry[] = [];

  async incidents({ target, state, before, limit }: IncidentQuery): Promise<readonly IncidentSummary[]> {
    return this.summaries
      .filter((summary) => target === undefined || summary.target === target)
      .filter((summary) => state === undefined || (summary.endedAt === null) === (state === 'open'))
      .filter((summary) => before === undefined || summary.openedAt < before)
      .toSorted((a, b) => b.openedAt - a.openedAt || a.id.localeCompare(b.id))
      .slice(0, limit);
  }

  async incident(id: string): Promise<IncidentSummary | null> {
    return this.summaries.find((summary) => summary.id === id) ?? null;
  }

  async entriesOf(incident: string, limit: number): Promise<readonly Entry[]> {
    return this.entries.filter((entry) => entry.incident === incident).slice(0, limit);
  }
}

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
