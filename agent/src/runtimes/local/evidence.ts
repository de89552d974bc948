import type { EvidenceItem } from '../../core/entry.ts';
import type { Instance } from '../../core/target.ts';
import type { Runtime } from '../../ports.ts';
import type { ManagedProcess } from './managedProcess.ts';

const LOG_OPTIONS = { lines: 200, since: null, maxBytes: 64 * 1024 };

/** Collects all that a restart would destroy; each piece is handed on as it comes. */
export async function gatherEvidence(
  managed: ManagedProcess,
  instance: Instance,
  runtime: Pick<Runtime, 'logs' | 'resources'>,
  found: (item: EvidenceItem) => void,
  signal: AbortSignal,
): Promise<{ readonly missing: readonly string[] }> {
  const pieces: readonly {
    readonly kind: EvidenceItem['kind'];
    readonly gather: () => Promise<{ readonly text: string; readonly truncated: boolean }>;
  }[] = [
    { kind: 'inspect', gather: async () => whole(await describe(managed)) },
    { kind: 'logs', gather: () => runtime.logs(instance, LOG_OPTIONS, signal) },
    { kind: 'stats', gather: async () => whole(await runtime.resources(instance, signal)) },
  ];
  const missing = await Promise.all(
    pieces.map(async ({ kind, gather }) => {
      try {
        const piece = await gather();
        if (!signal.aborted) found({ kind, instance: instance.name, ...piece });
        return signal.aborted ? [`${kind} of ${instance.name}: out of time`] : [];
      } catch (error) {
        const why = signal.aborted ? 'out of time' : error instanceof Error ? error.message : String(error);
        return [`${kind} of ${instance.name}: ${why}`];
      }
    }),
  );
  return { missing: missing.flat() };
}

/** Values of the environment stay out: they are where secrets are. */
async function describe(managed: ManagedProcess): Promise<object> {
  const { command, cwd, env } = managed.definition;
  return {
    instance: await managed.look(),
    pid: managed.run?.pid ?? null,
    command,
    cwd,
    environment: Object.keys(env),
  };
}

function whole(value: object): { readonly text: string; readonly truncated: boolean } {
  return { text: JSON.stringify(value, null, 2), truncated: false };
}
