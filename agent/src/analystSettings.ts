import type { Secret } from './secret.ts';

/** Who serves the model. `openai`: whoever speaks OpenAI's chat completions. */
export type AnalystProvider = 'anthropic' | 'openai' | 'ollama';

/** The model that is asked, and the bounds within which it is. */
export type AnalystSettings = {
  readonly provider: AnalystProvider;
  readonly model: string;
  /** Where its API begins, without a slash at the end; nothing else is ever called. */
  readonly baseUrl: string;
  readonly apiKey: Secret | null;
  /** How long one analysis may take, milliseconds. */
  readonly timeoutMs: number;
  /** Answers of the model in one analysis, the last one included. */
  readonly turns: number;
  /** Questions that the model may ask back in one analysis. */
  readonly toolCalls: number;
  /** Most tokens of one answer. */
  readonly outputTokens: number;
  /** Most tokens of evidence in the question, estimated. */
  readonly evidenceTokens: number;
  /** Whether the answer is asked for as a stream. */
  readonly stream: boolean;
  /** US dollars for a million tokens; 0 where none is configured. */
  readonly price: { readonly inputUsd: number; readonly outputUsd: number };
  /** So many failures in a row, and the model is left alone for `cooldownMs`. */
  readonly breaker: { readonly failures: number; readonly cooldownMs: number };
  /** How long an answer is remembered for the same evidence, milliseconds; 0: not at all. */
  readonly rememberMs: number;
};
