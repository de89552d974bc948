import type { Analysis, AnalysisCode, AnalysisUsage, Spending } from '../diagnosis.ts';
import { mutatingSteps } from '../gentler.ts';
import type { AnalysisSettings } from '../settings.ts';
import type { Strategy } from '../strategy.ts';
import type { Decision } from './decision.ts';

/** Analyses under way at once, in all; in a storm the rules decide alone, and nobody waits for a place. */
const ANALYSES_MAX = 8;

const NOTHING: Spending = { tokens: 0, costUsd: 0 };
const NO_USAGE: AnalysisUsage = { inputTokens: 0, outputTokens: 0, costUsd: 0, turns: 0 };

/**
 * Asks the analyst about the plan that was just made, where there is one, the strategy wants it and the budgets allow
 * it. What acts waits for it until its deadline; where nothing acts, nothing waits.
 */
export function askAnalyst(decision: Decision, wish: Strategy['analysis']): void {
  const { incident, context } = decision;
  const limits = context.settings.analysis;
  const { strategy, asked, orderedBy, phase } = incident;
  if (limits === null || wish === 'off' || asked !== null || orderedBy !== null) return;
  if (strategy === null || phase.kind !== 'ready' || limits.perIncident.analyses < 1) return;
  if (context.fleet.analysesUnderWay(context.now) >= ANALYSES_MAX) {
    write(decision, {
      analysis: null,
      code: 'unavailable',
      reason: `${ANALYSES_MAX} analyses are under way`,
    });
    return;
  }
  const budget = grant(limits, context.fleet.analysisSpending(context.now));
  if (budget === null) {
    write(decision, { analysis: null, code: 'budget-spent', reason: 'the budget of the day is spent' });
    return;
  }
  decision.write({
    type: 'analysis-started',
    by: context.now + limits.timeoutMs,
    waits: wish === 'wait' && mutatingSteps(strategy.steps).length > 0,
    budget,
  });
}

/**
 * How an analysis that is under way ended. `usage` null: nobody can tell, so all that was granted counts; and so does
 * what may have been spent before each time that it was asked anew.
 */
export function endAnalysis(
  decision: Decision,
  ended: {
    readonly analysis: Analysis | null;
    readonly code: AnalysisCode;
    readonly reason: string;
    readonly usage: AnalysisUsage | null;
  },
): void {
  const { budget = NOTHING, repeats = 0 } = decision.incident.asked ?? {};
  const { usage, ...rest } = ended;
  const last =
    usage === null ? budget : { tokens: usage.inputTokens + usage.outputTokens, costUsd: usage.costUsd };
  write(decision, rest, usage ?? NO_USAGE, {
    tokens: last.tokens + repeats * budget.tokens,
    costUsd: last.costUsd + repeats * budget.costUsd,
  });
}

function write(
  decision: Decision,
  said: { readonly analysis: Analysis | null; readonly code: AnalysisCode; readonly reason: string },
  usage: AnalysisUsage = NO_USAGE,
  charged: Spending = NOTHING,
): void {
  const { fleet, now } = decision.context;
  const { startsAt, spent } = fleet.analysisSpending(now);
  const day = { startsAt, tokens: spent.tokens + charged.tokens, costUsd: spent.costUsd + charged.costUsd };
  decision.write({ type: 'analysis-ended', ...said, usage, charged, day });
}

/** What one more analysis may spend: its own limit, or what is left of the day where that is less. */
function grant(
  { perIncident, perDay }: AnalysisSettings,
  { spent, granted }: { readonly spent: Spending; readonly granted: Spending },
): Spending | null {
  const tokens = perDay.tokens - spent.tokens - granted.tokens;
  const costUsd = perDay.costUsd - spent.costUsd - granted.costUsd;
  // Where no price is configured nothing costs, and a limit of nothing is no limit reached.
  const free = perDay.costUsd === 0 && costUsd === 0;
  if (tokens <= 0 || (costUsd <= 0 && !free)) return null;
  return {
    tokens: Math.min(perIncident.tokens, tokens),
    costUsd: Math.min(perIncident.costUsd, Math.max(0, costUsd)),
  };
}
