import type { Instance } from '../target.ts';
import { SKEW_MS } from './skew.ts';

type Hold = { readonly how: 'stopped' | 'paused'; readonly at: number };

/** Upper bound, so that a storm cannot grow the memory. */
const HELD_MAX = 10_000;

/** The instances that people stopped or paused through the runtime, until somebody starts them. */
export class HeldByPeople {
  readonly #held = new Map<string, Hold>();

  /** Docker's own state tells of a pause; a stop is told by its event. */
  how(target: string, instance: Instance): Hold['how'] | null {
    if (instance.status === 'paused') return 'paused';
    if (instance.status === 'running') return null;
    const held = this.#held.get(keyOf(target, instance.id));
    // A run that began later was begun by somebody, also where the event that told of it was lost.
    if (held === undefined || (instance.startedAt ?? 0) > held.at + SKEW_MS) return null;
    return held.how;
  }

  has(target: string, instanceId: string): boolean {
    return this.#held.has(keyOf(target, instanceId));
  }

  /** Whether any instance of the target is held. */
  hasAny(target: string): boolean {
    return [...this.#held.keys()].some((key) => key.startsWith(keyOf(target, '')));
  }

  /** Whether any instance of the target has been held after `since` and up to `now`, milliseconds. */
  hasAnySince(target: string, since: number, now: number): boolean {
    const prefix = keyOf(target, '');
    return [...this.#held].some(([key, { at }]) => key.startsWith(prefix) && at > since && at <= now);
  }

  hold(target: string, instanceId: string, hold: Hold): void {
    if (this.#held.size < HELD_MAX) this.#held.set(keyOf(target, instanceId), hold);
  }

  release(target: string, instanceId: string): void {
    this.#held.delete(keyOf(target, instanceId));
  }
}

function keyOf(target: string, instanceId: string): string {
  return `${target} ${instanceId}`;
}
