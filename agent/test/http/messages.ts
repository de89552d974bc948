import { readFileSync } from 'node:fs';

const FOLDER = new URL('../fixtures/alertmanager/', import.meta.url);

/** A recorded message of a real Alertmanager, as it came. */
export function recorded(name: string): string {
  return readFileSync(new URL(`${name}.json`, FOLDER), 'utf8');
}

/** One alert of a message; `overrides` are what the test is about, `undefined` leaves a field out. */
export function anAlert(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    status: 'firing',
    labels: { alertname: 'ServiceDown', service: 'market-predictor' },
    annotations: { summary: 'down' },
    startsAt: '2026-11-23T19:09:41.105354219Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus:9090/graph',
    fingerprint: '7249980e3b936869',
    ...overrides,
  };
}

/** A message of version 4 with these alerts. */
export function aMessage(
  alerts: readonly unknown[] = [anAlert()],
  overrides: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    receiver: 'agent',
    status: 'firing',
    alerts,
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    ...overrides,
  };
}
