import { z } from 'zod';
import type { AnalystSettings } from '../../analystSettings.ts';
import type { ToolSpec } from './boundedTools.ts';

/**
 * What is said between the agent and the process that holds the model's library. That process has no network, no files
 * and no key: it asks the agent for each call of the model's API, and for each answer of a tool.
 */

/** One conversation with a model, with its bounds. */
export type Talk = {
  readonly provider: AnalystSettings['provider'];
  readonly model: string;
  readonly baseUrl: string;
  readonly stream: boolean;
  readonly system: string;
  readonly question: string;
  readonly tools: readonly ToolSpec[];
  /** JSON Schema of the answer. */
  readonly answer: Readonly<Record<string, unknown>>;
  readonly turns: number;
  /** Most tokens of one answer. */
  readonly outputTokens: number;
  /** Most tokens of the whole conversation at once; a server that must be told how much it is to hold, is told this. */
  readonly contextTokens: number;
  /** Most tokens of one answer of a tool. */
  readonly toolTokens: number;
  /** What is left of the budgets: tokens, and US dollars at these prices. */
  readonly budget: { readonly tokens: number; readonly costUsd: number };
  readonly price: AnalystSettings['price'];
};

export type ToModel =
  | { readonly kind: 'talk'; readonly talk: number; readonly what: Talk }
  | { readonly kind: 'abort'; readonly talk: number }
  | { readonly kind: 'told'; readonly call: number; readonly text: string }
  | {
      readonly kind: 'http-head';
      readonly call: number;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'http-chunk'; readonly call: number; readonly bytes: Uint8Array }
  /** `broken`: why there is no more, or `null` at the end of the body. */
  | { readonly kind: 'http-end'; readonly call: number; readonly broken: string | null };

const spentSchema = z.object({
  inputTokens: z.number().min(0),
  outputTokens: z.number().min(0),
  turns: z.int().min(0),
  /** Tokens of a question that was sent and is not answered yet, estimated. */
  asked: z.number().min(0),
});

/** Tokens and answers so far. */
export type Spent = z.output<typeof spentSchema>;

export const NOTHING_SPENT: Spent = { inputTokens: 0, outputTokens: 0, turns: 0, asked: 0 };

const resultSchema = z.discriminatedUnion('kind', [
  /** An object, or the text that was said in its place. */
  z.object({ kind: z.literal('answered'), answer: z.unknown() }),
  z.object({
    kind: z.literal('failed'),
    code: z.enum(['refused', 'malformed', 'budget-spent', 'unavailable']),
    reason: z.string(),
  }),
]);

export type TalkResult = z.output<typeof resultSchema>;

const number = z.int().min(0);

/** What the process of the model may say; it runs the code of others, so that it is looked at. */
export const fromModelSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('spent'), talk: number, spent: spentSchema }),
  z.object({ kind: z.literal('tool'), talk: number, call: number, name: z.string(), args: z.unknown() }),
  z.object({
    kind: z.literal('http'),
    talk: number,
    call: number,
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  }),
  z.object({ kind: z.literal('http-abort'), call: number }),
  z.object({ kind: z.literal('done'), talk: number, spent: spentSchema, result: resultSchema }),
]);

export type FromModel = z.input<typeof fromModelSchema>;
