import { z } from 'zod';
import type { ActionResult } from '../core/actionResult.ts';
import { durationSchema } from '../duration.ts';
import type { ActionContext, LogOptions } from '../ports.ts';
import { defineAction } from './define.ts';

/** Log text kept in the journal by one step, over all instances, bytes. */
const MAX_BYTES = 65_536;

type InstanceLog = {
  readonly instance: string;
  readonly text: string;
  readonly truncated: boolean;
};

/** Keeps the last log lines of every instance in the journal; those that are kept elsewhere when there are none. */
export const checkLogs = defineAction({
  name: 'check_logs',
  kind: 'observing',
  summary: `Keeps the last log lines of every instance in the journal (at most ${MAX_BYTES / 1024} KiB). Where no instance exists or none of its logs can be read, those in Loki (\`loki\`) are kept, of the last hour unless \`since\` says otherwise. Fails only when there are none.`,
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
  async run({ lines, sinceMs }, context) {
    const since = sinceMs === null ? null : context.clock.now() - sinceMs;
    const { logs, unread } = await readInstances(context, { lines, since });
    if (logs.length === 0) {
      const why = unread.length === 0 ? 'no instance exists' : `no logs could be read: ${unread.join('; ')}`;
      return readKept(context, { lines, since, maxBytes: MAX_BYTES }, why);
    }
    const source = context.runtime.name;
    const kept = `kept the logs of ${logs.length} of ${context.instances.length} instances`;
    return {
      outcome: 'succeeded',
      reason: [kept, ...unread].join('; '),
      output: { source, logs },
    };
  },
});

async function readInstances(
  { instances, runtime, keptLogs, clock, step, signal }: ActionContext,
  wanted: Pick<LogOptions, 'lines' | 'since'>,
): Promise<{ readonly logs: readonly InstanceLog[]; readonly unread: readonly string[] }> {
  if (instances.length === 0) return { logs: [], unread: [] };
  const options = { ...wanted, maxBytes: Math.max(1, Math.floor(MAX_BYTES / instances.length)) };
  // A runtime that hangs must leave time to ask elsewhere.
  const over = new AbortController();
  const timer = new AbortController();
  if (keptLogs !== null) {
    clock.sleep(step.timeoutMs / 2, timer.signal).then(
      () => over.abort(new Error('the runtime did not answer in half of the time')),
      () => undefined, // Read in time.
    );
  }
  const within = AbortSignal.any([signal, over.signal]);
  const read = await Promise.all(
    instances.map(async (instance) => {
      try {
        return { log: { instance: instance.name, ...(await runtime.logs(instance, options, within)) } };
      } catch (error) {
        return { unread: `${instance.name}: ${error instanceof Error ? error.message : String(error)}` };
      }
    }),
  );
  timer.abort();
  return {
    logs: read.flatMap(({ log }) => log ?? []),
    unread: read.flatMap(({ unread }) => unread ?? []),
  };
}

/** The logs of instances that are gone, or silent. @param why No instance has shown its own. */
async function readKept(
  { target, keptLogs, signal }: ActionContext,
  options: LogOptions,
  why: string,
): Promise<ActionResult> {
  if (keptLogs === null) return { outcome: 'failed', reason: why, output: null };
  try {
    const { text, truncated, remarks } = await keptLogs.logs(target, options, signal);
    return {
      outcome: 'succeeded',
      reason: [`kept the target’s logs from ${keptLogs.name}, since ${why}`, ...remarks].join('; '),
      output: { source: keptLogs.name, logs: [{ instance: '', text, truncated }] },
    };
  } catch (error) {
    const more = error instanceof Error ? error.message : String(error);
    return { outcome: 'failed', reason: `${why}; ${more}`, output: null };
  }
}
