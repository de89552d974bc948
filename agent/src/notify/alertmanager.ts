import type { Clock, EscalationMessage, Notifier } from '../ports.ts';
import type { ServiceClient } from '../serviceClient.ts';
import { bounded, brief, headline, plain, whatIsLikely, whatWasTried } from './story.ts';

/** What Alertmanager is told, besides the labels that the configuration gives the alert. */
export type AlertmanagerNotifierOptions = {
  readonly channel: string;
  /** The core knows the alert by this name when it comes back through a webhook, and starts nothing. */
  readonly alertName: string;
  /** Less than Alertmanager's `resolve_timeout`, milliseconds. */
  readonly repeatMs: number;
};

/**
 * Posts an escalation as an alert, so that it reaches people by the receivers that they have in Alertmanager
 * already. It has no end while it holds, and is sent again before Alertmanager would take it for resolved.
 */
export class AlertmanagerNotifier implements Notifier {
  readonly channel: string;
  readonly repeatMs: number;
  readonly #alertName: string;
  readonly #client: ServiceClient;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(client: ServiceClient, clock: Pick<Clock, 'now'>, options: AlertmanagerNotifierOptions) {
    this.channel = options.channel;
    this.repeatMs = options.repeatMs;
    this.#alertName = options.alertName;
    this.#client = client;
    this.#clock = clock;
  }

  async deliver(message: EscalationMessage, signal: AbortSignal): Promise<void> {
    await this.#post(message, annotationsOf(message), null, signal);
  }

  async withdraw(message: EscalationMessage, why: string, signal: AbortSignal): Promise<void> {
    const annotations = { ...annotationsOf(message), withdrawal: plain(why) };
    // An end before the beginning is refused; the clock may have been set back since.
    await this.#post(message, annotations, Math.max(this.#clock.now(), message.at), signal);
  }

  async #post(
    message: EscalationMessage,
    annotations: Readonly<Record<string, string>>,
    endsAt: number | null,
    signal: AbortSignal,
  ): Promise<void> {
    const alert = {
      labels: this.#labelsOf(bounded(message)),
      annotations,
      startsAt: new Date(message.at).toISOString(),
      ...(endsAt === null ? {} : { endsAt: new Date(endsAt).toISOString() }),
      // It wants an absolute URI, and refuses the alert without one.
      ...(URL.canParse(message.link) ? { generatorURL: message.link } : {}),
    };
    await this.#client.postJson('/api/v2/alerts', [alert], {}, signal);
  }

  /**
   * These are the alert's identity: the same for every repetition of an escalation and for its withdrawal, and
   * others for every incident. What changes is in the annotations.
   *
   * The target stands in `escalated_target` on purpose: under `service`, `job` or `container` the agent's own label
   * mappings would take this alert for one of the target, if it were ever sent back; and so would the inhibition
   * rules that people write for their services.
   */
  #labelsOf({ target, severity, code, incident }: EscalationMessage): Readonly<Record<string, string>> {
    return {
      alertname: this.#alertName,
      severity,
      escalated_target: target ?? 'unknown',
      escalation_code: code,
      incident,
    };
  }
}

function annotationsOf(unbounded: EscalationMessage): Readonly<Record<string, string>> {
  const message = bounded(unbounded);
  const causes = whatIsLikely(message);
  const alerts = message.alerts.map(({ name }) => name).join(', ');
  return {
    summary: headline(message),
    description: brief(whatWasTried(message), 4_000),
    ...(causes === '' ? {} : { causes: brief(causes, 2_000) }),
    ...(alerts === '' ? {} : { alerts: brief(alerts) }),
    escalation: String(message.number),
    link: message.link,
  };
}
