import { z } from 'zod';
import { runOf } from '../core/target.ts';
import { watchMutation } from './confirm.ts';
import { defineAction, permittedInstance } from './define.ts';

/** How long after the call a start must show in the instance, if it ever will. */
const SETTLED_MS = 5_000;

/** Starts one instance that is not running. */
export const start = defineAction({
  name: 'start',
  kind: 'mutating',
  summary: 'Starts the instances that are not running; one that runs is left as it is.',
  written: z.strictObject({}),
  stored: z.object({}),
  normalise: () => ({}),
  defaultTimeoutMs: () => 15_000,
  async run(_parameters, context) {
    const instance = permittedInstance(context);
    await context.runtime.start(instance, context.signal);
    return { outcome: 'succeeded', reason: `started ${instance.name}`, output: null };
  },
  happened(_parameters, mutation, context) {
    return watchMutation(mutation, context, SETTLED_MS, (instance) => {
      if (runOf(instance) !== mutation.run) return `${instance.name} shows another run since`;
      return instance.status === 'running' ? `${instance.name} is running` : null;
    });
  },
});
