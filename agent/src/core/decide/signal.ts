import type { Alert } from '../alert.ts';
import type { Signal } from '../signal.ts';
import { soakAfter } from '../soak.ts';
import type { Decision } from './decision.ts';
import { startLook } from './steps.ts';

/** A further signal joins the incident. It changes what is known of the symptom, never what was done already. */
export function onSignal(decision: Decision, signal: Signal, trusted: boolean): void {
  const { phase: before } = decision.incident;
  if (isRepeat(decision, signal, trusted) && soakAfter(before, signal) === before) {
    if (signal.source === 'alertmanager') {
      const { fingerprint, startsAt } = signal.alert;
      decision.write({ type: 'signal-repeated', fingerprint, startsAt });
    }
    return;
  }
  decision.write({ type: 'signal-heard', signal, trusted });
  const { incident } = decision;
  const { phase, alerts } = incident;
  if (alerts.size === 0 || [...alerts.values()].some(({ status }) => status === 'firing')) return;
  if (phase.kind === 'escalated' && incident.target === null) {
    decision.write({
      type: 'incident-ended',
      outcome: 'self-resolved',
      reason: 'every alert of it is resolved',
    });
  }
  if (phase.kind === 'held' || phase.kind === 'approving')
    startLook(decision, phase.index, 'the alerts are resolved: is it well by itself?');
}

/** A resend or an HA twin says nothing new: the same alert, in the same state; nor does a copy from before. */
function isRepeat({ incident, context }: Decision, signal: Signal, trusted: boolean): boolean {
  switch (signal.source) {
    case 'alertmanager': {
      const known = incident.alerts.get(signal.alert.fingerprint);
      if (known === undefined) return false;
      // Order is not guaranteed: what began before it was over is a copy that comes late, and it is over all the same.
      if (known.endsAt !== null && signal.alert.status === 'firing' && signal.alert.startsAt <= known.endsAt)
        return true;
      if (signal.alert.status === 'resolved') {
        const endsAt = signal.alert.endsAt ?? context.now;
        // What was over before this firing began ends an earlier one, and not this.
        if (known.status === 'firing') return endsAt < (episodeStart(context, signal.alert) ?? endsAt);
        // A later end is news: what began before it is over, too.
        return known.endsAt === null ? signal.alert.endsAt === null : endsAt <= known.endsAt;
      }
      return known.status === signal.alert.status && (known.trusted || !trusted);
    }
    case 'probe':
      return signal.state === 'passing' || incident.sources.has('probe');
    case 'runtime':
      return incident.sources.has('runtime');
    case 'person':
      return false;
    default:
      return signal satisfies never;
  }
}

function episodeStart({ fleet }: Decision['context'], { fingerprint }: Alert): number | null {
  return fleet.episodeOf(fingerprint)?.lastStartsAt ?? null;
}
