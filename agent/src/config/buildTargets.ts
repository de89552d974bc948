import { resolve } from 'node:path';
import type { LocalProcess, Probe, Selector, Target, Verification } from '../core/target.ts';
import { formatDuration } from '../duration.ts';
import type { ConfigDocument } from './document.ts';
import type { Path } from './problem.ts';
import type { WrittenConfig } from './schema.ts';
import { parseStatusRange, TARGET_DEFAULTS } from './targetSchema.ts';

type WrittenTarget = NonNullable<WrittenConfig['targets']>[string];
type WrittenProbe = NonNullable<WrittenTarget['probes']>[number];
type WrittenVerification = WrittenConfig['verification'];

/** What building a target needs to know beyond its own lines. */
export type TargetContext = {
  readonly document: ConfigDocument;
  /** Where relative paths begin. */
  readonly directory: string;
  readonly verification: Verification;
  readonly protectedNames: readonly string[];
};

/** The configured targets; what is wrong is reported to the document. */
export function buildTargets(written: WrittenConfig['targets'], context: TargetContext): readonly Target[] {
  return Object.entries(written ?? {}).flatMap(([name, target]) => {
    const path: Path = ['targets', name];
    const selector = selectorOf(target, path, context);
    if (selector === null) return [];
    const names = [name, ...namesOf(selector)];
    return [
      {
        name,
        runtime: target.runtime ?? 'docker',
        selector,
        aliases: [...new Set(target.aliases ?? [])],
        mode: target.mode ?? 'auto',
        probes: buildProbes(target.probes ?? [], path, context.document),
        schedule: scheduleOf(target, path, context.document),
        verification: buildVerification(target.verification, context.verification, context.document, [
          ...path,
          'verification',
        ]),
        dependsOn: [...new Set(target.depends_on ?? [])],
        protected: target.protected === true || names.some((own) => context.protectedNames.includes(own)),
        origin: 'configured',
      },
    ];
  });
}

/** Names of containers and services that a selector stands for. */
export function namesOf(selector: Selector): readonly string[] {
  switch (selector.by) {
    case 'container-name':
      return [selector.name];
    case 'compose-service':
      return [selector.service];
    case 'label':
      return [selector.value];
    case 'process':
      return [];
    default:
      return selector satisfies never;
  }
}

/** The verification in force: what is written, and `base` for the rest. */
export function buildVerification(
  written: WrittenVerification,
  base: Verification,
  document: ConfigDocument,
  path: Path,
): Verification {
  const result: Verification = {
    soakMs: written?.soak ?? base.soakMs,
    timeoutMs: written?.timeout ?? base.timeoutMs,
    intervalMs: written?.interval ?? base.intervalMs,
    symptom: written?.symptom ?? base.symptom,
  };
  if (written !== undefined && result.timeoutMs <= result.soakMs) {
    const key = written.timeout === undefined ? 'soak' : 'timeout';
    document.report(
      [...path, key],
      `the timeout (${formatDuration(result.timeoutMs)}) must be longer than the soak (${formatDuration(result.soakMs)}), else nothing could ever be verified`,
    );
  }
  return result;
}

function selectorOf(
  target: WrittenTarget,
  path: Path,
  { document, directory }: TargetContext,
): Selector | null {
  if (target.runtime === 'local') {
    if (target.process !== undefined) return { by: 'process', process: processOf(target.process, directory) };
    document.report(path, 'needs `process` with a `command`, since its runtime is local', {
      at: 'key',
      restsOn: ['process'],
    });
    return null;
  }
  const given = (['container', 'compose_service', 'label'] as const).filter(
    (key) => target[key] !== undefined,
  );
  if (given.length !== 1) {
    const which = given.length === 0 ? 'none is given' : `${given.join(' and ')} are given`;
    document.report(
      path,
      `needs one of container, compose_service and label to say which containers it is; ${which}`,
      {
        at: 'key',
        restsOn: ['container', 'compose_service', 'label', 'runtime'],
      },
    );
    return null;
  }
  if (target.compose_project !== undefined && target.compose_service === undefined)
    document.report([...path, 'compose_project'], 'has a meaning only beside `compose_service`', {
      at: 'key',
    });
  if (target.container !== undefined) return { by: 'container-name', name: target.container };
  if (target.compose_service !== undefined)
    return {
      by: 'compose-service',
      service: target.compose_service,
      project: target.compose_project ?? null,
    };
  const [label = '', ...value] = (target.label ?? '').split('=');
  return { by: 'label', label, value: value.join('=') };
}

function processOf(written: NonNullable<WrittenTarget['process']>, directory: string): LocalProcess {
  return {
    command: written.command,
    cwd: resolve(directory, written.cwd ?? '.'),
    env: { ...written.env },
    stopTimeoutMs: written.stop_timeout ?? TARGET_DEFAULTS.stopTimeoutMs,
  };
}

function buildProbes(
  written: readonly WrittenProbe[],
  path: Path,
  document: ConfigDocument,
): readonly Probe[] {
  const names = new Set<string>();
  return written.map((probe, index) => {
    const built = probeOf(probe);
    if (names.has(built.name))
      document.report([...path, 'probes', index, 'name'], `another probe has the name ${built.name} already`);
    names.add(built.name);
    return built;
  });
}

function probeOf(probe: WrittenProbe): Probe {
  const timeoutMs = probe.timeout ?? TARGET_DEFAULTS.probeTimeoutMs;
  if (probe.type === 'tcp') {
    const name = probe.name ?? `tcp ${probe.host}:${probe.port}`;
    return { kind: 'tcp', name, host: probe.host, port: probe.port, timeoutMs };
  }
  return {
    kind: 'http',
    name: probe.name ?? `http ${probe.url}`,
    url: probe.url,
    method: probe.method ?? 'GET',
    statuses: (probe.status ?? ['200-299']).map(parseStatusRange).filter((range) => range !== null),
    bodyContains: probe.body_contains ?? null,
    json: probe.json ?? null,
    timeoutMs,
  };
}

function scheduleOf(
  { schedule, probes }: WrittenTarget,
  path: Path,
  document: ConfigDocument,
): Target['schedule'] {
  if (schedule === undefined) return null;
  if ((probes ?? []).length === 0)
    document.report([...path, 'schedule'], 'there are no `probes` to make at these times', {
      at: 'key',
    });
  return {
    intervalMs: schedule.interval ?? TARGET_DEFAULTS.intervalMs,
    failureThreshold: schedule.failure_threshold ?? TARGET_DEFAULTS.failureThreshold,
    successThreshold: schedule.success_threshold ?? TARGET_DEFAULTS.successThreshold,
  };
}
