import type { Control } from '../../src/core/control.ts';
import type { Entry } from '../../src/core/entry.ts';
import { strictestMode } from '../../src/core/settings.ts';
import type { Mode } from '../../src/core/target.ts';
import type { RecurringSpec } from '../plan/plan.ts';

const DAY_MS = 86_400_000;

/** What people set, as the durable journal has it; read apart from the agent's own fold, so that the one is held to the other. */
export class Controls {
  readonly #modes = new Map<string | null, Mode>();
  readonly #maintenance = new Map<string, { readonly target: string | null; readonly until: number }>();

  written({ at, body }: Entry): void {
    // What was over once does not begin again when the clock is set back: whoever declared it was done.
    for (const [id, { until }] of this.#maintenance) if (until <= at) this.#maintenance.delete(id);
    if (body.type === 'control-set') this.#set(body.control);
  }

  /** The strictest mode that people set for a service. */
  modeOf(service: string): Mode {
    return strictestMode(this.#modes.get(null) ?? 'auto', this.#modes.get(service) ?? 'auto');
  }

  /** The declared maintenance that a service is in by a wall clock, or null. */
  maintenanceOf(service: string, wall: number): string | null {
    for (const [id, { target, until }] of this.#maintenance)
      if ((target === null || target === service) && until > wall) return id;
    return null;
  }

  #set(control: Control): void {
    switch (control.kind) {
      case 'mode':
        if (control.mode === null) this.#modes.delete(control.target);
        else this.#modes.set(control.target, control.mode);
        return;
      case 'maintenance-start':
        this.#maintenance.set(control.id, control);
        return;
      case 'maintenance-end':
        this.#maintenance.delete(control.id);
        return;
      case 'breaker-reset':
        return;
      default:
        control satisfies never;
    }
  }
}

/** Whether a window that comes again each day is open for a service by a wall clock. */
export function isOpen(
  { of, startMinute, durationMs }: RecurringSpec,
  service: string,
  wall: number,
): boolean {
  const sinceMs = (wall - startMinute * 60_000) % DAY_MS;
  return (of === null || of === service) && sinceMs < durationMs;
}
