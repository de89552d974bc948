import type { Alert } from './alert.ts';

/**
 * One thing heard. An alert still has to find its target by its labels; the other sources know theirs.
 *
 * `joined` are the target's own troubles as seen by a probe or by the runtime; they carry no symptom beyond
 * the target's health, so health alone says whether they are over.
 */
export type Signal =
  | { readonly source: 'alertmanager'; readonly alert: Alert; readonly receiver: string }
  | {
      readonly source: 'probe';
      readonly target: string;
      readonly probe: string;
      readonly state: 'failing' | 'passing';
      readonly reason: string;
    }
  | {
      readonly source: 'runtime';
      readonly target: string;
      readonly event: 'died' | 'oom' | 'unhealthy';
      readonly instance: string;
      /** Milliseconds since the epoch, as the runtime tells it. */
      readonly happenedAt: number;
      readonly reason: string;
    }
  | { readonly source: 'person'; readonly target: string; readonly who: string; readonly reason: string };

/** A sentence for logs, the journal's reader and reports. */
export function describeSignal(signal: Signal): string {
  switch (signal.source) {
    case 'alertmanager':
      return `alert ${signal.alert.labels['alertname'] ?? '(unnamed)'} ${signal.alert.status}`;
    case 'probe':
      return `probe ${signal.probe} ${signal.state}: ${signal.reason}`;
    case 'runtime':
      return `${signal.instance} ${signal.event}: ${signal.reason}`;
    case 'person':
      return `${signal.who} asked for a recovery: ${signal.reason}`;
    default:
      return signal satisfies never;
  }
}
