import type { EffectReport } from '../context.ts';
import { endAnalysis } from './askAnalyst.ts';
import type { Decision } from './decision.ts';
import { takeAdvice } from './prudence.ts';
import { advance } from './steps.ts';

/** The analyst answered, or did not: in both cases the agent goes on, and at most more carefully. */
export function onAnalysed(decision: Decision, report: Extract<EffectReport, { kind: 'analysed' }>): void {
  const { analysis, code, reason, usage, items } = report;
  if (items.length > 0) decision.write({ type: 'evidence-gathered', items, missing: [] });
  endAnalysis(decision, { analysis, code, reason, usage });
  reconsider(decision);
}

/** Its time is over: the rules decide alone. */
export function endLateAnalysis(decision: Decision): void {
  const { asked } = decision.incident;
  if (asked === null || asked.over || decision.context.now < asked.by) return;
  endAnalysis(decision, { analysis: null, code: 'timeout', reason: 'no answer in time', usage: null });
  reconsider(decision);
}

/** Advice came while something else was awaited: what has not begun is made more careful, and what waits goes on. */
export function reconsider(decision: Decision): void {
  takeAdvice(decision);
  if (decision.incident.phase.kind === 'ready') advance(decision);
}
