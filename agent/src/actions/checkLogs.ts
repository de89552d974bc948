import { z } from 'zod';
import { durationSchema } from '../duration.ts';
import { defineAction } from './define.ts';

/** Log text kept in the journal by one step, over all instances, bytes. */
const MAX_BYTES = 65_536;

/** Keeps the last log lines of every instance in the journal. */
export const checkLogs = defineAction({
  name: 'check_logs',
  kind: 'observing',
  summary: `Keeps the last log lines of every instance in the journal (at most ${MAX_BYTES / 1024} KiB). Fails only when none can be read.`,
  written: z.strictObject({
    lines: z
      .int()
      .min(1)
      .max(5_000)
      .default(200)
      .describe('How many lines of each instance, counted from the end.'),
    since: durationSchema({ minMs: 1_000, maxMs: 7 * 86_400_000 })
      .optional()
      .describe('Only lines that are younger than this.'),
  }),
  stored: z.object({ lines: z.number(), sinceMs: z.number().nullable() }),
  normalise: ({ lines, since }) => ({ lines, sinceMs: since ?? null }),
  defaultTimeoutMs: () => 10_000,
  async run({ lines, sinceMs }, { instances, runtime, clock, signal }) {
    if (instances.length === 0) return { outcome: 'failed', reason: 'no instance exists', output: null };
    const options = {
      lines,
      since: sinceMs === null ? null : clock.now() - sinceMs,
      maxBytes: Math.max(1, Math.floor(MAX_BYTES / instances.length)),
    };
    const logs = await Promise.all(
      instances.map(async (instance) => {
        try {
          return { instance: instance.name, ...(await runtime.logs(instance, options, signal)) };
        } catch (error) {
          return { instance: instance.name, unread: error instanceof Error ? error.message : String(error) };
        }
      }),
    );
    const unread = logs.flatMap((log) => ('unread' in log ? [`${log.instance}: ${log.unread}`] : []));
    if (unread.length === logs.length)
      return { outcome: 'failed', reason: `no logs could be read: ${unread.join('; ')}`, output: { logs } };
    const kept = `kept the logs of ${logs.length - unread.length} of ${logs.length} instances`;
    return { outcome: 'succeeded', reason: [kept, ...unread].join('; '), output: { logs } };
  },
});
