import type { Resources } from '../../ports.ts';
import type { Stats } from './engineSchema.ts';

/** What is told of an instance that does not run. */
export const NO_RESOURCES: Resources = {
  cpuShare: null,
  memoryBytes: null,
  memoryLimitBytes: null,
  pids: null,
};

/** Page cache that the kernel can drop at once; `docker stats` does not count it either. cgroup v1 and v2. */
const CACHE_KEYS = ['total_inactive_file', 'inactive_file'] as const;

/**
 * Two readings, a second apart, as numbers. `cpuShare` is in CPUs: 1 is one CPU wholly used.
 *
 * @param limitBytes The container's own memory limit, 0 for none: the engine then gives the host's memory.
 */
export function toResources(stats: Stats, limitBytes: number): Resources {
  return {
    cpuShare: cpuShareOf(stats),
    memoryBytes: memoryOf(stats),
    memoryLimitBytes: limitBytes > 0 ? limitBytes : null,
    pids: stats.pids_stats?.current ?? null,
  };
}

function memoryOf({ memory_stats: memory }: Stats): number | null {
  if (memory?.usage == null) return null;
  const key = CACHE_KEYS.find((name) => memory.stats?.[name] !== undefined);
  const cache = key === undefined ? 0 : (memory.stats?.[key] ?? 0);
  return Math.max(0, memory.usage - cache);
}

function cpuShareOf({ cpu_stats: now, precpu_stats: before }: Stats): number | null {
  const used = now?.cpu_usage?.total_usage;
  const usedBefore = before?.cpu_usage?.total_usage;
  const system = now?.system_cpu_usage;
  const systemBefore = before?.system_cpu_usage;
  if (used == null || usedBefore == null || system == null || systemBefore == null) return null;
  const passed = system - systemBefore;
  // `system` counts the time of all CPUs together.
  return passed > 0 ? Math.max(0, ((used - usedBefore) / passed) * (now?.online_cpus ?? 1)) : null;
}
