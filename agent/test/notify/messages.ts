import type { EscalationMessage } from '../../src/ports.ts';

/** An escalation after one restart that did not help. */
export function escalation(rest: Partial<EscalationMessage> = {}): EscalationMessage {
  return {
    incident: '01J-web',
    number: 1,
    target: 'web',
    code: 'not-verified',
    reason: 'web is not healthy 2 min after the restart',
    severity: 'critical',
    openedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    at: Date.UTC(2026, 0, 2, 3, 9, 5),
    alerts: [{ name: 'ServiceDown', labels: { alertname: 'ServiceDown', service: 'web' } }],
    causes: [],
    attempts: [
      {
        index: 0,
        action: 'check_logs',
        instance: null,
        startedAt: Date.UTC(2026, 0, 2, 3, 4, 6),
        outcome: 'succeeded',
        reason: '',
      },
      {
        index: 1,
        action: 'restart',
        instance: 'web-1',
        startedAt: Date.UTC(2026, 0, 2, 3, 4, 7),
        outcome: 'succeeded',
        reason: 'the engine restarted it',
      },
    ],
    strategy: 'service-down',
    link: 'http://agent:9095/api/v1/incidents/01J-web',
    ...rest,
  };
}

/** More of everything than anyone wants to read. */
export function hugeEscalation(): EscalationMessage {
  const [attempt] = escalation().attempts;
  const labels = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`l${index}`, '🔥'.repeat(5_000)]),
  );
  return escalation({
    reason: '🔥'.repeat(50_000),
    target: 'x'.repeat(10_000),
    strategy: 's'.repeat(10_000),
    attempts: Array.from({ length: 1_000 }, (_, index) => ({
      ...(attempt ?? { action: '', instance: null, startedAt: 0, outcome: 'failed' }),
      index,
      reason: `${index} ${'r'.repeat(10_000)}`,
    })),
    alerts: Array(500).fill({ name: 'n'.repeat(10_000), labels }),
  });
}
