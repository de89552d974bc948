import type { Alert } from '../../src/core/alert.ts';
import type { Cause } from '../../src/core/diagnosis.ts';
import type { BodyOf, Entry, EntryBody } from '../../src/core/entry.ts';
import type { Observation } from '../../src/core/observation.ts';
import type { Signal } from '../../src/core/signal.ts';

/** When everything in these samples happens: milliseconds since the epoch. */
export const SAMPLE_AT = Date.UTC(2026, 10, 23, 19, 10, 0);

const SAMPLE_ALERT: Alert = {
  fingerprint: '7249980e3b936869',
  status: 'firing',
  labels: { alertname: 'ServiceDown', service: 'market-predictor', severity: 'critical' },
  annotations: { summary: 'market-predictor is down' },
  startsAt: SAMPLE_AT - 10_000,
  endsAt: null,
  generatorUrl: 'http://prometheus:9090/graph',
};

export const SAMPLE_SIGNAL: Signal = { source: 'alertmanager', alert: SAMPLE_ALERT, receiver: 'agent' };

export const SAMPLE_OBSERVATION: Observation = {
  at: SAMPLE_AT,
  runtime: { ok: true, instances: [] },
  probes: [{ name: 'health', ok: false, reason: 'connection refused', durationMs: 250 }],
  symptoms: [],
};

const SAMPLE_CAUSE: Cause = {
  id: 'tls-certificate-expired',
  group: 'tls',
  summary: 'the certificate has expired',
  restartHelps: 'no',
  confidence: 0.95,
  citations: ['E1:1'],
  remedy: 'Renew the certificate.',
};

