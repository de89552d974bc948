import { z } from 'zod';
import { runOf } from '../core/target.ts';
import { durationSchema, formatDuration } from '../duration.ts';
import { describedDefault } from '../editorSchema.ts';
import { watchMutation } from './confirm.ts';
import { defineAction, permittedInstance } from './define.ts';

/** Docker's own default, said aloud: a restart must not depend on what an image declares. */
const STOP_TIMEOUT_MS = 10_000;
/** Time for a client to wait beyond the stop timeout: the daemon kills, starts, and answers. */
const ANSWER_MS = 15_000;
/** How long after the stop timeout a restart must show in the instance, if it ever will. */
const SETTLED_MS = 5_000;

/** Stops one instance, kills it when it does not end in time, and starts it again. */
export const restart = defineAction({
  name: 'restart',
  kind: 'mutating',
  summary:
    'Restarts the instances one by one: the stop signal, `stop_timeout` to end by itself, kill, start. The default timeout of the step is `stop_timeout` and 15s.',
  written: z.strictObject({
    stop_timeout: durationSchema({ minMs: 0, maxMs: 600_000 })
      .optional()
      .meta(
        describedDefault(
          'How long the instance may take to end by itself before it is killed.',
          formatDuration(STOP_TIMEOUT_MS),
        ),
      ),
  }),
  stored: z.object({ stopTimeoutMs: z.number() }),
  normalise: ({ stop_timeout }) => ({ stopTimeoutMs: stop_timeout ?? STOP_TIMEOUT_MS }),
  defaultTimeoutMs: ({ stopTimeoutMs }) => stopTimeoutMs + ANSWER_MS,
  async run({ stopTimeoutMs }, context) {
    const instance = permittedInstance(context);
    await context.runtime.restart(instance, { stopTimeoutMs }, context.signal);
    return {
      outcome: 'succeeded',
      reason: `restarted ${instance.name} (stop timeout ${formatDuration(stopTimeoutMs)})`,
      output: null,
    };
  },
  happened({ stopTimeoutMs }, mutation, context) {
    return watchMutation(mutation, context, stopTimeoutMs + SETTLED_MS, (instance) =>
      runOf(instance) === mutation.run ? null : `${instance.name} shows another run since`,
    );
  },
});
