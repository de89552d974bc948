import type { AnalystSettings } from '../analystSettings.ts';
import type { AnalysisQuestion } from '../core/diagnosis.ts';
import { ModelAnalyst } from '../diagnosis/analyst/analyst.ts';
import type { Analyst, AnalystTools, Clock } from '../ports.ts';

/** An analyst that may hold a process. */
export type ClosableAnalyst = Analyst & { readonly close: () => void };

/** What was made ready. Disposed before it is put in force, it is closed; afterwards disposing it does nothing. */
export type PreparedAnalyst = Disposable & {
  /** Puts it in force in place of the one before, which is closed. Cannot fail. */
  readonly put: () => void;
};

/** The analyst that the configuration in force names, also after it was loaded anew. */
export class CurrentAnalyst implements Analyst, Disposable {
  readonly #clock: Clock;
  #settings: AnalystSettings | null = null;
  readonly #make: (settings: AnalystSettings, clock: Clock) => ClosableAnalyst;
  #analyst: ClosableAnalyst | null = null;
  #closed = false;

  constructor(
    settings: AnalystSettings | null,
    clock: Clock,
    make: (settings: AnalystSettings, clock: Clock) => ClosableAnalyst = (...given) =>
      new ModelAnalyst(...given),
  ) {
    this.#clock = clock;
    this.#make = make;
    this.prepare(settings).put();
  }

  /**
   * Makes ready what the settings name, and changes nothing until it is put in force. What the analyst remembers, and
   * what it knows of the model's health, goes only when something about it was changed.
   */
  prepare(settings: AnalystSettings | null): PreparedAnalyst {
    if (this.#analyst !== null && isSame(settings, this.#settings)) return NOTHING_NEW;
    const next = settings === null ? null : this.#make(settings, this.#clock);
    let isPut = false;
    return {
      put: () => {
        // The agent may have ended meanwhile: what nobody will close any more is not taken.
        if (isPut || this.#closed) return;
        isPut = true;
        const before = this.#analyst;
        this.#settings = settings;
        this.#analyst = next;
        before?.close();
      },
      [Symbol.dispose]: () => {
        if (!isPut) next?.close();
      },
    };
  }

  get model(): string {
    return this.#analyst?.model ?? 'none';
  }

  async analyse(
    question: AnalysisQuestion,
    tools: AnalystTools,
    signal: AbortSignal,
  ): ReturnType<Analyst['analyse']> {
    if (this.#analyst !== null) return this.#analyst.analyse(question, tools, signal);
    const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0, turns: 0 };
    return { ok: false, code: 'unavailable', reason: 'no analyst is configured', usage };
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#analyst?.close();
  }
}

const NOTHING_NEW: PreparedAnalyst = { put: () => undefined, [Symbol.dispose]: () => undefined };

function isSame(left: AnalystSettings | null, right: AnalystSettings | null): boolean {
  // A key is never printed, so that it is compared for itself.
  return JSON.stringify(left) === JSON.stringify(right) && left?.apiKey?.reveal() === right?.apiKey?.reveal();
}
