import { clockTime, duration, times } from '../words.ts';
import type { Guard } from './guard.ts';

/**
 * So many mutations of one target in a window, then a person. Counted from the journal under the target's name, so
 * neither a restart of the agent nor a recreated container gives a new budget. The default, 3 in 10 min, lies
 * between Nomad's `restart` (2 in 30 min) and systemd's StartLimitBurst (5 in 10 s).
 */
export const budgetGuard: Guard = ({ target, now, limits, fleet, counts }) => {
  const breaker = fleet.breakerOf(target.name, now);
  if (breaker !== null) {
    return {
      guard: 'budget',
      verdict: 'refuse',
      code: 'breaker-open',
      reason: `${breaker.reason}; the breaker closes again at ${clockTime(breaker.until)} or by \`mpa breaker reset ${target.name}\``,
    };
  }
  if (!counts) return { guard: 'budget', verdict: 'allow', reason: 'part of a step that is already counted' };
  const { mutations, windowMs } = limits.budget;
  const spent = fleet.spentSince(now - windowMs, target.name);
  if (spent < mutations) {
    return {
      guard: 'budget',
      verdict: 'allow',
      reason: `${spent} of ${mutations} mutations in the last ${duration(windowMs)} used`,
    };
  }
  return {
    guard: 'budget',
    verdict: 'refuse',
    code: 'budget-spent',
    reason: `mutated ${times(spent)} in the last ${duration(windowMs)}, and no more than ${times(mutations)} is allowed`,
  };
};