/** One body of every type there is; a type that is added without a sample does not compile. */
export const SAMPLE_BODIES: { readonly [T in EntryBody['type']]: BodyOf<T> } = {
  'agent-started': {
    type: 'agent-started',
    version: '0.1.0',
    self: 'outside of any container',
    settings: 's1',
  },
  'agent-stopped': { type: 'agent-stopped', reason: 'SIGTERM' },
  'clock-jumped': { type: 'clock-jumped', byMs: -90_000 },
  'journal-recovered': { type: 'journal-recovered', afterMs: 4_200, reason: 'disk full' },
  'signal-heard': { type: 'signal-heard', signal: SAMPLE_SIGNAL, trusted: true },
  'signal-repeated': { type: 'signal-repeated', fingerprint: SAMPLE_ALERT.fingerprint, startsAt: SAMPLE_AT },
  'alerts-truncated': { type: 'alerts-truncated', count: 2, receiver: 'agent', readBack: false },
  resumed: { type: 'resumed' },
  'evidence-gathered': {
    type: 'evidence-gathered',
    items: [{ id: 'E1', kind: 'logs', instance: 'predictor-1', text: 'boom', truncated: false }],
    missing: ['stats'],
  },
  diagnosed: {
    type: 'diagnosed',
    diagnosis: { causes: [SAMPLE_CAUSE], unusual: [] },
  },
  'analysis-ended': {
    type: 'analysis-ended',
    analysis: {
      model: 'anthropic claude',
      causes: [SAMPLE_CAUSE],
      advice: {
        from: 'analyst',
        strategy: null,
        withhold: 'restarts',
        person: 'as-planned',
        reason: 'the certificate has to be renewed first',
      },
      confidence: 0.9,
      lookAt: ['the certificate of the upstream'],
      voided: 1,
      remembered: false,
    },
    code: 'answered',
    reason: 'it answered',
    usage: { inputTokens: 3_000, outputTokens: 200, costUsd: 0.012, turns: 2 },
    charged: { tokens: 3_200, costUsd: 0.012 },
    day: { startsAt: Date.UTC(2026, 10, 23), tokens: 9_600, costUsd: 0.036 },
  },
  observed: {
    type: 'observed',
    observation: SAMPLE_OBSERVATION,
    health: { verdict: 'unwell', reason: 'predictor-1 is exited with code 137' },
  },
  'action-ended': {
    type: 'action-ended',
    index: 1,
    instance: 'predictor-1',
    result: { outcome: 'succeeded', reason: 'restarted in 0.4 s', output: null },
  },
  'mutation-confirmed': {
    type: 'mutation-confirmed',
    index: 1,
    instance: 'predictor-1',
    verdict: 'happened',
    reason: 'it started after the call',
  },
  notified: {
    type: 'notified',
    escalation: 1,
    channel: 'webhook',
    delivered: false,
    withdrawal: false,
    reason: 'HTTP 500',
  },
  'instance-stopped': {
    type: 'instance-stopped',
    instance: 'predictor-1',
    instanceId: 'abc',
    by: 'stop',
  },
  'instance-started': { type: 'instance-started', instance: 'predictor-1', instanceId: 'abc' },
  'instance-removed': { type: 'instance-removed', instance: 'predictor-1', instanceId: 'abc' },
  'seen-well': {
    type: 'seen-well',
    instances: [{ id: 'abc', name: 'predictor-1', startedAt: SAMPLE_AT, revision: 'image@1' }],
    until: SAMPLE_AT + 86_400_000,
  },
  'control-set': {
    type: 'control-set',
    control: { kind: 'maintenance-start', id: 'm-1', target: null, until: SAMPLE_AT + 1_800_000 },
    who: 'ada',
    reason: 'upgrade',
  },
  'person-said': { type: 'person-said', command: 'acknowledge', who: 'ada', reason: 'I am on it' },
  'signal-ignored': {
    type: 'signal-ignored',
    signal: SAMPLE_SIGNAL,
    code: 'mode-off',
    reason: 'the mode of the target is off',
  },
  'incident-opened': {
    type: 'incident-opened',
    id: 'inc-1',
    target: 'market-predictor',
    place: 'market-predictor',
    reason: 'alert ServiceDown firing',
    deadlineAt: SAMPLE_AT + 3_600_000,
    evidenceBy: SAMPLE_AT + 2_000,
  },
  'protective-action': {
    type: 'protective-action',
    layer: 'intake',
    code: 'self',
    reason: 'the alert is about the agent itself',
  },
  'strategy-chosen': {
    type: 'strategy-chosen',
    strategy: 'service-down',
    mode: 'auto',
    steps: [
      { action: 'check_logs', kind: 'observing', parameters: {}, timeoutMs: 5_000, onFailure: 'next' },
      { action: 'restart', kind: 'mutating', parameters: {}, timeoutMs: 30_000, onFailure: 'next' },
    ],
    reason: 'alertname="ServiceDown" matches',
  },
  'plan-tempered': {
    type: 'plan-tempered',
    from: 'rules',
    index: 0,
    strategy: 'service-down',
    mode: 'auto',
    steps: [
      {
        action: 'escalate_to_human',
        kind: 'escalating',
        parameters: { reason: 'the certificate has expired (E1:1), and a restart cannot help' },
        timeoutMs: 0,
        onFailure: 'stop',
        handover: 'restart-cannot-help',
      },
    ],
    changed: true,
    withheld: ['restart'],
    reason: 'the certificate has expired (E1:1), and a restart cannot help',
  },
  'analysis-started': {
    type: 'analysis-started',
    by: SAMPLE_AT + 10_000,
    waits: true,
    budget: { tokens: 50_000, costUsd: 0.5 },
  },
  'step-started': { type: 'step-started', index: 0, action: 'check_logs', until: SAMPLE_AT + 5_000 },
  'look-started': { type: 'look-started', index: 1, by: SAMPLE_AT + 10_000, reason: 'restart mutates' },
  'guards-answered': {
    type: 'guards-answered',
    index: 1,
    answers: [
      { guard: 'budget', verdict: 'allow', reason: '0 of 3 in 10 min' },
      { guard: 'grace', verdict: 'delay', until: SAMPLE_AT + 30_000, reason: 'started 2 s ago' },
    ],
  },
  'step-held': {
    type: 'step-held',
    index: 1,
    until: SAMPLE_AT + 30_000,
    reason: 'started 2 s ago',
    blind: false,
    patient: false,
  },
  'approval-asked': {
    type: 'approval-asked',
    index: 1,
    until: SAMPLE_AT + 900_000,
    number: 1,
    channels: ['people'],
    reason: 'mode approve',
  },
  'mutation-started': {
    type: 'mutation-started',
    index: 1,
    action: 'restart',
    instance: 'predictor-1',
    instanceId: 'abc',
    run: 'abc@1',
    remaining: ['predictor-2'],
    counts: true,
    until: SAMPLE_AT + 30_000,
  },
  settling: {
    type: 'settling',
    index: 1,
    instance: 'predictor-1',
    remaining: ['predictor-2'],
    until: SAMPLE_AT + 60_000,
  },
  'step-ended': { type: 'step-ended', index: 1, outcome: 'succeeded', reason: 'all instances restarted' },
  'verification-started': {
    type: 'verification-started',
    index: 2,
    until: SAMPLE_AT + 120_000,
    reason: 'healthy for 10 s and the alert gone',
  },
  'soak-restarted': { type: 'soak-restarted', reason: 'nobody looked for 30 s' },
  'verification-ended': { type: 'verification-ended', verified: true, reason: 'healthy for 10 s' },
  escalated: {
    type: 'escalated',
    number: 1,
    code: 'strategy-exhausted',
    reason: 'no step is left',
    channels: ['webhook'],
  },
  'incident-ended': { type: 'incident-ended', outcome: 'recovered', reason: 'healthy for 10 s' },
  'breaker-opened': {
    type: 'breaker-opened',
    target: 'market-predictor',
    until: SAMPLE_AT + 600_000,
    reason: '3 mutations in 10 min',
  },
  quarantined: { type: 'quarantined', error: 'TypeError: x is not a function' },
};

let seq = 0;

/** An entry of the sample incident; `overrides` change what the test is about. */
export function sampleEntry(body: EntryBody, overrides: Partial<Omit<Entry, 'body'>> = {}): Entry {
  seq += 1;
  return {
    v: 1,
    seq,
    at: SAMPLE_AT,
    incident: 'inc-1',
    target: 'market-predictor',
    settings: 's1',
    body,
    ...overrides,
  };
}
