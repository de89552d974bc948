import type { Entry } from '../../src/core/entry.ts';
import type { EscalationCode } from '../../src/core/escalationCode.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Signal } from '../../src/core/signal.ts';
import type { Step } from '../../src/core/strategy.ts';
import type { Mode } from '../../src/core/target.ts';

/** A mutation that the journal says is under way. */
export type MutationNote = {
  readonly incident: string;
  readonly target: string;
  readonly index: number;
  readonly plan: number;
  readonly instance: string;
  readonly instanceId: string;
  /** The run that it is for. */
  readonly run: string;
  readonly counts: boolean;
  /** True time when the entry was durable. */
  readonly at: number;
};

/** The last call on a container: when its entry was durable, and when its end was; true times. */
export type ActNote = { readonly at: number; endedAt: number | null };

export type EscalationNote = {
  readonly number: number;
  readonly code: EscalationCode;
  readonly channels: readonly string[];
  readonly at: number;
};

/** What the durable journal says of one incident, with the true times of its entries. */
export type IncidentNote = {
  readonly id: string;
  readonly target: string | null;
  readonly openedAt: number;
  readonly signals: Signal[];
  readonly escalations: EscalationNote[];
  entries: number;
  /** How often a strategy was begun. */
  plans: number;
  steps: readonly Step[];
  /** Mode of the plan in force. */
  mode: Mode;
  /** Since when a person was asked or called about it; null while the agent is at work on it. */
  withPersonSince: number | null;
  mutation: MutationNote | null;
  looked: boolean;
  /** Why it waits, or waited last. */
  held: string;
  gathered: boolean;
  /** Entries that only say that a signal came again. */
  repeats: number;
  quarantined: boolean;
  ended: { readonly at: number; readonly outcome: Outcome } | null;
};

/**
 * An index of what is durable. It is no opinion of the agent: it is the record that the agent is held to.
 */
export class Ledger {
  readonly incidents = new Map<string, IncidentNote>();
  readonly #open = new Map<string, IncidentNote>();
  readonly #alerts = new Map<string, number>();
  /** By the name of the container. */
  readonly #acts = new Map<string, ActNote>();
  readonly #jumps: {
    readonly at: number;
    readonly byMs: number;
    state: 'new' | 'noticed' | 'hidden';
  }[] = [];

  /** How many entries speak of a message about this alert. */
  entriesAbout(fingerprint: string): number {
    return this.#alerts.get(fingerprint) ?? 0;
  }

  lastActOn(container: string): ActNote | null {
    return this.#acts.get(container) ?? null;
  }

  openOf(target: string): IncidentNote | null {
    return this.#open.get(target) ?? null;
  }

  open(): readonly IncidentNote[] {
    return [...this.incidents.values()].filter(({ ended }) => ended === null);
  }

  /** The wall clock jumped, under the eyes of a process or not. */
  noteJump(at: number, byMs: number, seen: boolean): void {
    this.#jumps.push({ at, byMs, state: seen ? 'new' : 'hidden' });
  }

  /** Whether the clock was set back before then: what began by then can seem to have begun before what ended earlier. */
  wasSetBackBefore(until: number): boolean {
    return this.#jumps.some(({ at, byMs }) => byMs < 0 && at <= until);
  }

  /** The process is gone: what it did not write down of the clock, the next one does not know. */
  died(): void {
    for (const jump of this.#jumps) if (jump.state === 'new') jump.state = 'hidden';
  }

  /** Whether the clock jumped since then while no agent was there to notice it: it cannot know how long ago is. */
  hasHiddenJump(since: number): boolean {
    return this.#jumps.some(({ at, state }) => at >= since && state !== 'noticed');
  }

  add(entry: Entry, now: number): void {
    const { body } = entry;
    this.#countAlert(entry);
    if (body.type === 'clock-jumped') {
      for (const jump of this.#jumps) if (jump.state === 'new') jump.state = 'noticed';
    }
    if (entry.incident === null) return;
    if (body.type === 'incident-opened') {
      const opened: IncidentNote = {
        id: body.id,
        target: body.target,
        openedAt: now,
        signals: [],
        escalations: [],
        entries: 1,
        plans: 0,
        steps: [],
        mode: 'auto',
        withPersonSince: null,
        mutation: null,
        looked: false,
        held: '',
        gathered: false,
        repeats: 0,
        quarantined: false,
        ended: null,
      };
      this.incidents.set(body.id, opened);
      if (body.target !== null) this.#open.set(body.target, opened);
      return;
    }
    const note = this.incidents.get(entry.incident);
    if (note !== undefined) this.#fold(note, entry, now);
  }

  #countAlert({ body }: Entry): void {
    const fingerprint =
      body.type === 'signal-repeated'
        ? body.fingerprint
        : (body.type === 'signal-heard' || body.type === 'signal-ignored') &&
            body.signal.source === 'alertmanager'
          ? body.signal.alert.fingerprint
          : null;
    if (fingerprint !== null) this.#alerts.set(fingerprint, this.entriesAbout(fingerprint) + 1);
  }

  #fold(note: IncidentNote, entry: Entry, now: number): void {
    const { body } = entry;
    note.entries += 1;
    switch (body.type) {
      case 'signal-heard':
        note.signals.push(body.signal);
        return;
      case 'strategy-chosen':
        note.plans += 1;
        note.steps = body.steps;
        note.mode = body.mode;
        return;
      case 'plan-tempered':
        note.steps = body.steps;
        note.mode = body.mode;
        return;
      case 'person-said':
        if (body.command === 'approve' || body.command === 'recover') note.withPersonSince = null;
        return;
      case 'approval-asked':
        note.withPersonSince ??= now;
        return;
      case 'observed':
        note.looked = true;
        return;
      case 'step-held':
        note.held = body.reason;
        return;
      case 'evidence-gathered':
        note.gathered = true;
        return;
      case 'signal-repeated':
        note.repeats += 1;
        return;
      case 'mutation-started':
        note.mutation = {
          incident: note.id,
          target: note.target ?? '',
          index: body.index,
          plan: note.plans,
          instance: body.instance,
          instanceId: body.instanceId,
          run: body.run,
          counts: body.counts,
          at: now,
        };
        this.#acts.set(body.instance, { at: now, endedAt: null });
        return;
      case 'action-ended':
        if (body.instance !== null && body.result.outcome !== 'unknown') this.#endMutation(note, now);
        return;
      case 'mutation-confirmed':
        this.#endMutation(note, now);
        return;
      case 'quarantined':
        note.quarantined = true;
        return;
      case 'escalated':
        this.#endMutation(note, now);
        note.withPersonSince ??= now;
        note.escalations.push({ number: body.number, code: body.code, channels: body.channels, at: now });
        return;
      case 'incident-ended':
        note.ended = { at: now, outcome: body.outcome };
        if (note.target !== null && this.#open.get(note.target) === note) this.#open.delete(note.target);
        return;
      default:
        return;
    }
  }

  #endMutation(note: IncidentNote, now: number): void {
    const act = note.mutation === null ? undefined : this.#acts.get(note.mutation.instance);
    if (act !== undefined) act.endedAt = now;
    note.mutation = null;
  }
}
