import { findTarget } from '../core/findTarget.ts';
import type { Settings } from '../core/settings.ts';
import type { Signal } from '../core/signal.ts';
import type { AlertMessage, AlertReader, Clock, RuntimeEvent } from '../ports.ts';
import type { Census } from './census.ts';
import { deadlineIn } from './deadline.ts';
import type { Decider } from './decider.ts';
import type { Recorder } from './recorder.ts';
import { weighRuntimeEvent } from './runtimeWord.ts';
import type { Waker } from './waker.ts';

/** Reading back what a truncated message left out may take this long, milliseconds. */
const READ_BACK_MS = 3_000;

type Redact = (text: string) => string;

type HearingParts = {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly decider: Decider;
  readonly census: Census;
  readonly settings: () => Settings;
  /** Without it, what a truncated message left out stays unheard. */
  readonly alertReader: AlertReader | null;
  readonly redact: Redact;
  readonly waker: Waker;
  /** Aborts when the agent ends. */
  readonly over: AbortSignal;
};

/**
 * Hears what comes from outside, and has it placed. What it takes is durable when its promise resolves; it rejects with
 * `JournalError` when it could not be written, and with `OVERLOADED` when there is no room.
 */
export class Hearing {
  readonly #parts: HearingParts;

  constructor(parts: HearingParts) {
    this.#parts = parts;
  }

  /** One message of Alertmanager: taken whole, with what it left out, or not at all. */
  async hearAlerts(message: AlertMessage): Promise<void> {
    const { census, decider, settings, over } = this.#parts;
    const left = message.truncated > 0 ? await this.#readBack(message) : null;
    const alerts = [...message.alerts, ...(left ?? [])];
    const known = (labels: Signal & { source: 'alertmanager' }) =>
      findTarget(labels.alert.labels, settings().labelMappings, census.targets).kind === 'found';
    const signals = alerts.map(
      (alert) => ({ source: 'alertmanager', alert, receiver: message.receiver }) as const,
    );
    // A container may be younger than the last census: it is taken anew before a signal is said to have no target.
    if (!signals.every(known)) await census.refreshSoon(over);
    decider.mustHaveRoom(signals);
    // Each for itself, in one commit: one that cannot be decided takes no other with it.
    const heard = signals.map((signal) => this.hear(signal));
    if (message.truncated > 0) heard.push(this.#noteTruncated(message, left !== null));
    await Promise.allSettled(heard);
    await Promise.all(heard);
  }

  hear(signal: Signal): Promise<void> {
    const { recorder, decider, redact } = this.#parts;
    return recorder.submit(() => decider.receive(withoutSecrets(signal, redact)));
  }

  async hearRuntime(event: RuntimeEvent): Promise<void> {
    const { recorder, waker } = this.#parts;
    const word = weighRuntimeEvent(event, recorder.memory.fleet);
    if (word.kind === 'signal') await this.hear(word.signal);
    if (word.kind === 'entry') await recorder.record(event.target, word.body);
    if (word.kind === 'wake') waker.wakeTarget(event.target, word.reason);
  }

  /** Alerts that had no target may have one now: each is placed as if it came again. */
  async placeAnew(): Promise<void> {
    const { recorder } = this.#parts;
    const unplaced = recorder.memory
      .incidents()
      .filter(({ target, alerts }) => target === null && alerts.size > 0);
    for (const { alerts, openedAt } of unplaced) {
      for (const [fingerprint, { labels, generatorUrl, status }] of alerts) {
        if (status === 'resolved') continue;
        const alert = {
          fingerprint,
          status,
          labels,
          annotations: {},
          // Its own begin, as far as it is remembered: what was old news, or a late copy, is so still.
          startsAt: recorder.memory.fleet.episodeOf(fingerprint)?.lastStartsAt ?? openedAt,
          endsAt: null,
          generatorUrl,
        };
        await this.hear({ source: 'alertmanager', alert, receiver: '' });
      }
    }
  }

  #noteTruncated({ truncated: count, receiver }: AlertMessage, readBack: boolean): Promise<void> {
    return this.#parts.recorder.record(null, { type: 'alerts-truncated', count, receiver, readBack });
  }

  async #readBack(message: AlertMessage): Promise<AlertMessage['alerts'] | null> {
    const { alertReader, clock, over } = this.#parts;
    if (alertReader === null) return null;
    using deadline = deadlineIn(clock, READ_BACK_MS, over);
    try {
      const told = new Set(message.alerts.map(({ fingerprint }) => fingerprint));
      const active = await alertReader.activeAlerts(message.receiver, deadline.signal);
      return active.filter(({ fingerprint }) => !told.has(fingerprint));
    } catch {
      return null; // Journaled and counted as not read back.
    }
  }
}

/** Annotations are words for people; labels stay as they are, for they say who is meant. */
function withoutSecrets(signal: Signal, redact: Redact): Signal {
  if (signal.source !== 'alertmanager') return signal;
  const { alert } = signal;
  const annotations = Object.entries(alert.annotations).map(([name, text]) => [name, redact(text)] as const);
  return {
    ...signal,
    alert: {
      ...alert,
      annotations: Object.fromEntries(annotations),
      generatorUrl: redact(alert.generatorUrl),
    },
  };
}
