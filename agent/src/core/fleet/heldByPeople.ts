import type { Instance } from '../target.ts';
import { SKEW_MS } from './skew.ts';

type Hold = { readonly how: 'stopped' | 'paused'; readonly at: number };

/** Upper bound, so that a storm cannot grow the memory. */
const HELD_MAX = 10_000;

/** The instances that people stopped or paused through the runtime, until somebody starts them. */
export class HeldByPeople {
  /** By target, and there by the instance's id. */
  readonly #held = new Map<string, Map<string, Hold>>();
  #count = 0;

  /** Docker's own state tells of a pause; a stop is told by its event. */
  how(target: string, instance: Instance): Hold['how'] | null {
    if (instance.status === 'paused') return 'paused';
    if (instance.status === 'running') return null;
    const held = this.#held.get(target)?.get(instance.id);
    // A run that began later was begun by somebody, also where the event that told of it was lost.
    if (held === undefined || (instance.startedAt ?? 0) > held.at + SKEW_MS) return null;
    return held.how;
  }

  has(target: string, instanceId: string): boolean {
    return this.#held.get(target)?.has(instanceId) === true;
  }

  /** How any instance of the target is held, as far as events told: the latest of it, or null. */
  howAny(target: string): Hold['how'] | null {
    return [...(this.#held.get(target)?.values() ?? [])].at(-1)?.how ?? null;
  }

  /** Whether any instance of the target has been held after `since` and up to `now`, milliseconds. */
  hasAnySince(target: string, since: number, now: number): boolean {
    return [...(this.#held.get(target)?.values() ?? [])].some(({ at }) => at > since && at <= now);
  }

  hold(target: string, instanceId: string, hold: Hold): void {
    if (this.#count >= HELD_MAX) return;
    this.release(target, instanceId);
    const ofTarget = this.#held.get(target) ?? new Map<string, Hold>();
    this.#held.set(target, ofTarget.set(instanceId, hold));
    this.#count += 1;
  }

  release(target: string, instanceId: string): void {
    const ofTarget = this.#held.get(target);
    if (ofTarget?.delete(instanceId) !== true) return;
    this.#count -= 1;
    if (ofTarget.size === 0) this.#held.delete(target);
  }
}
