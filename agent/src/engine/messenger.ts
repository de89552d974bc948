import type { Effect } from '../core/effects.ts';
import type { Escalation } from '../core/incident.ts';
import type { Clock, EscalationMessage, Notifier } from '../ports.ts';
import { bounded, deadlineIn, wordsOf } from './deadline.ts';
import { escalationMessage, whyOver } from './escalationMessage.ts';
import type { Report, Scene } from './scene.ts';

/** One delivery of an escalation may take this long, milliseconds. */
const DELIVERY_MS = 10_000;

/** What escalations are delivered with. */
export type MessengerParts = {
  readonly clock: Clock;
  /** The channels in force, by name; a reload changes them. */
  readonly notifiers: () => ReadonlyMap<string, Notifier>;
  /** Where the story of an incident can be read. */
  readonly link: (incident: string) => string;
  readonly onRepeatFailed: (incident: string, error: unknown) => void;
};

/** Tells people: once so that it is on record, again while nobody took it, and that it is over. */
export class Messenger {
  readonly #parts: MessengerParts;

  constructor(parts: MessengerParts) {
    this.#parts = parts;
  }

  /** Delivers an escalation, or withdraws it, when its time has come; reports whether that was accepted. */
  async notify(
    effect: Effect & { kind: 'notify' },
    now: () => Scene,
    report: Report,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, notifiers } = this.#parts;
    const { key, channel, withdrawal, escalation } = effect;
    await clock.sleep(Math.max(0, effect.notBefore - clock.now()), signal);
    // A delivery may have waited for long: it tells what was tried until now.
    const scene = now();
    const notifier = notifiers().get(channel);
    if (notifier === undefined) {
      return report({
        key,
        kind: 'notified',
        channel,
        // Kept for its return while the incident goes on; over, nobody is left to be told.
        delivered: withdrawal || scene.incident.phase.kind === 'ended',
        withdrawal,
        reason: 'the channel is no longer configured',
      });
    }
    using deadline = deadlineIn(clock, DELIVERY_MS, signal);
    const message = this.#message(scene, escalation);
    try {
      const call = withdrawal
        ? notifier.withdraw(message, whyOver(scene.incident), deadline.signal)
        : notifier.deliver(message, deadline.signal);
      await bounded(call, deadline.signal);
      await report({
        key,
        kind: 'notified',
        channel,
        delivered: true,
        withdrawal,
        reason: withdrawal ? 'told that it is over' : 'delivered',
      });
    } catch (error) {
      if (signal.aborted) return;
      await report({ key, kind: 'notified', channel, delivered: false, withdrawal, reason: wordsOf(error) });
    }
  }

  /** Says an escalation again as often as its channel wants it, until the signal aborts. */
  async repeat(
    { channel, escalation }: Effect & { kind: 'repeat' },
    now: () => Scene,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, notifiers, onRepeatFailed } = this.#parts;
    const repeatMs = notifiers().get(channel)?.repeatMs ?? null;
    if (repeatMs === null) return;
    while (!signal.aborted) {
      await clock.sleep(repeatMs, signal);
      using deadline = deadlineIn(clock, DELIVERY_MS, signal);
      const notifier = notifiers().get(channel);
      try {
        const call = notifier?.deliver(this.#message(now(), escalation), deadline.signal);
        // Also where the receiver's client does not listen to its signal: it would hold up the end of the agent.
        if (call !== undefined) await bounded(call, deadline.signal);
      } catch (error) {
        // The first delivery is on record; a repeat that fails is counted, and followed by the next one.
        if (!signal.aborted) onRepeatFailed(now().incident.id, error);
      }
    }
  }

  #message({ incident }: Scene, escalation: Escalation): EscalationMessage {
    return escalationMessage(incident, escalation, this.#parts.link(incident.id));
  }
}
