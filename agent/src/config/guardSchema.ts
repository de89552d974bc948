import { z } from 'zod';
import { FLEET_MEMORY_MS } from '../core/fleet/remembered.ts';
import { DEFAULT_GUARDS, type GuardSettings } from '../core/settings.ts';
import { count, duration, share } from './schemaParts.ts';

/** What the guards count by is remembered for this long; a longer window would silently count less. */
const WINDOW = { minMs: 1_000, maxMs: FLEET_MEMORY_MS };

const { budget, backoff, flapping, blastRadius, panic, worse, grace, supervisor, staleness, approval } =
  DEFAULT_GUARDS;

/** Limits of the guards: the global ones, or those of one target. */
export const guardsSchema = z.strictObject({
  budget: z
    .strictObject({
      mutations: count('Mutating steps that one target may get within `window`.', budget.mutations, 1_000),
      window: duration('The window in which they are counted.', budget.windowMs, WINDOW),
      breaker: duration(
        'How long the breaker stays open once the budget is used up.',
        budget.breakerMs,
        WINDOW,
      ),
    })
    .optional()
    .meta({
      description: 'How often one target may be mutated; then the breaker opens and a person is called.',
    }),
  backoff: z
    .strictObject({
      initial: duration('Pause after the first mutation.', backoff.initialMs, { maxMs: FLEET_MEMORY_MS }),
      factor: z
        .number()
        .min(1)
        .max(100)
        .optional()
        .meta({ description: 'By how much each further pause is longer.', written: backoff.factor }),
      max: duration('The longest pause.', backoff.maxMs, { maxMs: FLEET_MEMORY_MS }),
      jitter: share('Share of the pause that is random.', backoff.jitter),
      reset_after: duration(
        'Healthy for this long, a target begins anew with `initial`.',
        backoff.resetAfterMs,
        WINDOW,
      ),
    })
    .optional()
    .meta({ description: 'Pauses between mutations of one target.' }),
  flapping: z
    .strictObject({
      recoveries: count(
        'Recoveries within `window` after which the target is flapping.',
        flapping.recoveries,
        1_000,
      ),
      window: duration('The window in which they are counted.', flapping.windowMs, WINDOW),
    })
    .optional()
    .meta({ description: 'A target that recovers and fails again and again goes to a person.' }),
  blast_radius: z
    .strictObject({
      concurrent: count('Targets that may be mutated at once.', blastRadius.concurrent, 1_000),
      fraction: share(
        'Share of the fleet (at least one target) that may be mutated within `window`.',
        blastRadius.fraction,
      ),
      window: duration('The window in which they are counted.', blastRadius.windowMs, WINDOW),
    })
    .optional()
    .meta({ description: 'How much of the fleet may be mutated.' }),
  panic: z
    .strictObject({
      fraction: share(
        'Share of the fleet that fails at once from which on nothing is touched.',
        panic.fraction,
      ),
      minimum: count('Fewest failing targets for a panic.', panic.minimum),
    })
    .optional()
    .meta({ description: 'When so much fails at once, the monitor, the network or the host is suspected.' }),
  worse: z
    .strictObject({
      window: duration(
        'How long after a mutation the number of failing targets is compared.',
        worse.windowMs,
        WINDOW,
      ),
      times: count('How often it may have risen until the agent stops acting.', worse.times, 1_000),
    })
    .optional()
    .meta({ description: 'When more targets fail after the agent acted than before, it stops acting.' }),
  grace: z
    .strictObject({
      after_start: duration(
        'How long an instance that someone else started is left alone.',
        grace.afterStartMs,
      ),
    })
    .optional()
    .meta({ description: 'Deployments and slow starts are left alone.' }),
  supervisor: z
    .strictObject({
      patience: duration(
        'How long a supervisor gets to bring an instance back by itself.',
        supervisor.patienceMs,
      ),
    })
    .optional()
    .meta({ description: 'Where Docker’s restart policy will bring an instance back, it goes first.' }),
  staleness: z
    .strictObject({
      max_age: duration(
        'An alert older than this, when first heard, is confirmed by observation.',
        staleness.maxAgeMs,
      ),
    })
    .optional()
    .meta({ description: 'Old alerts are not believed blindly.' }),
  approval: z
    .strictObject({
      timeout: duration(
        'How long a person has to approve a step, before it is escalated.',
        approval.timeoutMs,
        {
          minMs: 1_000,
        },
      ),
    })
    .optional()
    .meta({ description: 'Steps that need a person’s approval.' }),
});

type Written = z.output<typeof guardsSchema>;

/** The limits in force: what is written, and `base` for the rest. */
export function guardSettings(written: Written | undefined, base: GuardSettings): GuardSettings {
  if (written === undefined) return base;
  return {
    budget: {
      mutations: written.budget?.mutations ?? base.budget.mutations,
      windowMs: written.budget?.window ?? base.budget.windowMs,
      breakerMs: written.budget?.breaker ?? base.budget.breakerMs,
    },
    backoff: {
      initialMs: written.backoff?.initial ?? base.backoff.initialMs,
      factor: written.backoff?.factor ?? base.backoff.factor,
      maxMs: written.backoff?.max ?? base.backoff.maxMs,
      jitter: written.backoff?.jitter ?? base.backoff.jitter,
      resetAfterMs: written.backoff?.reset_after ?? base.backoff.resetAfterMs,
    },
    flapping: {
      recoveries: written.flapping?.recoveries ?? base.flapping.recoveries,
      windowMs: written.flapping?.window ?? base.flapping.windowMs,
    },
    blastRadius: {
      concurrent: written.blast_radius?.concurrent ?? base.blastRadius.concurrent,
      fraction: written.blast_radius?.fraction ?? base.blastRadius.fraction,
      windowMs: written.blast_radius?.window ?? base.blastRadius.windowMs,
    },
    panic: {
      fraction: written.panic?.fraction ?? base.panic.fraction,
      minimum: written.panic?.minimum ?? base.panic.minimum,
    },
    worse: {
      windowMs: written.worse?.window ?? base.worse.windowMs,
      times: written.worse?.times ?? base.worse.times,
    },
    grace: { afterStartMs: written.grace?.after_start ?? base.grace.afterStartMs },
    supervisor: { patienceMs: written.supervisor?.patience ?? base.supervisor.patienceMs },
    staleness: { maxAgeMs: written.staleness?.max_age ?? base.staleness.maxAgeMs },
    approval: { timeoutMs: written.approval?.timeout ?? base.approval.timeoutMs },
  };
}
