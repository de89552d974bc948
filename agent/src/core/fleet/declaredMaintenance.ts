/** A window that somebody declared. */
export type Maintenance = {
  readonly id: string;
  /** Null: all targets. */
  readonly target: string | null;
  readonly until: number;
  readonly reason: string;
  readonly who: string;
};

/** The windows that people declared, by their id; they end by the wall clock, whatever jumps. */
export class DeclaredMaintenance {
  readonly #windows = new Map<string, Maintenance>();

  /** The open window of a target that ends last. */
  of(target: string, now: number): Maintenance | null {
    let last: Maintenance | null = null;
    for (const window of this.#windows.values()) {
      const isFor = window.until > now && (window.target === null || window.target === target);
      if (isFor && window.until > (last?.until ?? 0)) last = window;
    }
    return last;
  }

  allOpen(now: number): readonly Maintenance[] {
    return [...this.#windows.values()].filter(({ until }) => until > now);
  }

  start(window: Maintenance, at: number): void {
    for (const [expired, { until }] of this.#windows) if (until <= at) this.#windows.delete(expired);
    this.#windows.set(window.id, window);
  }

  end(id: string): void {
    this.#windows.delete(id);
  }
}
