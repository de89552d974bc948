import { z } from 'zod';
import { isAnswering, judgeHealth } from '../core/observation.ts';
import { growingPause } from '../core/pace.ts';
import { durationSchema, formatDuration } from '../duration.ts';
import { describedDefault } from '../editorSchema.ts';
import { defineAction } from './define.ts';

const INTERVAL_MS = 1_000;

/**
 * Looks at the target until it is well, or answers while its health check has yet to speak: what that says is waited for
 * by the proof, whose soak can begin meanwhile.
 */
export const checkHealth = defineAction({
  name: 'check_health',
  kind: 'observing',
  summary:
    'Looks at the target (runtime and probes) until it is well, or its probes pass while its health check is still starting; fails when neither is so by the end of its timeout. What the health check says is part of the proof that follows.',
  written: z.strictObject({
    interval: durationSchema({ minMs: 100, maxMs: 60_000 })
      .optional()
      .meta(
        describedDefault(
          'Longest pause between two looks; it begins with 50ms.',
          formatDuration(INTERVAL_MS),
        ),
      ),
  }),
  stored: z.object({ intervalMs: z.number() }),
  normalise: ({ interval }) => ({ intervalMs: interval ?? INTERVAL_MS }),
  defaultTimeoutMs: () => 30_000,
  async run({ intervalMs }, { look, clock, signal }) {
    const since = clock.monotonic();
    let last = 'it was not seen in time';
    while (!signal.aborted) {
      try {
        const seen = await look(signal);
        const health = judgeHealth(seen);
        if (health.verdict === 'well' || isAnswering(seen))
          return { outcome: 'succeeded', reason: health.reason, output: { verdict: health.verdict } };
        last = health.reason;
        await clock.sleep(growingPause(clock.monotonic() - since, intervalMs), signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
    return { outcome: 'failed', reason: `not well in time: ${last}`, output: null };
  },
});
