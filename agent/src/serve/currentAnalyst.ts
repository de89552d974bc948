import type { AnalystSettings } from '../analystSettings.ts';
import type { AnalysisQuestion } from '../core/diagnosis.ts';
import { ModelAnalyst } from '../diagnosis/analyst/analyst.ts';
import type { Analyst, AnalystTools, Clock } from '../ports.ts';

/** The analyst that the configuration in force names, also after it was loaded anew. */
export class CurrentAnalyst implements Analyst, Disposable {
  readonly #clock: Clock;
  #settings: AnalystSettings | null = null;
  #analyst: ModelAnalyst | null = null;

  constructor(settings: AnalystSettings | null, clock: Clock) {
    this.#clock = clock;
    this.prepare(settings)();
  }

  /**
   * Makes ready what the settings name, and changes nothing until the answer is called, which cannot fail. What it
   * remembers, and what it knows of the model's health, goes only when something about it was changed.
   */
  prepare(settings: AnalystSettings | null): () => void {
    if (this.#analyst !== null && isSame(settings, this.#settings)) return () => undefined;
    const next = settings === null ? null : new ModelAnalyst(settings, this.#clock);
    return () => {
      const before = this.#analyst;
      this.#settings = settings;
      this.#analyst = next;
      before?.close();
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
    this.#analyst?.close();
  }
}

function isSame(left: AnalystSettings | null, right: AnalystSettings | null): boolean {
  // A key is never printed, so that it is compared for itself.
  return JSON.stringify(left) === JSON.stringify(right) && left?.apiKey?.reveal() === right?.apiKey?.reveal();
}
