import { describeMatcher } from '../core/matcher.ts';
import { type GuardSettings, guardsOf, strictestMode } from '../core/settings.ts';
import type { Selector } from '../core/target.ts';
import { formatDuration } from '../duration.ts';
import type { Config } from './load.ts';
import { describeWindow } from './maintenanceSchema.ts';
import { formatSize } from './sizeSchema.ts';

/** One value in force, with its name as configuration writes it. */
type Fact = { readonly name: string; readonly value: string };

/** The effective configuration in words, for people and as JSON. Holds no secret. */
export type Explanation = {
  readonly version: string;
  readonly agent: readonly Fact[];
  readonly targets: readonly { readonly name: string; readonly facts: readonly Fact[] }[];
  readonly strategies: readonly {
    readonly name: string;
    readonly mode: string;
    readonly for: readonly string[];
    readonly steps: readonly string[];
  }[];
};

/** Says what is in force: for the agent, for each target (what it overrides included), and each strategy in order. */
export function explain({ settings, edge }: Config): Explanation {
  return {
    version: settings.version,
    agent: [
      fact('mode', settings.mode),
      fact('listen', `${edge.server.host}:${edge.server.port}`),
      fact(
        'tokens',
        `webhook ${edge.server.webhookTokens.length}, operators ${edge.server.operatorTokens.length}`,
      ),
      fact('journal', edge.journal.path),
      fact(
        'retention',
        `${formatDuration(edge.journal.retention.ageMs)}, at most ${formatSize(edge.journal.retention.sizeBytes)}`,
      ),
      fact('docker', describeDocker(edge)),
      fact('discovery', edge.discovery.by.length === 0 ? 'off' : `by ${edge.discovery.by.join(', ')}`),
      fact('prometheus', edge.prometheus?.url ?? 'none'),
      fact('alertmanager', edge.alertmanager?.url ?? 'none'),
      fact('loki', edge.loki?.url ?? 'none'),
      fact('diagnosis', describeDiagnosis({ settings, edge })),
      fact('redaction', describeRedaction(edge)),
      fact('analyst', describeAnalyst({ settings, edge })),
      fact('notifiers', edge.notifiers.map(({ name, type }) => `${name} (${type})`).join(', ') || 'none'),
      fact('itself', settings.selfNames.join(', ')),
      fact('protected', settings.protectedNames.join(', ')),
      ...settings.maintenance.map((window) =>
        fact(
          'maintenance',
          `${describeWindow(window)} (${window.targets.length === 0 ? 'all targets' : window.targets.join(', ')})`,
        ),
      ),
    ],
    targets: settings.targets.map((target) => ({
      name: target.name,
      facts: [
        fact('runtime', target.runtime),
        fact('selects', describeSelector(target.selector)),
        fact(
          'mode',
          target.protected ? 'protected: never mutated' : strictestMode(settings.mode, target.mode),
        ),
        ...(target.aliases.length === 0 ? [] : [fact('aliases', target.aliases.join(', '))]),
        ...(target.dependsOn.length === 0 ? [] : [fact('depends_on', target.dependsOn.join(', '))]),
        fact('probes', target.probes.map(({ name }) => name).join(', ') || 'none'),
        fact(
          'schedule',
          target.schedule === null
            ? 'none: probes only verify'
            : `every ${formatDuration(target.schedule.intervalMs)}; failing after ${target.schedule.failureThreshold}, passing after ${target.schedule.successThreshold} in a row`,
        ),
        fact(
          'verification',
          `healthy for ${formatDuration(target.verification.soakMs)} within ${formatDuration(target.verification.timeoutMs)}, seen every ${formatDuration(target.verification.intervalMs)}, symptom ${target.verification.symptom}`,
        ),
        ...explainGuards(guardsOf(settings, target.name)),
        ...settings.maintenance
          .filter(({ targets }) => targets.length === 0 || targets.includes(target.name))
          .map((window) => fact('maintenance', describeWindow(window))),
      ],
    })),
    strategies: settings.strategies.map(({ name, mode, matchers, sources, targets, steps }) => ({
      name,
      mode: strictestMode(settings.mode, mode),
      for: [
        ...(matchers.length === 0 ? [] : [matchers.map(describeMatcher).join(', ')]),
        ...(sources.length === 0 ? [] : [`signals of ${sources.join(', ')}`]),
        ...(targets.length === 0 ? [] : [`only ${targets.join(', ')}`]),
      ],
      steps: steps.map(({ action, kind, timeoutMs, onFailure, onlyIf }) => {
        const stop = onFailure === 'stop' ? ', stops when it fails' : '';
        const only = onlyIf === undefined ? '' : `, only if ${onlyIf.join(' or ')}`;
        return kind === 'escalating'
          ? action
          : `${action} (${kind}, at most ${formatDuration(timeoutMs)}${stop}${only})`;
      }),
    })),
  };
}

