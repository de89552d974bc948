import type { Incident } from './incident.ts';
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
