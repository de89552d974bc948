import { z } from 'zod';
import { judgeHealth } from '../core/observation.ts';
import { durationSchema, formatDuration } from '../duration.ts';
import { describedDefault } from '../editorSchema.ts';
import { defineAction } from './define.ts';

const INTERVAL_MS = 1_000;

/** Looks at the target until it is well. */
export const checkHealth = defineAction({
  name: 'check_health',
  kind: 'observing',
  summary:
    'Looks at the target (runtime and probes) until it is well; fails when it is not by the end of its timeout.',
  written: z.strictObject({
    interval: durationSchema({ minMs: 100, maxMs: 60_000 })
      .optional()
      .meta(describedDefault('Pause between two looks.', formatDuration(INTERVAL_MS))),
  }),
  stored: z.object({ intervalMs: z.number() }),
  normalise: ({ interval }) => ({ intervalMs: interval ?? INTERVAL_MS }),
  defaultTimeoutMs: () => 30_000,
  async run({ intervalMs }, { look, clock, signal }) {
    let last = 'it was not seen in time';
    while (!signal.aborted) {
      try {
        const health = judgeHealth(await look(signal));
        if (health.verdict === 'well')
          return { outcome: 'succeeded', reason: health.reason, output: { verdict: health.verdict } };
        last = health.reason;
        await clock.sleep(intervalMs, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
    return { outcome: 'failed', reason: `not well in time: ${last}`, output: null };
  },
});
