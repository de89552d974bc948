import type { Instance } from '../target.ts';
import { SKEW_MS } from './skew.ts';

type Hold = { readonly how: 'stopped' | 'paused'; readonly at: number };

/** Upper bound, so that a storm cannot grow the memory. */
const HELD_MAX = 10_000;

/**
 * The instances that people stopped or paused through the runtime, until somebody starts them. Where there is no room
 * for one more, its target is held as a whole: what is down of it, and was not started since, is left alone, for nobody
 * can tell any more who stopped it. So the limit costs repairs, and never overrules a person.
 */
export class HeldByPeople {
  /** By target, and there by the instance's id. */
  readonly #held = new Map<string, Map<string, Hold>>();
  /** Targets that are held as a whole, and the last stop that there was no room for. */
  readonly #whole = new Map<string, Hold>();
  #count = 0;

  /** How many instances are remembered, and how many targets are held as a whole. */
  get size(): { readonly instances: number; readonly targets: number } {
    return { instances: this.#count, targets: this.#whole.size };
  }

  /** Docker's own state tells of a pause; a stop is told by its event. */
  how(target: string, instance: Instance): Hold['how'] | null {
    if (instance.status === 'paused') return 'paused';
    if (instance.status === 'running') return null;
    const held = this.#held.get(target)?.get(instance.id) ?? this.#whole.get(target);
    // A run that began later was begun by somebody, also where the event that told of it was lost.
    if (held === undefined || (instance.startedAt ?? 0) > held.at + SKEW_MS) return null;
    return held.how;
  }

  has(target: string, instanceId: string): boolean {
    return this.#held.get(target)?.has(instanceId) === true;
  }

  /** Whether it is held, or may be one of those that there was no room for. */
  mayHave(target: string, instanceId: string): boolean {
    return this.has(target, instanceId) || this.#whole.has(target);
  }

  /** How any instance of the target is held, as far as events told: the latest of it, or null. */
  howAny(target: string): Hold['how'] | null {
    return this.#of(target).at(-1)?.how ?? null;
  }

  /** Whether any instance of the target has been held after `since` and up to `now`, milliseconds. */
  hasAnySince(target: string, since: number, now: number): boolean {
    return this.#of(target).some(({ at }) => at > since && at <= now);
  }

  hold(target: string, instanceId: string, hold: Hold): void {
    this.release(target, instanceId);
    if (this.#count >= HELD_MAX) {
      this.#holdWhole(target, hold);
      return;
    }
    const ofTarget = this.#held.get(target) ?? new Map<string, Hold>();
    this.#held.set(target, ofTarget.set(instanceId, hold));
    this.#count += 1;
  }

  /** Of a target that is held as a whole nobody knows whether this was the last that there was no room for. */
  release(target: string, instanceId: string): void {
    const ofTarget = this.#held.get(target);
    if (ofTarget?.delete(instanceId) !== true) return;
    this.#count -= 1;
    if (ofTarget.size === 0) this.#held.delete(target);
  }

  #of(target: string): readonly Hold[] {
    const whole = this.#whole.get(target);
    const held = [...(this.#held.get(target)?.values() ?? [])];
    return whole === undefined ? held : [...held, whole];
  }

  #holdWhole(target: string, hold: Hold): void {
    this.#whole.delete(target);
    this.#whole.set(target, hold);
    // Far more than there can be targets at once: the one that is forgotten is none any more.
    const [oldest] = this.#whole.keys();
    if (this.#whole.size > HELD_MAX && oldest !== undefined) this.#whole.delete(oldest);
  }
}
