import type { Alert } from '../core/alert.ts';
import { MpaError } from '../errors.ts';
import type { AlertMessage } from '../ports.ts';
import type { AlertmanagerSchemas } from './alertmanagerMessage.ts';
import { FIELD_ERRORS_MAX, type FieldError, fieldErrors } from './fieldError.ts';
import { RequestInvalidError } from './requestInvalidError.ts';

/** What one webhook body said: what can be heard of it, and what cannot. */
export type Intake = {
  readonly message: AlertMessage;
  /** Alerts that are set aside because a field of theirs is wrong. */
  readonly refused: number;
  readonly errors: readonly FieldError[];
};

/**
 * Reads the body of an Alertmanager webhook.
 *
 * Each alert is judged by itself. Alertmanager offers a group it got a 4xx for again and again, always whole: if
 * one poisoned alert refused the message, the others of its group would never be heard.
 *
 * Alerts over the limit of one message are counted as left out, like those that Alertmanager leaves out itself
 * (`max_alerts`): the agent then asks Alertmanager for the missing ones. Refusing the message would leave the
 * largest outages unheard.
 *
 * @param now Milliseconds since the epoch; stands in for times that the sender left open.
 * @throws MpaError `NOT_ALERTMANAGER_V4`; RequestInvalidError when the message around the alerts is wrong.
 */
export function readMessage(
  body: unknown,
  schemas: AlertmanagerSchemas,
  alertsMax: number,
  now: number,
): Intake {
  assertVersion4(body);
  const envelope = schemas.envelope.safeParse(body);
  if (!envelope.success) throw new RequestInvalidError(fieldErrors(envelope.error.issues));

  const { receiver, truncatedAlerts, alerts: offered } = envelope.data;
  const alerts: Alert[] = [];
  const errors: FieldError[] = [];
  let refused = 0;
  for (const [index, candidate] of offered.slice(0, alertsMax).entries()) {
    const parsed = schemas.alert.safeParse(candidate);
    if (parsed.success) {
      alerts.push(completed(parsed.data, now));
    } else {
      refused += 1;
      errors.push(
        ...fieldErrors(parsed.error.issues, ['alerts', index]).slice(0, FIELD_ERRORS_MAX - errors.length),
      );
    }
  }
  const over = Math.max(0, offered.length - alertsMax);
  const truncated = Math.min(truncatedAlerts + over, Number.MAX_SAFE_INTEGER);
  return { message: { receiver, alerts, truncated }, refused, errors };
}

function completed(
  alert: Omit<Alert, 'startsAt'> & { readonly startsAt: number | null },
  now: number,
): Alert {
  return {
    ...alert,
    startsAt: alert.startsAt ?? now,
    endsAt: alert.status === 'resolved' ? (alert.endsAt ?? now) : null,
  };
}

function assertVersion4(body: unknown): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new MpaError('NOT_ALERTMANAGER_V4', 'it is no JSON object');
  }
  const version = 'version' in body ? body.version : undefined;
  if (version === '4') return;
  const found =
    typeof version === 'string'
      ? JSON.stringify(version.slice(0, 20))
      : version === undefined
        ? 'missing'
        : typeof version;
  throw new MpaError('NOT_ALERTMANAGER_V4', `\`version\` must be "4" and is ${found}`);
}
