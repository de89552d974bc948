import type { EvidencePiece } from '../../core/entry.ts';
import { printable } from '../../core/printable.ts';
import type { Instance } from '../../core/target.ts';
import type { Resources } from '../../ports.ts';
import type { LogText } from './logText.ts';
import type { ManagedProcess } from './managedProcess.ts';

/** How much of the log is kept before anything is touched. */
export const EVIDENCE_LOGS = { lines: 200, since: null, maxBytes: 64 * 1024 };

const MIB = 1024 * 1024;

/** Where the pieces come from. */
export type EvidenceSources = {
  readonly inspect: () => Promise<string>;
  readonly logs: () => Promise<LogText>;
  readonly stats: () => Promise<Resources>;
};

/** Collects all that a restart would destroy; each piece is handed on as it comes. Names what could not be had. */
export async function gatherEvidence(
  instance: Instance,
  found: (item: EvidencePiece) => void,
  sources: EvidenceSources,
): Promise<{ readonly missing: readonly string[] }> {
  const pieces: readonly { readonly kind: EvidencePiece['kind']; readonly piece: Promise<LogText> }[] = [
    { kind: 'inspect', piece: sources.inspect().then(whole) },
    { kind: 'logs', piece: sources.logs() },
    { kind: 'stats', piece: sources.stats().then((stats) => whole(inWords(stats))) },
  ];
  const missing = await Promise.all(
    pieces.map(async ({ kind, piece }) => {
      try {
        found({ kind, instance: instance.name, ...(await piece) });
        return [];
      } catch (error) {
        return [`${kind} of ${instance.name}: ${error instanceof Error ? error.message : String(error)}`];
      }
    }),
  );
  return { missing: missing.flat() };
}

/** One fact a line. Arguments and the values of the environment stay out: they are where secrets are. */
export async function describe(managed: ManagedProcess): Promise<string> {
  const { command, cwd, env } = managed.definition;
  const { status, exitCode, createdAt, startedAt, finishedAt, revision } = await managed.look();
  const facts: readonly (readonly [string, string])[] = [
    ['process', managed.name],
    ['program', command[0] ?? ''],
    ['folder', cwd ?? ''],
    ['environment', Object.keys(env).join(', ')],
    ['revision', revision],
    ['status', status],
    ['pid', String(managed.run?.pid ?? '')],
    ['exit code', exitCode === null ? '' : String(exitCode)],
    ['created', timeOf(createdAt)],
    ['started', timeOf(startedAt)],
    ['finished', timeOf(finishedAt)],
  ];
  return facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${printable(value)}`)
    .join('\n');
}

function inWords({ cpuShare, memoryBytes, pids }: Resources): string {
  return [
    `memory: ${memoryBytes === null ? 'unknown' : `${(memoryBytes / MIB).toFixed(1)} MiB`}`,
    `processes: ${pids ?? 'unknown'}`,
    `CPU: ${cpuShare === null ? 'unknown' : `${(cpuShare * 100).toFixed(0)} % of one core`}`,
  ].join('\n');
}

function timeOf(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString();
}

function whole(text: string): LogText {
  return { text, truncated: false };
}
