import { z } from 'zod';
import type { Resources } from '../ports.ts';
import { defineAction } from './define.ts';

type Limits = { readonly maxMemoryShare: number | null; readonly maxCpuShare: number | null };

/** Keeps what every instance uses in the journal, and fails when a limit is passed. */
export const checkResources = defineAction({
  name: 'check_resources',
  kind: 'observing',
  summary:
    'Keeps the memory and CPU use of every instance in the journal. Fails when a limit is given and passed, or cannot be compared.',
  written: z.strictObject({
    max_memory_share: z
      .number()
      .positive()
      .max(1)
      .optional()
      .describe('Highest share of its memory limit that an instance may use, 0 to 1.'),
    max_cpu_share: z
      .number()
      .positive()
      .max(1_024)
      .optional()
      .describe('Highest use of CPU by an instance; 1 is one whole core.'),
  }),
  stored: z.object({ maxMemoryShare: z.number().nullable(), maxCpuShare: z.number().nullable() }),
  normalise: (written) => ({
    maxMemoryShare: written.max_memory_share ?? null,
    maxCpuShare: written.max_cpu_share ?? null,
  }),
  defaultTimeoutMs: () => 10_000,
  async run(limits, { instances, runtime, signal }) {
    if (instances.length === 0) return { outcome: 'failed', reason: 'no instance exists', output: null };
    const used = await Promise.all(
      instances.map(async (instance) => ({
        instance: instance.name,
        resources: await runtime.resources(instance, signal, onlyMemory(limits)),
      })),
    );
    const troubles = used.flatMap(({ instance, resources }) =>
      objections(limits, resources).map((objection) => `${instance} ${objection}`),
    );
    return {
      outcome: troubles.length === 0 ? 'succeeded' : 'failed',
      reason: troubles.length === 0 ? 'resources are within the limits' : troubles.join('; '),
      output: { instances: used },
    };
  },
});

/** Where only memory is judged, nobody waits for a second reading. */
function onlyMemory({ maxMemoryShare, maxCpuShare }: Limits): 'memory' | undefined {
  return maxMemoryShare !== null && maxCpuShare === null ? 'memory' : undefined;
}

function objections({ maxMemoryShare, maxCpuShare }: Limits, resources: Resources): readonly string[] {
  const { memoryBytes, memoryLimitBytes, cpuShare } = resources;
  const memoryShare =
    memoryBytes === null || memoryLimitBytes === null || memoryLimitBytes === 0
      ? null
      : memoryBytes / memoryLimitBytes;
  return [compare('memory', memoryShare, maxMemoryShare), compare('CPU', cpuShare, maxCpuShare)].filter(
    (objection) => objection !== null,
  );
}

function compare(what: string, share: number | null, limit: number | null): string | null {
  if (limit === null) return null;
  if (share === null) return `does not tell its share of ${what}`;
  return share > limit ? `uses ${percent(share)} of its ${what}, over ${percent(limit)}` : null;
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
