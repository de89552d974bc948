import type { EvidencePiece } from '../../core/evidence.ts';
import { printable } from '../../core/printable.ts';
import type { Instance } from '../../core/target.ts';
import type { Inspected, Stats } from './engineSchema.ts';
import { CONFIG_HASH_LABEL } from './instance.ts';
import { COMPOSE_PROJECT, COMPOSE_SERVICE } from './labels.ts';
import type { LogCollector } from './logText.ts';
import { toResources } from './resources.ts';

/** Docker keeps the last five results, each with at most 4 kB of output. */
const HEALTH_OUTPUT_MAX = 1_000;
const MIB = 1024 * 1024;

/**
 * The state of the container, one fact a line. Neither its environment nor its arguments are kept: that is where
 * secrets are.
 */
export function inspectEvidence(instance: Instance, container: Inspected): EvidencePiece {
  const { State, Config, HostConfig } = container;
  const policy = HostConfig.RestartPolicy;
  const retries =
    policy != null && policy.MaximumRetryCount > 0 ? `, at most ${policy.MaximumRetryCount} times` : '';
  const facts: readonly (readonly [string, string])[] = [
    ['container', `${container.Name} (${container.Id})`],
    ['image', `${Config.Image} (${container.Image})`],
    ['compose', [Config.Labels[COMPOSE_PROJECT], Config.Labels[COMPOSE_SERVICE]].filter(Boolean).join('.')],
    ['configuration', Config.Labels[CONFIG_HASH_LABEL] ?? ''],
    ['status', State.Status],
    ['exit code', instance.exitCode === null ? '' : String(instance.exitCode)],
    ['out of memory', State.OOMKilled ? 'yes' : 'no'],
    ['error', State.Error],
    ['created', timeOf(container.Created)],
    ['started', timeOf(State.StartedAt)],
    ['finished', timeOf(State.FinishedAt)],
    ['restarts by the engine', String(container.RestartCount)],
    ['restart policy', `${policy?.Name || 'no'}${retries}`],
    ['memory limit', HostConfig.Memory > 0 ? mib(HostConfig.Memory) : 'none'],
    ['network', HostConfig.NetworkMode],
    [
      'health',
      State.Health == null
        ? 'no check'
        : `${State.Health.Status}, ${State.Health.FailingStreak} failed in a row`,
    ],
  ];
  const lines = facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${printable(value)}`);
  return { kind: 'inspect', instance: instance.name, text: lines.join('\n'), truncated: false };
}

/** The end of the log, what came after the failure apart; that there was nothing at all is evidence, too. */
export function logEvidence(
  instance: Instance,
  collector: LogCollector,
  lines: number,
  failedAt: number | null,
): readonly EvidencePiece[] {
  const about = { kind: 'logs', instance: instance.name } as const;
  if (failedAt === null) return [{ ...about, ...collector.finish(lines) }];
  const { before, after } = collector.finishAround(lines, failedAt);
  const pieces = [
    { ...about, ...before, side: 'before' },
    { ...about, ...after, side: 'after' },
  ] as const;
  const written = pieces.filter(({ text }) => text !== '');
  return written.length === 0 ? pieces.slice(0, 1) : written;
}

/** The last results of the health check, oldest first; `null` where there is none. */
export function healthEvidence(instance: Instance, container: Inspected): EvidencePiece | null {
  const log = container.State.Health?.Log ?? [];
  if (log.length === 0) return null;
  const lines = log.map(
    ({ Start, ExitCode, Output }) =>
      `${Start} exit ${ExitCode}: ${printable(Output.trim(), HEALTH_OUTPUT_MAX)}`,
  );
  return {
    kind: 'health-log',
    instance: instance.name,
    text: lines.join('\n'),
    truncated: log.some(({ Output }) => Output.length > HEALTH_OUTPUT_MAX),
  };
}

/** Memory and processes at one moment. */
export function statsEvidence(instance: Instance, stats: Stats, limitBytes: number): EvidencePiece {
  const { memoryBytes, memoryLimitBytes, pids } = toResources(stats, limitBytes);
  const share =
    memoryBytes === null || memoryLimitBytes === null
      ? ''
      : ` of ${mib(memoryLimitBytes)} (${Math.round((memoryBytes / memoryLimitBytes) * 100)} %)`;
  const cpuNs = stats.cpu_stats?.cpu_usage?.total_usage;
  const lines = [
    `memory: ${memoryBytes === null ? 'unknown' : `${mib(memoryBytes)}${share}`}`,
    `processes: ${pids ?? 'unknown'}`,
    `CPU time since the start: ${cpuNs == null ? 'unknown' : `${(cpuNs / 1e9).toFixed(2)} s`}`,
  ];
  return { kind: 'stats', instance: instance.name, text: lines.join('\n'), truncated: false };
}

function timeOf(at: number | null): string {
  return at === null ? 'never' : new Date(at).toISOString();
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
