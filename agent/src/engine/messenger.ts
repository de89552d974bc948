import type { EffectReport } from '../core/context.ts';
import type { Effect } from '../core/effects.ts';
import type { Escalation } from '../core/incident.ts';
import type { Clock, EscalationMessage, Notifier } from '../ports.ts';
import { bounded, deadlineIn, wordsOf } from './deadline.ts';
import { escalationMessage, whyOver } from './escalationMessage.ts';
import { type Letter, Post, type PostedLetter } from './post.ts';
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
  readonly #post: Post;

  constructor(parts: MessengerParts) {
    this.#parts = parts;
    this.#post = new Post(parts.clock);
  }

  /** Delivers an escalation, or withdraws it, when its time has come; reports whether that was accepted. */
  notify(effect: Effect & { kind: 'notify' }, now: () => Scene, report: Report): PostedLetter {
    const { clock } = this.#parts;
    let said: EffectReport | null = null;
    const letter: Letter = {
      channel: effect.channel,
      again: false,
      deliver: async (signal) => {
        said = await this.#tell(effect, now(), signal);
        return null;
      },
      onEnd: async () => {
        if (said !== null) await report(said);
      },
    };
    return this.#post.send(letter, effect.notBefore - clock.now());
  }

  /** Says an escalation again as often as its channel wants it, until it is called off; `null`: never. */
  repeat({ channel, escalation }: Effect & { kind: 'repeat' }, now: () => Scene): PostedLetter | null {
    const repeatMs = this.#parts.notifiers().get(channel)?.repeatMs ?? null;
    if (repeatMs === null) return null;
    const letter: Letter = {
      channel,
      again: true,
      deliver: async (signal) => {
        await this.#tellAgain(channel, escalation, now, signal);
        return repeatMs;
      },
      onEnd: async () => undefined,
    };
    return this.#post.send(letter, repeatMs);
  }

  async #tell(
    { key, channel, withdrawal, escalation }: Effect & { kind: 'notify' },
    // A delivery may have waited for long: it tells what was tried until now.
    scene: Scene,
    signal: AbortSignal,
  ): Promise<EffectReport> {
    const { clock, notifiers } = this.#parts;
    const said = { key, kind: 'notified', channel, withdrawal } as const;
    const notifier = notifiers().get(channel);
    if (notifier === undefined) {
      // Kept for its return while the incident goes on; over, nobody is left to be told.
      const delivered = withdrawal || scene.incident.phase.kind === 'ended';
      return { ...said, delivered, reason: 'the channel is no longer configured' };
    }
    using deadline = deadlineIn(clock, DELIVERY_MS, signal);
    try {
      const message = this.#message(scene, escalation);
      const call = withdrawal
        ? notifier.withdraw(message, whyOver(scene.incident), deadline.signal)
        : notifier.deliver(message, deadline.signal);
      await bounded(call, deadline.signal);
      return { ...said, delivered: true, reason: withdrawal ? 'told that it is over' : 'delivered' };
    } catch (error) {
      return { ...said, delivered: false, reason: wordsOf(error) };
    }
  }

  async #tellAgain(
    channel: string,
    escalation: Escalation,
    now: () => Scene,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, notifiers, onRepeatFailed } = this.#parts;
    using deadline = deadlineIn(clock, DELIVERY_MS, signal);
    try {
      const call = notifiers().get(channel)?.deliver(this.#message(now(), escalation), deadline.signal);
      // Also where the receiver's client does not listen to its signal: it would hold up the end of the agent.
      if (call !== undefined) await bounded(call, deadline.signal);
    } catch (error) {
      // The first delivery is on record; a repeat that fails is counted, and followed by the next one.
      if (!signal.aborted) onRepeatFailed(now().incident.id, error);
    }
  }

  #message({ incident }: Scene, escalation: Escalation): EscalationMessage {
    return escalationMessage(incident, escalation, this.#parts.link(incident.id));
  }
}
