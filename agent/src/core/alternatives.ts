import type { Plan } from './gentler.ts';
import type { Incident } from './incident.ts';
import { renderSteps, type Strategy } from './strategy.ts';

/** The other configured strategies that could be named for an incident, with their steps filled in for it. */
export function alternativesTo(
  plan: Plan,
  { target, labels }: Incident,
  strategies: readonly Strategy[],
): readonly Plan[] {
  if (target === null) return [];
  return strategies.flatMap(({ name, mode, steps, targets }) => {
    if (name === plan.strategy || (targets.length > 0 && !targets.includes(target))) return [];
    const rendered = renderSteps(steps, target, labels);
    return rendered.ok ? [{ strategy: name, mode, steps: rendered.steps }] : [];
  });
}
