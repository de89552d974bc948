import type { AlertView, Incident } from './incident.ts';
import type { Observation } from './observation.ts';

/** Whether the trouble that was reported is still there, beyond the target's own health. */
export type SymptomVerdict = { readonly verdict: 'present' | 'gone' | 'unknown'; readonly reason: string };

/**
 * Weighs, for each alert of the incident, what a source said when asked over what the last message said: a source
 * is asked now, a message is old. Without an alert there is no symptom but the health itself.
 */
export function judgeSymptom(incident: Incident, observation: Observation): SymptomVerdict {
  const asked = new Map(observation.symptoms.map((result) => [result.fingerprint, result]));
  let unknown: SymptomVerdict | null = null;
  for (const [fingerprint, alert] of incident.alerts) {
    const answer = asked.get(fingerprint);
    if (answer?.verdict === 'present')
      return { verdict: 'present', reason: `${alert.name}: ${answer.reason}` };
    if (answer?.verdict === 'gone' || alert.status === 'resolved') continue;
    if (alert.trusted)
      return {
        verdict: 'present',
        reason: `${alert.name} is firing, and nothing said since that it is over`,
      };
    unknown ??= {
      verdict: 'unknown',
      reason: `${alert.name} was heard late or as a copy, and nothing confirms it${answer === undefined ? '' : `: ${answer.reason}`}`,
    };
  }
  return (
    unknown ?? {
      verdict: 'gone',
      reason: incident.alerts.size === 0 ? 'no alert is part of it' : 'every alert is over',
    }
  );
}

/**
 * The alerts after what a source said of them: one that was heard late, or as a copy, and that a source finds to hold
 * now, is believed from then on. The very same map where nothing of it is news.
 */
export function confirmedBy(
  alerts: ReadonlyMap<string, AlertView>,
  { symptoms }: Observation,
): ReadonlyMap<string, AlertView> {
  const confirmed = symptoms.flatMap(({ fingerprint, verdict }) => {
    const alert = alerts.get(fingerprint);
    const isNews = verdict === 'present' && alert?.status === 'firing' && !alert.trusted;
    return isNews ? [[fingerprint, { ...alert, trusted: true }] as const] : [];
  });
  return confirmed.length === 0 ? alerts : new Map([...alerts, ...confirmed]);
}
