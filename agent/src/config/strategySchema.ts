import { z } from 'zod';
import { describedDefault } from '../editorSchema.ts';
import { STEPS_MAX, STRATEGIES_MAX } from './limits.ts';
import { duration, line, mode, name } from './schemaParts.ts';

/** What every step has, whatever its action; the other keys are the action's parameters. */
export const stepSchema = z.looseObject({
  action: line(64).meta({ description: 'What is done.' }),
  timeout: duration(
    'How long one run may take; of a mutating step, on one instance. Each action has its default.',
    null,
    {
      minMs: 1,
    },
  ),
  on_failure: z
    .enum(['next', 'stop'])
    .optional()
    .meta(describedDefault('What follows when the step fails: the next step, or a person.', 'next')),
  only_if: z
    .array(z.enum(['previous_failed', 'restart_helps', 'previous_done']))
    .min(1)
    .max(2)
    .optional()
    .meta({
      description:
        'What must hold, any of them, for the step to be done; else it is skipped and the next follows. For a step that acts: `previous_failed`, the looking step right before it failed; `restart_helps`, the diagnosis knows a cause that a restart removes, surely enough. For a step that looks: `previous_done`, the step right before it was done, and not skipped.',
    }),
});

/** Keys of a step that are not parameters of its action. */
export const STEP_KEYS: ReadonlySet<string> = new Set(Object.keys(stepSchema.shape));

/** One strategy. */
export const strategySchema = z.strictObject({
  name: name().meta({
    description: 'Unique name; a shipped strategy of the same name is replaced by this one.',
  }),
  matchers: z.array(line(8_192)).max(100).optional().meta({
    description:
      'Alertmanager matchers (`service="predictor"`, `severity=~"critical|page"`, `!=`, `!~`; RE2, anchored); all must hold for the alert’s labels. One text may hold several, separated by commas.',
  }),
  sources: z
    .array(z.enum(['probe', 'runtime', 'person']))
    .max(3)
    .optional()
    .meta({
      description:
        'Signals without labels that it is for: a failing probe, an event of the runtime, a person’s request.',
    }),
  targets: z.array(name()).max(1_000).optional().meta({
    description:
      'Names of the targets it is limited to; without it, all that its matchers and sources select.',
  }),
  mode: mode('by this strategy'),
  analysis: z
    .enum(['wait', 'background', 'off'])
    .optional()
    .meta(
      describedDefault(
        'Whether the analyst, where one is configured, is waited for before the first step (until its deadline), heard when it comes, or not asked. It can only make the plan more careful.',
        'wait',
      ),
    ),
  steps: z.array(stepSchema).min(1).max(STEPS_MAX).meta({
    description: 'What is done, in this order; a mutating step is verified before the next mutating step.',
  }),
});

/** Strategies in the order of their precedence: the first that fits is taken. */
export const strategiesSchema = z.array(strategySchema).max(STRATEGIES_MAX);

/** One strategy as it is written. */
export type WrittenStrategy = z.output<typeof strategySchema>;
