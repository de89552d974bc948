import type { Cause } from '../core/diagnosis.ts';
import type { Entry } from '../core/entry.ts';

/** What a duration is measured from, for one open incident. */
type Open = {
  readonly openedAt: number;
  escalated: boolean;
  /** How the handover that is open stands; null where there is none, or the agent was told to try again. */
  handover: 'waiting' | 'acknowledged' | null;
  quarantined: boolean;
  /** Whether a mutating call was begun for it. */
  acted: boolean;
  running: { readonly action: string; readonly since: number } | null;
  /** Causes that were recognised so far, if any; a later diagnosis names them again. */
  causes: Set<string> | null;
};

/** A step, an analysis, or a whole incident, that the entry ended. */
export type Ended =
  | { readonly what: 'step'; readonly action: string; readonly outcome: string; readonly durationMs: number }
  /** `acted`: the agent began a mutating call for it. */
  | { readonly what: 'incident'; readonly acted: boolean; readonly durationMs: number }
  | { readonly what: 'analysis'; readonly durationMs: number };

/** Beyond this many open incidents the durations of further ones are not measured. */
const OPEN_MAX = 20_000;

/** A small fold over the journal that knows since when things go on, so that their durations can be told. */
export class IncidentTimes {
  readonly #open = new Map<string, Open>();
  /** Since when an incident is analysed; that may go on past its end. */
  readonly #asked = new Map<string, number>();

  get openCount(): number {
    return this.#open.size;
  }

  get escalatedCount(): number {
    return this.#count(({ escalated }) => escalated);
  }

  /** Open handovers that a person has acknowledged, or has not. */
  handoverCount(stand: 'waiting' | 'acknowledged'): number {
    return this.#count(({ handover }) => handover === stand);
  }

  get quarantinedCount(): number {
    return this.#count(({ quarantined }) => quarantined);
  }

  clear(): void {
    this.#open.clear();
    this.#asked.clear();
  }

  /** Folds one entry; answers what it ended. */
  apply({ incident: id, at, body }: Entry): Ended | null {
    if (id === null) return null;
    if (body.type === 'incident-opened') {
      if (this.#open.size >= OPEN_MAX) return null;
      this.#open.set(id, {
        openedAt: at,
        escalated: false,
        handover: null,
        quarantined: false,
        acted: false,
        running: null,
        causes: null,
      });
      return null;
    }
    if (body.type === 'analysis-ended') return this.#endAnalysis(id, at);
    const open = this.#open.get(id);
    if (open === undefined) return null;
    switch (body.type) {
      case 'step-started':
      case 'mutation-started':
        if (body.type === 'mutation-started') open.acted = true;
        open.running = { action: body.action, since: at };
        return null;
      case 'action-ended':
        return endStep(open, body.result.outcome, at);
      case 'mutation-confirmed':
        return endStep(open, body.verdict, at);
      case 'step-ended':
        return endStep(open, body.outcome, at);
      case 'analysis-started':
        this.#asked.set(id, at);
        return null;
      case 'escalated':
        open.escalated = true;
        open.handover = 'waiting';
        return null;
      case 'person-said':
        if (body.command === 'acknowledge' && open.handover !== null) open.handover = 'acknowledged';
        if (body.command === 'recover') open.handover = null;
        return null;
      case 'quarantined':
        open.quarantined = true;
        return null;
      case 'incident-ended':
        this.#open.delete(id);
        return { what: 'incident', acted: open.acted, durationMs: at - open.openedAt };
      default:
        return null;
    }
  }

  /** The causes of a diagnosis that the incident was not known to have. */
  newCauses({ incident: id, body }: Entry): readonly Cause[] {
    if (id === null || body.type !== 'diagnosed') return [];
    const open = this.#open.get(id);
    const known = open?.causes ?? new Set();
    const fresh = body.diagnosis.causes.filter((cause) => !known.has(cause.id));
    for (const cause of fresh) known.add(cause.id);
    if (open !== undefined && known.size > 0) open.causes = known;
    return fresh;
  }

  #endAnalysis(id: string, at: number): Ended | null {
    const since = this.#asked.get(id);
    this.#asked.delete(id);
    return since === undefined ? null : { what: 'analysis', durationMs: at - since };
  }

  #count(condition: (open: Open) => boolean): number {
    return this.#open.values().filter(condition).toArray().length;
  }
}

function endStep(open: Open, outcome: string, at: number): Ended | null {
  const { running } = open;
  if (running === null) return null;
  open.running = null;
  return { what: 'step', action: running.action, outcome, durationMs: at - running.since };
}
