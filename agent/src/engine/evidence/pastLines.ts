import type { Instance, Target } from '../../core/target.ts';
import type { LogOptions, LogSource, Runtime } from '../../ports.ts';

/** How far back the past goes, and how long before the failure it ends, milliseconds. */
const PAST_MS = 86_400_000;
const MINUTES_BEFORE_MS = 300_000;
/** Lines and bytes of it, over all instances. */
const LINES_MAX = 5_000;
const BYTES_MAX = 1024 * 1024;
/** Of a container that is as young as this many lines, the past lies with its predecessors. */
const LINES_ENOUGH = 200;

/**
 * What the target wrote in the day before the minutes of its failure: what the evidence is new or rare against. It is
 * looked through, and not kept. Whatever cannot be had is no past: nothing rests on it but what is called unusual.
 */
export async function pastLines(
  { runtime, keptLogs }: { readonly runtime: Runtime; readonly keptLogs: LogSource | null },
  target: Target,
  instances: readonly Instance[],
  failedAt: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const until = failedAt - MINUTES_BEFORE_MS;
  const share = Math.max(1, instances.length);
  const options: LogOptions = {
    lines: Math.floor(LINES_MAX / share),
    since: failedAt - PAST_MS,
    until,
    maxBytes: Math.floor(BYTES_MAX / share),
  };
  const read = await Promise.all(
    instances.map(async (instance) => linesOf(() => runtime.logs(instance, options, signal))),
  );
  const own = read.flat();
  if (own.length >= LINES_ENOUGH || keptLogs === null) return own;
  const asked = { ...options, lines: LINES_MAX, maxBytes: BYTES_MAX };
  const kept = await linesOf(() => keptLogs.logs(target, asked, signal));
  return kept.length > own.length ? kept : own;
}

async function linesOf(read: () => Promise<{ readonly text: string }>): Promise<readonly string[]> {
  try {
    const { text } = await read();
    return text === '' ? [] : text.split('\n');
  } catch {
    return []; // What cannot be read is no past; why, the evidence of the same logs says.
  }
}
