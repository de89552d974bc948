// What a test begins with, each with what it does not care about filled in.
import { ACTIONS } from '../../src/actions/index.ts';
import type { Alert, Labels } from '../../src/core/alert.ts';
import {
  DEFAULT_DIAGNOSIS,
  DEFAULT_GUARDS,
  DEFAULT_INCIDENT,
  DEFAULT_LABEL_MAPPINGS,
  DEFAULT_VERIFICATION,
  type Settings,
} from '../../src/core/settings.ts';
import type { Step, StepKind, Strategy } from '../../src/core/strategy.ts';
import type { Target } from '../../src/core/target.ts';
import { sampleTarget } from '../fakes/target.ts';

/** Wall clock at the start of every test, milliseconds since the epoch. */
export const START_AT = Date.UTC(2026, 10, 24, 12, 0, 0);

/** A target whose first container is named after it. */
export function target(name: string, rest: Partial<Target> = {}): Target {
  return sampleTarget({ name, selector: { by: 'container-name', name: `${name}-1` }, ...rest });
}

/** One step, with its parameters as configuration writes them. */
export function step(action: string, written: object = {}, rest: Partial<Step> = {}): Step {
  const found = ACTIONS.find(({ name }) => name === action);
  if (found === undefined) throw new Error(`no action ${action}`);
  const parameters = found.parse(written);
  const kind: StepKind = found.kind;
  return {
    action,
    kind,
    parameters,
    timeoutMs: found.defaultTimeoutMs(parameters),
    onFailure: 'next',
    ...rest,
  };
}

/** A strategy for every alert that has a name, and for every source. */
export function strategy(steps: readonly Step[], rest: Partial<Strategy> = {}): Strategy {
  return {
    name: 'test',
    matchers: [{ label: 'alertname', operator: '!=', value: '', accepts: (value) => value === '' }],
    sources: ['probe', 'runtime', 'person'],
    targets: [],
    mode: 'auto',
    steps,
    analysis: 'wait',
    ...rest,
  };
}

export function settings(rest: Partial<Settings> = {}): Settings {
  return {
    version: 'test',
    mode: 'auto',
    selfNames: ['market-programmer-agent'],
    protectedNames: [],
    labelMappings: DEFAULT_LABEL_MAPPINGS,
    targets: [target('web')],
    strategies: [
      strategy([step('check_logs'), step('restart'), step('check_health'), step('escalate_to_human')]),
    ],
    verification: DEFAULT_VERIFICATION,
    incident: DEFAULT_INCIDENT,
    maintenance: [],
    guards: DEFAULT_GUARDS,
    guardsByTarget: new Map(),
    diagnosis: DEFAULT_DIAGNOSIS,
    analysis: null,
    channels: ['people'],
    escalationAlertName: 'MarketProgrammerAgentEscalation',
    ...rest,
  };
}

export function alert(service: string, rest: Partial<Alert> & { readonly labels?: Labels } = {}): Alert {
  return {
    fingerprint: `fp-${service}`,
    status: 'firing',
    labels: { alertname: 'ServiceDown', service },
    annotations: {},
    startsAt: START_AT - 5_000,
    endsAt: null,
    generatorUrl: '',
    ...rest,
  };
}
