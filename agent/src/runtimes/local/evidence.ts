import type { EvidencePiece } from '../../core/evidence.ts';
import { printable } from '../../core/printable.ts';
import type { Instance } from '../../core/target.ts';
import type { Resources } from '../../ports.ts';
import type { LogFile } from './logFile.ts';
import type { LogText } from './logText.ts';
import type { ManagedProcess } from './managedProcess.ts';

/** How much of the log is kept before anything is touched. */
const EVIDENCE_LOGS = { lines: 1_000, since: null, maxBytes: 128 * 1024 };

const MIB = 1024 * 1024;

type Piece = Omit<EvidencePiece, 'kind' | 'instance'>;

/** Where the pieces come from. */
export type EvidenceSources = {
  readonly inspect: () => Promise<string>;
  readonly logs: () => Promise<readonly Piece[]>;
  readonly stats: () => Promise<Resources>;
};

/** Collects all that a restart would destroy; each piece is handed on as it comes. Names what could not be had. */
export async function gatherEvidence(
  instance: Instance,
  found: (item: EvidencePiece) => void,
  sources: EvidenceSources,
): Promise<{ readonly missing: readonly string[] }> {
  const kinds: readonly {
    readonly kind: EvidencePiece['kind'];
    readonly pieces: Promise<readonly Piece[]>;
  }[] = [
    { kind: 'inspect', pieces: sources.inspect().then(whole) },
    { kind: 'logs', pieces: sources.logs() },
    { kind: 'stats', pieces: sources.stats().then((stats) => whole(inWords(stats))) },
  ];
  const missing = await Promise.all(
    kinds.map(async ({ kind, pieces }) => {
      try {
        for (const piece of await pieces) found({ kind, instance: instance.name, ...piece });
        return [];
      } catch (error) {
        return [`${kind} of ${instance.name}: ${error instanceof Error ? error.message : String(error)}`];
      }
    }),
  );
  return { missing: missing.flat() };
}

/**
 * The end of the log. Where that can be told, apart: what runs before the last one wrote, for it explains no end of
 * that one, and what came after the failure.
 */
export async function logEvidence(
  log: LogFile,
  { startedAt }: Pick<Instance, 'startedAt'>,
  failedAt: number | null,
): Promise<readonly Piece[]> {
  // Brought back since, the run that failed is the one before.
  const failedRun = startedAt !== null && failedAt !== null && failedAt > startedAt ? startedAt : null;
  const parts = failedAt === null ? null : await log.around(failedAt, EVIDENCE_LOGS, failedRun);
  if (parts === null) return [await log.tail(EVIDENCE_LOGS)];
  const before = { ...parts.before, side: 'before' } as const;
  const pieces = [
    { ...parts.earlier, side: 'before', run: 'earlier' } as const,
    before,
    { ...parts.after, side: 'after' } as const,
  ];
  const written = pieces.filter(({ text }) => text !== '');
  return written.length === 0 ? [before] : written;
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

function whole(text: string): readonly LogText[] {
  return [{ text, truncated: false }];
}
