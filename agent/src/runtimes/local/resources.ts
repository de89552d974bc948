import type { Clock, Resources } from '../../ports.ts';
import { checkInTime, overdue } from './exclusive.ts';
import type { ProcessTable } from './processTable.ts';
import type { Run } from './record.ts';

/** Between the two looks from which the use of CPU is found, milliseconds; ticks are 10 ms long. */
const SAMPLE_MS = 250;
const NOTHING: Resources = { cpuShare: null, memoryBytes: null, memoryLimitBytes: null, pids: null };

/** What the process and its group use; a `cpuShare` of 1 is one whole core. Nothing is told of one that does not run. */
export async function measure(
  run: Run | null,
  table: ProcessTable,
  clock: Clock,
  signal: AbortSignal,
): Promise<Resources> {
  checkInTime(signal);
  if (run === null) return NOTHING;
  const before = await table.usage(run.pid);
  const startedAt = clock.monotonic();
  await clock.sleep(SAMPLE_MS, signal).catch(() => {
    throw overdue();
  });
  const after = await table.usage(run.pid);
  if (before === null || after === null) return NOTHING;
  const elapsedMs = clock.monotonic() - startedAt;
  return {
    // A member that ended in between takes its time with it.
    cpuShare: elapsedMs <= 0 ? null : Math.max(0, after.cpuMs - before.cpuMs) / elapsedMs,
    memoryBytes: after.memoryBytes,
    memoryLimitBytes: null,
    pids: after.pids,
  };
}
