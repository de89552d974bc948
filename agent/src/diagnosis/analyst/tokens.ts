import type { AnalystSettings } from '../../analystSettings.ts';
import type { AnalysisUsage } from '../../core/diagnosis.ts';

/** Logs are worse than prose, for which four is the rule: numbers and ids fall into many tokens. */
const BYTES_PER_TOKEN = 3;

const MILLION = 1_000_000;

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
