// Opens 10,000 incidents as a storm does, each by an alert of its own that nobody can place, and prints the bytes of heap that
// one of them takes: `node --expose-gc openIncidentsChild.ts`.
import { openIncident } from '../../src/core/decide/opening.ts';
import { placeSignal } from '../../src/core/intake.ts';
import { Memory } from '../../src/engine/memory.ts';
import { alertmanagerSchemas } from '../../src/http/alertmanagerMessage.ts';
import { readMessage } from '../../src/http/intake.ts';
import { DEFAULT_HTTP_LIMITS } from '../../src/http/limits.ts';
import { IncidentTimes } from '../../src/telemetry/incidentTimes.ts';
import { START_AT, settings } from './given.ts';

const MESSAGES = 100;
const ALERTS = 100;

const schemas = alertmanagerSchemas(DEFAULT_HTTP_LIMITS);
const inForce = settings();
// One message first: what is made once, of shapes and code, is not counted.
const warm = { memory: new Memory(), times: new IncidentTimes() };
for (let message = 0; message < 10; message += 1) hear(warm, `warm-${message}`);

const kept = { memory: new Memory(), times: new IncidentTimes() };
const before = heapBytes();
for (let message = 0; message < MESSAGES; message += 1) hear(kept, `${message}`);
const after = heapBytes();
// Also keeps them reachable until here.
if (kept.memory.size !== MESSAGES * ALERTS || warm.memory.size === 0) throw new Error('not all were opened');
console.log(Math.round((after - before) / kept.memory.size));

function hear({ memory, times }: typeof kept, name: string): void {
  const body: unknown = JSON.parse(messageText(name));
  for (const alert of readMessage(body, schemas, ALERTS, START_AT).message.alerts) {
    const signal = { source: 'alertmanager', alert, receiver: 'agent' } as const;
    const context = {
      now: START_AT,
      settings: inForce,
      fleet: memory.fleet,
      targets: [],
      self: { kind: 'outside' } as const,
      discoveryTrouble: null,
    };
    const placement = placeSignal(signal, context);
    if (placement.kind !== 'open') throw new Error(`it was placed: ${placement.kind}`);
    const id = `mwuo0y1j-${alert.fingerprint}`;
    for (const draft of openIncident(id, placement, signal, context)) {
      memory.apply(draft);
      times.apply({ ...draft, v: 1, seq: 1 });
    }
  }
}

function messageText(name: string): string {
  const alerts = Array.from({ length: ALERTS }, (_, index) => ({
    status: 'firing',
    labels: {
      alertname: 'ServiceDown',
      severity: 'critical',
      service: `stranger-${name}-${index}`,
      instance: `stranger-${name}-${index}:8080`,
      job: 'some-services',
    },
    annotations: { summary: `stranger-${name}-${index} does not answer` },
    startsAt: new Date(START_AT).toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example:9090/graph?g0.expr=up+%3D%3D+0',
    fingerprint: `stranger-${name}-${index}`,
  }));
  return JSON.stringify({ version: '4', receiver: 'agent', status: 'firing', truncatedAlerts: 0, alerts });
}

function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('wants --expose-gc');
  // Twice: what the first leaves for finalizers is gone after the second.
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
