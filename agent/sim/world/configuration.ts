import { ACTIONS } from '../../src/actions/index.ts';
import {
  DEFAULT_DIAGNOSIS,
  DEFAULT_GUARDS,
  DEFAULT_INCIDENT,
  DEFAULT_LABEL_MAPPINGS,
  type Settings,
} from '../../src/core/settings.ts';
import type { Step, Strategy } from '../../src/core/strategy.ts';
import type { Target } from '../../src/core/target.ts';
import type { Plan, ServiceSpec, SettingsSpec } from '../plan/plan.ts';

/** What makes the decision about an incident throw, as a defect in the core would. */
export class PlantedError extends Error {
  override readonly name = 'PlantedError';
}

/** Who is not in the configuration for a while, and whether it knows of no dependencies meanwhile. */
export type Care = { readonly absent: readonly string[]; readonly unlinked: boolean };

/** The configuration of a world, as the loader would make it of a file. */
export function configure(
  plan: Plan,
  spec: SettingsSpec,
  version: string,
  { absent, unlinked }: Care = { absent: [], unlinked: false },
): Settings {
  const { mind } = plan;
  const steps = spec.steps.map((action, index) => {
    const condition = spec.onlyIf[index] ?? null;
    const step = makeStep(action, spec);
    return condition === null ? step : { ...step, onlyIf: [condition] };
  });
  return {
    version,
    mode: spec.mode,
    selfNames: ['market-programmer-agent'],
    protectedNames: plan.services.filter(({ guarded }) => guarded === 'by-name').map(({ name }) => name),
    labelMappings: DEFAULT_LABEL_MAPPINGS,
    targets: plan.services
      .filter(({ name, discovered }) => !discovered && !absent.includes(name))
      .map((service) => makeTarget(unlinked ? { ...service, dependsOn: [] } : service, spec)),
    strategies: [
      {
        name: 'poisoned',
        matchers: [{ label: 'poison', operator: '=', value: 'yes', accepts: throwIfPoisoned }],
        sources: [],
        targets: [],
        mode: 'auto',
        steps,
        analysis: 'wait',
      },
      {
        name: 'all',
        matchers: [{ label: 'alertname', operator: '!=', value: '', accepts: (value) => value === '' }],
        sources: ['probe', 'runtime', 'person'],
        targets: [],
        mode: mind.mode,
        steps,
        analysis: mind.wish,
      },
      ...alternatives(steps, spec),
    ],
    verification: verificationOf(spec),
    incident: { ...DEFAULT_INCIDENT, deadlineMs: spec.deadlineMs, escalatedIntervalMs: 60_000 },
    maintenance: spec.recurring.map(({ of, startMinute, durationMs }) => ({
      targets: of === null ? [] : [of],
      days: [],
      startMinute,
      durationMs,
      timeZone: 'UTC',
      reason: 'as every day',
    })),
    guards: {
      ...DEFAULT_GUARDS,
      budget: { mutations: spec.budget, windowMs: spec.budgetWindowMs, breakerMs: spec.budgetWindowMs },
      blastRadius: { concurrent: spec.concurrent, fraction: spec.fraction, windowMs: 600_000 },
    },
    guardsByTarget: new Map(),
    diagnosis: DEFAULT_DIAGNOSIS,
    analysis:
      mind.analyst === 'none'
        ? null
        : {
            timeoutMs: mind.timeoutMs,
            perIncident: { tokens: mind.tokens, costUsd: 1, analyses: 1 },
            perDay: { tokens: mind.dayTokens, costUsd: 100 },
          },
    channels: spec.channels,
    escalationAlertName: 'MarketProgrammerAgentEscalation',
  };
}

/** What nobody chooses and an analyst may name: the first ones do less than any plan, the others more. */
function alternatives(steps: readonly Step[], spec: SettingsSpec): readonly Strategy[] {
  const never = { matchers: [], sources: [], targets: [], mode: 'auto', analysis: 'off' } as const;
  const restart = makeStep('restart', spec);
  const wait = makeStep('wait', spec);
  return [
    { ...never, name: 'looks', steps: [makeStep('check_logs', spec)] },
    { ...never, name: 'calls', steps: [makeStep('escalate_to_human', spec)] },
    { ...never, name: 'asks', mode: 'approve', steps: [wait, ...steps] },
    {
      ...never,
      name: 'bold',
      steps: [...steps.filter(({ kind }) => kind !== 'escalating'), restart, restart],
    },
    { ...never, name: 'hasty', steps: steps.filter(({ kind }) => kind === 'mutating').toReversed() },
  ];
}

/** The targets that the runtime finds by itself. */
export function discoverable(plan: Plan, spec: SettingsSpec): readonly Target[] {
  return plan.services
    .filter(({ discovered }) => discovered)
    .map((service) => ({ ...makeTarget(service, spec), origin: 'discovered' as const }));
}

function throwIfPoisoned(value: string): boolean {
  if (value === 'yes') throw new PlantedError('this decision fails');
  return false;
}

function verificationOf({ soakMs, verifyMs, intervalMs, symptom }: SettingsSpec): Target['verification'] {
  return { soakMs, timeoutMs: verifyMs, intervalMs, symptom };
}

function makeTarget(service: ServiceSpec, spec: SettingsSpec): Target {
  return {
    name: service.name,
    runtime: 'docker',
    selector: { by: 'container-name', name: `${service.name}-1` },
    aliases: [],
    mode: service.mode,
    probes: service.probes
      ? [{ kind: 'tcp', name: 'port', host: service.name, port: 80, timeoutMs: 2_000 }]
      : [],
    schedule: null,
    verification: verificationOf(spec),
    dependsOn: service.dependsOn,
    protected: service.guarded === 'by-target',
    origin: 'configured',
  };
}

function makeStep(name: SettingsSpec['steps'][number], spec: SettingsSpec): Step {
  const action = ACTIONS.find((each) => each.name === name);
  if (action === undefined) throw new Error(`no action ${name}`);
  const written =
    name === 'restart' ? { stop_timeout: `${spec.stopTimeoutMs}ms` } : name === 'wait' ? { for: '20s' } : {};
  const parameters = action.parse(written);
  return {
    action: name,
    kind: action.kind,
    parameters,
    timeoutMs: action.defaultTimeoutMs(parameters),
    onFailure: 'next',
  };
}
