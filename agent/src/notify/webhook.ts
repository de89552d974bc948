import type { EscalationMessage, Notifier } from '../ports.ts';
import type { ServiceClient } from '../serviceClient.ts';
import { bounded, headline, inert, plain, whatIsLikely, whatWasTried, whoNeeds } from './story.ts';

/** What a webhook gets, as JSON. Fields are added within a version; one that changes its meaning makes a new version. */
export type WebhookBody = {
  readonly version: '1';
  /** `escalated`: a person is needed. `withdrawn`: no more, for the reason in `withdrawal`. */
  readonly event: 'escalated' | 'withdrawn';
  /** The same for every repetition of the same event; also the header `Idempotency-Key`. */
  readonly key: string;
  /** The whole in a few lines, for receivers that show text and no more. */
  readonly text: string;
  readonly incident: string;
  /** Counts the escalations of the incident, from 1. */
  readonly number: number;
  readonly target: string | null;
  readonly severity: EscalationMessage['severity'];
  readonly code: EscalationMessage['code'];
  readonly reason: string;
  readonly withdrawal: string | null;
  /** Times are RFC 3339, in UTC. */
  readonly openedAt: string;
  readonly escalatedAt: string;
  /** The likely causes, the surest first; `citations` are places in the incident's evidence. */
  readonly causes: readonly {
    readonly id: string;
    readonly summary: string;
    readonly confidence: number;
    readonly restartHelps: 'yes' | 'no' | 'unknown';
    readonly citations: readonly string[];
    readonly remedy: string;
  }[];
  readonly strategy: string | null;
  readonly attempts: readonly {
    readonly action: string;
    readonly instance: string | null;
    readonly startedAt: string;
    readonly outcome: string;
    readonly reason: string;
  }[];
  readonly alerts: EscalationMessage['alerts'];
  readonly link: string;
};

/** Posts escalations to an address, once or as often as it is told to repeat them. */
export class WebhookNotifier implements Notifier {
  readonly channel: string;
  readonly repeatMs: number | null;
  readonly #client: ServiceClient;

  constructor(channel: string, client: ServiceClient, repeatMs: number | null) {
    this.channel = channel;
    this.repeatMs = repeatMs;
    this.#client = client;
  }

  async deliver(message: EscalationMessage, signal: AbortSignal): Promise<void> {
    await this.#post(bodyOf(message, 'escalated', null), signal);
  }

  async withdraw(message: EscalationMessage, why: string, signal: AbortSignal): Promise<void> {
    await this.#post(bodyOf(message, 'withdrawn', plain(why)), signal);
  }

  async #post(body: WebhookBody, signal: AbortSignal): Promise<void> {
    // A structured string, as the IETF's draft of this header wants it.
    await this.#client.postJson('', body, { 'idempotency-key': `"${body.key}"` }, signal);
  }
}

function bodyOf(
  message: EscalationMessage,
  event: WebhookBody['event'],
  withdrawal: string | null,
): WebhookBody {
  const told = bounded(message);
  const { incident, number, target, severity, code, reason, causes, strategy, alerts, attempts } = told;
  const { link, openedAt, at } = told;
  const text =
    withdrawal === null
      ? [...[headline(told), whatIsLikely(told), whatWasTried(told)].map(inert), link]
          .filter((part) => part !== '')
          .join('\n')
      : `${inert(`${whoNeeds(told)} needs nobody any more: ${withdrawal}`)}\n${link}`;
  return {
    version: '1',
    event,
    key: `${incident}-${number}-${event}`,
    text,
    incident,
    number,
    target,
    severity,
    code,
    reason,
    withdrawal,
    openedAt: new Date(openedAt).toISOString(),
    escalatedAt: new Date(at).toISOString(),
    causes: causes.map(({ id, summary, confidence, restartHelps, citations, remedy }) => ({
      id,
      summary,
      confidence,
      restartHelps,
      citations,
      remedy,
    })),
    strategy,
    attempts: attempts.map((attempt) => ({
      action: attempt.action,
      instance: attempt.instance,
      startedAt: new Date(attempt.startedAt).toISOString(),
      outcome: attempt.outcome,
      reason: attempt.reason,
    })),
    alerts,
    link,
  };
}