function explainGuards(guards: GuardSettings): readonly Fact[] {
  const { budget, backoff, flapping, blastRadius, panic, worse, grace, supervisor, staleness, approval } =
    guards;
  const for_ = formatDuration;
  return [
    fact(
      'guards.budget',
      `${budget.mutations} in ${for_(budget.windowMs)}, then the breaker opens for ${for_(budget.breakerMs)}`,
    ),
    fact(
      'guards.backoff',
      `${for_(backoff.initialMs)}, times ${backoff.factor} up to ${for_(backoff.maxMs)}, ${percent(backoff.jitter)} jitter, anew after ${for_(backoff.resetAfterMs)} healthy`,
    ),
    fact('guards.flapping', `${flapping.recoveries} recoveries in ${for_(flapping.windowMs)}`),
    fact(
      'guards.blast_radius',
      `${blastRadius.concurrent} at once, ${percent(blastRadius.fraction)} of the fleet in ${for_(blastRadius.windowMs)}`,
    ),
    fact('guards.panic', `${percent(panic.fraction)} of the fleet failing, at least ${panic.minimum}`),
    fact('guards.worse', `${worse.times} times more failing within ${for_(worse.windowMs)}`),
    fact('guards.grace', `${for_(grace.afterStartMs)} after a start by someone else`),
    fact('guards.supervisor', `${for_(supervisor.patienceMs)} for the supervisor`),
    fact('guards.staleness', `alerts older than ${for_(staleness.maxAgeMs)} are confirmed first`),
    fact('guards.approval', `${for_(approval.timeoutMs)} to approve`),
  ];
}

function describeDocker({ docker }: Config['edge']): string {
  if (docker === null) return 'not used';
  const own = docker.selfContainer === null ? '' : `, the agent is container ${docker.selfContainer}`;
  return `${docker.host}, events ${docker.events ? 'heard' : 'not heard'}${own}`;
}

function describeDiagnosis({ edge: { diagnosis }, settings }: Config): string {
  if (diagnosis === null) return 'off: no causes are looked for';
  const { patterns, ownPatterns } = diagnosis;
  const surely = percent(settings.diagnosis.minimumConfidence);
  return `${patterns.length} patterns (${ownPatterns} of them in this file); no restart where it cannot help, from ${surely} confidence`;
}

function describeRedaction({ redaction: { patterns } }: Config['edge']): string {
  return `secrets of known forms${patterns.length === 0 ? '' : `, and ${patterns.length} patterns of this file`}`;
}

function describeAnalyst({ edge: { analyst }, settings: { analysis } }: Config): string {
  if (analyst === null || analysis === null) return 'none: the rules decide alone';
  const { perIncident, perDay } = analysis;
  const priced = analyst.price.inputUsd > 0 || analyst.price.outputUsd > 0;
  const limit = ({ tokens, costUsd }: typeof perDay) => `${tokens} tokens${priced ? ` or $${costUsd}` : ''}`;
  return `${analyst.model} at ${analyst.baseUrl} (${analyst.provider}), ${analyst.apiKey === null ? 'without a key' : 'with a key'}, at most ${formatDuration(analyst.timeoutMs)}; ${limit(perIncident)} an incident, ${limit(perDay)} a day`;
}

function describeSelector(selector: Selector): string {
  switch (selector.by) {
    case 'container-name':
      return `container ${selector.name}`;
    case 'compose-service':
      return `Compose service ${selector.service}${selector.project === null ? '' : ` of project ${selector.project}`}`;
    case 'label':
      return `containers with ${selector.label}=${selector.value}`;
    case 'process':
      return `process ${selector.process.command.join(' ')}`;
    default:
      return selector satisfies never;
  }
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}

function fact(name: string, value: string): Fact {
  return { name, value };
}
