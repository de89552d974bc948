import type { Clock } from '../ports.ts';

/** Deliveries that one channel is given at once. */
const AT_ONCE = 16;
/** What is due so soon is taken along, milliseconds: ten thousand calls that come again have a time of their own each. */
const SOON_MS = 250;

/** Something that is told through a channel. */
export type Letter = {
  readonly channel: string;
  /** Whether it was told before: what is new goes first. */
  readonly again: boolean;
  /**
   * Tells it, and answers after how many milliseconds it is told again; `null`: never. It must not throw. The signal
   * aborts when it was called off.
   */
  readonly deliver: (signal: AbortSignal) => Promise<number | null>;
  /** It was told for the last time, and its place is free. Not called for one that was called off. It must not throw. */
  readonly onEnd: () => Promise<void>;
};

/** A letter that waits, or is being delivered. */
export interface PostedLetter {
  callOff(reason: Error): void;
  /** Resolves when it is not being delivered, and its end is dealt with. */
  readonly idle: Promise<void>;
}

/**
 * Carries letters to their channels when they are due: a few at once, so that a storm of them, or a receiver that hangs,
 * costs neither thousands of connections nor the way to other receivers. One that waits is an object in a list, and no
 * task of its own: ten thousand calls for people may wait for hours.
 */
export class Post {
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param afterMs When it is due, milliseconds from now. */
  send(letter: Letter, afterMs: number): PostedLetter {
    const lane = this.#lanes.get(letter.channel) ?? new Lane(this.#clock);
    this.#lanes.set(letter.channel, lane);
    return lane.send(letter, afterMs);
  }
}

const IDLE = Promise.resolve();

class Posted implements PostedLetter {
  readonly letter: Letter;
  /** Monotonic, milliseconds. */
  dueAt: number;
  isOff = false;
  idle = IDLE;
  delivery: AbortController | null = null;
  readonly #lane: Lane;

  constructor(letter: Letter, dueAt: number, lane: Lane) {
    this.letter = letter;
    this.dueAt = dueAt;
    this.#lane = lane;
  }

  callOff(reason: Error): void {
    this.isOff = true;
    this.delivery?.abort(reason);
    this.#lane.forget(this);
  }
}

/** The way to one channel. */
class Lane {
  readonly #clock: Clock;
  readonly #waiting = new Set<Posted>();
  /** Due, in the order in which they became so. */
  readonly #news: Posted[] = [];
  readonly #again: Posted[] = [];
  #underWay = 0;
  #alarm: { readonly at: number; readonly callOff: () => void } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  send(letter: Letter, afterMs: number): Posted {
    const posted = new Posted(letter, this.#clock.monotonic() + Math.max(0, afterMs), this);
    this.#await(posted);
    return posted;
  }

  forget(posted: Posted): void {
    this.#waiting.delete(posted);
    if (this.#waiting.size > 0) return;
    this.#alarm?.callOff();
    this.#alarm = null;
  }

  #await(posted: Posted): void {
    this.#waiting.add(posted);
    this.#wakeAt(posted.dueAt);
  }

  #wakeAt(at: number): void {
    if (this.#alarm !== null && this.#alarm.at <= at) return;
    this.#alarm?.callOff();
    const callOff = this.#clock.after(Math.max(0, at - this.#clock.monotonic()), () => this.#wake());
    this.#alarm = { at, callOff };
  }

  #wake(): void {
    this.#alarm = null;
    const soon = this.#clock.monotonic() + SOON_MS;
    let next = Number.POSITIVE_INFINITY;
    for (const posted of this.#waiting) {
      if (posted.dueAt > soon) {
        next = Math.min(next, posted.dueAt);
        continue;
      }
      this.#waiting.delete(posted);
      (posted.letter.again ? this.#again : this.#news).push(posted);
    }
    if (next < Number.POSITIVE_INFINITY) this.#wakeAt(next);
    this.#carry();
  }

  /** Delivers what is due, as far as there is room. */
  #carry(): void {
    while (this.#underWay < AT_ONCE) {
      const posted = this.#news.shift() ?? this.#again.shift();
      if (posted === undefined) return;
      if (posted.isOff) continue;
      this.#underWay += 1;
      posted.idle = this.#deliver(posted);
    }
  }

  async #deliver(posted: Posted): Promise<void> {
    const { letter } = posted;
    const delivery = new AbortController();
    posted.delivery = delivery;
    let againMs: number | null = null;
    try {
      againMs = await letter.deliver(delivery.signal);
    } finally {
      posted.delivery = null;
      this.#underWay -= 1;
      this.#carry();
    }
    if (posted.isOff) return;
    if (againMs === null) return letter.onEnd();
    posted.dueAt = this.#clock.monotonic() + againMs;
    this.#await(posted);
  }
}
