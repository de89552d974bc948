import type { AnalystSettings } from '../../analystSettings.ts';
import type { AnalysisFailure, AnalysisQuestion, AnalysisUsage } from '../../core/diagnosis.ts';
import type { Analyst, AnalystTools, Clock } from '../../ports.ts';
import { answerJsonSchema, parseAnswer } from './answer.ts';
import { BoundedTools, TOOL_SPECS } from './boundedTools.ts';
import { Breaker } from './breaker.ts';
import { EvidenceBook } from './evidenceBook.ts';
import { newFence } from './fence.ts';
import { fingerprintOf } from './fingerprint.ts';
import { judge } from './judge.ts';
import { Memory } from './memory.ts';
import { ModelHost, type ModelTalker } from './modelHost.ts';
import { neutral } from './neutral.ts';
import { questionText, SYSTEM_TEXT } from './prompt.ts';
import type { TalkOutcome } from './talkOutcome.ts';
import { contextTokensOf, costOf, NO_USAGE, TOOL_TOKENS } from './tokens.ts';
import { LateError, within } from './within.ts';

type Answered = Awaited<ReturnType<Analyst['analyse']>>;

/** It ends so long before whoever waits for it, milliseconds, so that what was spent is still told. */
const LAST_WORDS_MS = 500;
/** Longest reason that is kept, UTF-16 units. */
const REASON_MAX = 500;

/** The failures that say something about the model, and not about this one question. */
const COUNTED: ReadonlySet<AnalysisFailure> = new Set([
  'timeout',
  'rate-limited',
  'unavailable',
  'malformed',
]);

/**
 * An analyst that asks a language model: remembers what it was told about the same trouble, leaves a model alone that
 * fails, shows it neutral data within a budget, and keeps of its answer only what the evidence bears out.
 */
export class ModelAnalyst implements Analyst {
  readonly model: string;
  readonly #settings: AnalystSettings;
  readonly #clock: Clock;
  readonly #talker: ModelTalker;
  readonly #breaker: Breaker;
  readonly #memory: Memory;

  /** @param talker Holds the conversations; by default in a process of its own. */
  constructor(settings: AnalystSettings, clock: Clock, talker: ModelTalker = new ModelHost(settings, clock)) {
    this.model = `${settings.provider}/${settings.model}`;
    this.#settings = settings;
    this.#clock = clock;
    this.#talker = talker;
    this.#breaker = new Breaker(settings.breaker);
    this.#memory = new Memory(settings.rememberMs);
  }

  async analyse(question: AnalysisQuestion, tools: AnalystTools, signal: AbortSignal): Promise<Answered> {
    const book = new EvidenceBook(question.evidence);
    const fingerprint = fingerprintOf(question, book);
    const remembered = this.#memory.recall(fingerprint, book, this.#clock.monotonic());
    if (remembered !== null) return { ok: true, analysis: remembered, usage: NO_USAGE };
    if (signal.aborted) return failed('timeout', 'it was called off before it began', NO_USAGE);
    const refusal = this.#breaker.refusal(this.#clock.monotonic());
    if (refusal !== null) return failed('breaker-open', refusal, NO_USAGE);

    const { result, spent, late } = await this.#talk(question, book, tools, signal).catch(
      (error: unknown) => {
        this.#breaker.undecided();
        throw error;
      },
    );
    const usage = { ...spent, costUsd: costOf(this.#settings.price, spent) };
    if (signal.aborted) {
      this.#breaker.undecided();
      return failed('timeout', 'it was called off before it ended', usage);
    }
    if (late) return this.#fail('timeout', `no report within ${this.#settings.timeoutMs / 1_000} s`, usage);
    if (result.kind === 'failed')
      return this.#fail(result.code, result.reason, usage, 'restMs' in result ? result.restMs : 0);
    const answer = parseAnswer(result.answer);
    if (answer === null) return this.#fail('malformed', 'the answer is no report', usage);
    this.#breaker.succeeded();
    const analysis = judge(answer, book, question.alternatives, this.model);
    this.#memory.remember(fingerprint, analysis, book, this.#clock.monotonic());
    return { ok: true, analysis, usage };
  }

  /** Ends the library's process, if there is one. */
  close(): void {
    this.#talker.close();
  }

  async #talk(
    question: AnalysisQuestion,
    book: EvidenceBook,
    tools: AnalystTools,
    signal: AbortSignal,
  ): Promise<TalkOutcome & { readonly late: boolean }> {
    const {
      provider,
      model,
      baseUrl,
      stream,
      turns,
      toolCalls,
      outputTokens,
      evidenceTokens,
      price,
      timeoutMs,
    } = this.#settings;
    const fence = newFence();
    const bounded = new BoundedTools({ tools, book, fence, clock: this.#clock, calls: toolCalls });
    const what = {
      provider,
      model,
      baseUrl,
      stream,
      system: SYSTEM_TEXT,
      question: questionText(question, book, fence, evidenceTokens),
      tools: toolCalls === 0 ? [] : TOOL_SPECS,
      answer: answerJsonSchema(),
      turns,
      outputTokens,
      contextTokens: contextTokensOf(this.#settings),
      toolTokens: TOOL_TOKENS,
      budget: question.budget,
      price,
    };
    const over = new AbortController();
    const talk = this.#talker.talk(what, (name, args, until) => bounded.use(name, args, until), over.signal);
    try {
      return { ...(await within(this.#clock, timeoutMs - LAST_WORDS_MS, signal, () => talk)), late: false };
    } catch (error) {
      // Called off, it ends at once and says what was spent.
      over.abort(error);
      return { ...(await talk), late: error instanceof LateError };
    }
  }

  #fail(code: AnalysisFailure, reason: string, usage: AnalysisUsage, restMs?: number): Answered {
    if (COUNTED.has(code)) this.#breaker.failed(this.#clock.monotonic(), restMs);
    else this.#breaker.undecided();
    return failed(code, reason, usage);
  }
}

function failed(code: AnalysisFailure, reason: string, usage: AnalysisUsage): Answered {
  return { ok: false, code, reason: neutral(reason.replaceAll(/\s+/g, ' '), REASON_MAX), usage };
}
