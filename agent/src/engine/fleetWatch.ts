import type { Context } from '../core/context.ts';
import { FLEET_PLACE } from '../core/fleet.ts';
import { isPanic, PANIC_HOLD_MS } from '../core/panic.ts';

/**
 * What there is to say of the fleet as a whole: a panic begins; under it the picture begins to be clear, or is so no
 * more; it was clear for long enough, and the panic is over.
 */
export type FleetNews = 'panic' | 'clearing' | 'failing-again' | 'clear';

/** Follows for how long the picture of the fleet has been clear under a panic. */
export class FleetWatch {
  /** Since when it is clear, monotonic; of a fleet that was thrown away, since it was not durable, nothing counts. */
  #clear: { readonly fleet: Context['fleet']; readonly since: number } | null = null;

  /** Changes nothing: asked at any time, also of what is not durable yet. `now` is monotonic, milliseconds. */
  news(context: Context, now: number): FleetNews | null {
    const isOpen = context.fleet.openIncidentOf(FLEET_PLACE) !== null;
    const clearSince = this.#clear?.fleet === context.fleet ? this.#clear.since : null;
    if (isPanic(context)) {
      if (!isOpen) return 'panic';
      return clearSince === null ? null : 'failing-again';
    }
    if (!isOpen) return null;
    if (clearSince === null) return 'clearing';
    return now - clearSince >= PANIC_HOLD_MS ? 'clear' : null;
  }

  /** Takes note of what there is to say, and answers it. */
  follow(context: Context, now: number): FleetNews | null {
    const news = this.news(context, now);
    if (news !== null) this.#clear = news === 'clearing' ? { fleet: context.fleet, since: now } : null;
    return news;
  }
}
