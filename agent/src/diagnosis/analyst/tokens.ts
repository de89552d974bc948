import type { AnalystSettings } from '../../analystSettings.ts';
import type { AnalysisUsage } from '../../core/diagnosis.ts';

/** Logs are worse than prose, for which four is the rule: numbers and ids fall into many tokens. */
const BYTES_PER_TOKEN = 3;

const MILLION = 1_000_000;

/** What a question holds besides the evidence: instructions, tools, the incident itself; about. */
const FRAME_TOKENS = 4_000;

/** Most tokens of one answer of a tool. */
export const TOOL_TOKENS = 6_000;
/** Answers of tools for which there is room in one conversation; with more, the report comes sooner. */
const TOOL_ANSWERS = 2;

/** Tokens that a conversation may grow to. */
export function contextTokensOf({ evidenceTokens, outputTokens, turns, toolCalls }: AnalystSettings): number {
  const answered = Math.min(toolCalls, TOOL_ANSWERS) * TOOL_TOKENS;
  return FRAME_TOKENS + evidenceTokens + turns * outputTokens + answered;
}

/** Tokens of a text, rather too many than too few; for budgets before a call, and where a server counts none. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** US dollars by the configured prices. */
export function costOf(
  price: AnalystSettings['price'],
  tokens: { readonly inputTokens: number; readonly outputTokens: number },
): number {
  return (tokens.inputTokens * price.inputUsd + tokens.outputTokens * price.outputUsd) / MILLION;
}

export const NO_USAGE: AnalysisUsage = { inputTokens: 0, outputTokens: 0, costUsd: 0, turns: 0 };
