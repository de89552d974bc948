import type { StepCondition } from '../../src/core/strategy.ts';
import type { Random } from '../random.ts';
import type { SettingsSpec } from './plan.ts';

type Action = SettingsSpec['steps'][number];

/** Conditions of the steps, drawn apart from all else, as a configuration may hold them; in three of ten worlds. */
export function makeConditions(random: Random, steps: readonly Action[]): readonly (StepCondition | null)[] {
  if (!random.chance(0.3)) return [];
  return steps.map((action, index) =>
    random.chance(0.5) ? conditionFor(random, action, steps[index - 1]) : null,
  );
}

function conditionFor(random: Random, action: Action, before: Action | undefined): StepCondition | null {
  switch (action) {
    case 'restart':
    case 'start':
      return before?.startsWith('check_') === true && random.chance(0.7)
        ? 'previous_failed'
        : 'restart_helps';
    case 'check_logs':
    case 'check_resources':
    case 'check_health':
      return before === undefined ? null : 'previous_done';
    case 'wait':
    case 'escalate_to_human':
      return null;
    default:
      return action satisfies never;
  }
}
