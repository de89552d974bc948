import type { Mode } from './target.ts';

/** A person's word to the agent as a whole; in force until it expires or is taken back, also over restarts. */
export type Control =
  /** `target` null: all. `until` is wall clock, milliseconds. */
  | {
      readonly kind: 'maintenance-start';
      readonly id: string;
      readonly target: string | null;
      readonly until: number;
    }
  | { readonly kind: 'maintenance-end'; readonly id: string }
  | { readonly kind: 'breaker-reset'; readonly target: string }
  /** `mode` null takes an earlier word back. The stricter of this and the configured modes counts. */
  | { readonly kind: 'mode'; readonly target: string | null; readonly mode: Mode | null };
