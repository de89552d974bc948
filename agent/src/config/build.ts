import { isIP } from 'node:net';
import {
  DEFAULT_GUARDS,
  DEFAULT_INCIDENT,
  DEFAULT_LABEL_MAPPINGS,
  DEFAULT_VERIFICATION,
  type GuardSettings,
  type IncidentSettings,
  type Settings,
} from '../core/settings.ts';
import type { Action } from '../ports.ts';
import { analysisSettings, type PackageResolver } from './buildAnalyst.ts';
import { diagnosisSettings } from './buildDiagnosis.ts';
import { buildEdge } from './buildEdge.ts';
import { buildStrategies, type PlacedStrategy } from './buildStrategies.ts';
import { buildTargets, buildVerification } from './buildTargets.ts';
import type { ConfigDocument } from './document.ts';
import type { EdgeOptions } from './edgeOptions.ts';
import { guardSettings } from './guardSchema.ts';
import { maintenanceWindows } from './maintenanceSchema.ts';
import type { Path } from './problem.ts';
import { checkDependencies, checkNames, checkReference } from './relations.ts';
import { type FormedConfig, PROTECTED_NAMES, SELF_NAMES, type WrittenConfig } from './schema.ts';
import { SecretReader } from './secrets.ts';
import { allProtectedNames, checkProtection } from './selfProtection.ts';
import { shippedStrategies } from './shippedStrategies.ts';
import type { Environment } from './substitute.ts';
import { versionOf } from './version.ts';

/** `alertname` of the alert by which the agent calls people through Alertmanager. */
const ESCALATION_ALERT = 'MarketProgrammerAgentEscalation';

/** What a configuration is built with, besides what is written. */
export type BuildOptions = {
  /** Where relative paths begin. */
  readonly directory: string;
  readonly environment: Environment;
  readonly actions: readonly Action[];
  /** Looks for an optional package; rejects none that is installed. By default as Node does. */
  readonly resolvePackage?: PackageResolver | undefined;
};

/** Builds the effective configuration; what is wrong is reported to the document, and the result then not used. */
export function buildConfig(
  written: FormedConfig,
  document: ConfigDocument,
  { directory, environment, actions, resolvePackage }: BuildOptions,
): { readonly settings: Settings; readonly edge: EdgeOptions } {
  const edge = buildEdge(written, document, new SecretReader(document, directory), {
    directory,
    environment,
    resolvePackage,
  });
  const selfContainer = edge.docker?.selfContainer ?? null;
  const selfNames = unique([
    ...SELF_NAMES,
    ...(written.self_names ?? []),
    ...(selfContainer === null ? [] : [selfContainer]),
  ]);
  const protectedNames = unique([...PROTECTED_NAMES, ...(written.protected_names ?? []), ...hostsOf(edge)]);
  const verification = buildVerification(written.verification, DEFAULT_VERIFICATION, document, [
    'verification',
  ]);
  const targets = buildTargets(written.targets, { document, directory, verification, protectedNames });
  const relations = {
    document,
    // Also those of targets that have errors and were left out: they are not unknown.
    names: document.keysOf('targets'),
    selfNames,
    discovering: edge.discovery.by.length > 0,
  };
  checkNames(targets, relations);
  checkDependencies(
    Object.entries(written.targets ?? {}).map(([name, target]) => ({
      name,
      dependsOn: target.depends_on ?? [],
    })),
    relations,
  );

  const own = buildStrategies(written.strategies ?? [], document, actions);
  for (const { strategy, path } of own)
    strategy.targets.forEach((name, index) => {
      checkReference(name, [...path, 'targets', index], relations);
    });
  const placed = withShipped(own, written.default_strategies !== false, actions);
  const labelMappings = written.label_mappings ?? DEFAULT_LABEL_MAPPINGS;
  const protection = { labelMappings, protectedNames: allProtectedNames(selfNames, protectedNames, targets) };
  for (const strategy of placed) checkProtection(strategy, protection);
  // By what is written: one that has errors was left out, and is told so already.
  if (document.keysOf('notifiers').length === 0)
    document.warn(['notifiers'], 'there are no `notifiers`: when the agent gives up, nobody is called');

  const maintenance = maintenanceWindows(written.maintenance);
  maintenance.forEach((window, position) => {
    window.targets.forEach((name, index) => {
      checkReference(name, ['maintenance', position, 'targets', index], relations);
    });
  });
  const guards = buildGuards(written.guards, DEFAULT_GUARDS, document, ['guards']);
  const guardsByTarget = new Map(
    Object.entries(written.targets ?? {}).flatMap(([name, target]) =>
      target.guards === undefined
        ? []
        : [[name, buildGuards(target.guards, guards, document, ['targets', name, 'guards'])] as const],
    ),
  );
  const settings: Omit<Settings, 'version'> = {
    mode: written.mode ?? 'auto',
    selfNames,
    protectedNames,
    labelMappings,
    targets,
    strategies: placed.map(({ strategy }) => strategy),
    verification,
    incident: incidentSettings(written.incident),
    maintenance,
    guards,
    guardsByTarget,
    diagnosis: diagnosisSettings(written),
    analysis: analysisSettings(written),
    channels: edge.notifiers.map(({ name }) => name),
    escalationAlertName: ESCALATION_ALERT,
  };
  return { settings: { ...settings, version: versionOf({ settings, edge }) }, edge };
}

/** The configuration's own strategies, and behind them the shipped ones that it does not replace by name. */
function withShipped(
  own: readonly PlacedStrategy[],
  wanted: boolean,
  actions: readonly Action[],
): readonly PlacedStrategy[] {
  if (!wanted) return own;
  const names = new Set(own.map(({ strategy }) => strategy.name));
  return [...own, ...shippedStrategies(actions).filter(({ strategy }) => !names.has(strategy.name))];
}

/** The hosts of what the agent uses: they are Compose services, where it runs in one, and never to be mutated by it. */
function hostsOf({ prometheus, alertmanager, loki, docker, notifiers }: EdgeOptions): readonly string[] {
  const addresses = [
    prometheus?.url,
    alertmanager?.url,
    loki?.url,
    docker?.host,
    ...notifiers.map((notifier) => (notifier.type === 'alertmanager' ? notifier.url : undefined)),
  ];
  return addresses
    .map((address) => (address === undefined ? '' : (URL.parse(address)?.hostname ?? '')))
    .filter((host) => host !== '' && host !== 'localhost' && !host.startsWith('[') && isIP(host) === 0);
}

function buildGuards(
  written: WrittenConfig['guards'],
  base: GuardSettings,
  document: ConfigDocument,
  path: Path,
): GuardSettings {
  const guards = guardSettings(written, base);
  if (written?.backoff !== undefined && guards.backoff.maxMs < guards.backoff.initialMs)
    document.report([...path, 'backoff'], 'the longest pause (max) is shorter than the first one (initial)');
  return guards;
}

function incidentSettings(written: WrittenConfig['incident']): IncidentSettings {
  return {
    evidenceMs: written?.evidence ?? DEFAULT_INCIDENT.evidenceMs,
    lookMs: written?.look ?? DEFAULT_INCIDENT.lookMs,
    blindMs: written?.blind ?? DEFAULT_INCIDENT.blindMs,
    deadlineMs: written?.deadline ?? DEFAULT_INCIDENT.deadlineMs,
    escalatedIntervalMs: written?.escalated_interval ?? DEFAULT_INCIDENT.escalatedIntervalMs,
  };
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}
