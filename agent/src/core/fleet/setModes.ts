import { strictestMode } from '../settings.ts';
import type { Mode } from '../target.ts';

/** The modes that people set; a null target stands for all. */
export class SetModes {
  readonly #modes = new Map<string | null, Mode>();

  /** The strictest that was set for a target or for all. */
  of(target: string): Mode {
    return strictestMode(this.#modes.get(null) ?? 'auto', this.#modes.get(target) ?? 'auto');
  }

  all(): readonly { readonly target: string | null; readonly mode: Mode }[] {
    return [...this.#modes].map(([target, mode]) => ({ target, mode }));
  }

  /** `mode` null takes an earlier word back. */
  set(target: string | null, mode: Mode | null): void {
    if (mode === null) this.#modes.delete(target);
    else this.#modes.set(target, mode);
  }
}
