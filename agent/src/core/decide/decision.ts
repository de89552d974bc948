import type { Context } from '../context.ts';
import type { Draft, EntryBody } from '../entry.ts';
import { evolve } from '../evolve.ts';
import type { Incident } from '../incident.ts';

/**
 * One decision in the making: what is written is folded at once, so that the next question is asked of the state
 * as it is by then. The only mutable thing in the core, and it never leaves `decide`.
 */
export class Decision {
  readonly context: Context;
  readonly #drafts: Draft[] = [];
  readonly #id: string;
  #incident: Incident | null;

  constructor(id: string, incident: Incident | null, context: Context) {
    this.#id = id;
    this.#incident = incident;
    this.context = context;
  }

  /** The incident as it stands now. */
  get incident(): Incident {
    if (this.#incident === null) throw new Error('the incident is not opened yet');
    return this.#incident;
  }

  get drafts(): readonly Draft[] {
    return this.#drafts;
  }

  write(body: EntryBody): void {
    const target = body.type === 'incident-opened' ? body.target : (this.#incident?.target ?? null);
    const draft: Draft = {
      at: this.context.now,
      incident: this.#id,
      target,
      settings: this.context.settings.version,
      body,
    };
    this.#incident = evolve(this.#incident, draft);
    this.#drafts.push(draft);
  }
}
