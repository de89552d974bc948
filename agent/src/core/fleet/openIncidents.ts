type OpenIncident = {
  readonly target: string | null;
  readonly place: string;
  /** Since when a person was asked for an approval or called; null while the agent is at work on it. */
  readonly withPersonSince: number | null;
  readonly mutated: boolean;
};

/** How long after a person was asked or called about a target it still counts as failing now, milliseconds. */
const KNOWN_TROUBLE_MS = 600_000;

/** The incidents that have not ended, at most one a place. */
export class OpenIncidents {
  readonly #byPlace = new Map<string, string>();
  readonly #incidents = new Map<string, OpenIncident>();

  /** The open incident of a target, or of what stands for an unknown one. */
  at(place: string): string | null {
    return this.#byPlace.get(place) ?? null;
  }

  get count(): number {
    return this.#incidents.size;
  }

  isUnplaced(incident: string): boolean {
    return this.#incidents.get(incident)?.target === null;
  }

  /**
   * Targets that have an open incident, but for those that `isExpected` to fail. An incident that has been with a
   * person for long is known trouble, and says nothing about the picture as a whole.
   */
  failing(now: number, isExpected: (target: string) => boolean): readonly string[] {
    const failing: string[] = [];
    for (const { target, withPersonSince } of this.#incidents.values()) {
      if (target === null) continue;
      if (withPersonSince !== null && now - withPersonSince >= KNOWN_TROUBLE_MS) continue;
      if (isExpected(target)) continue;
      failing.push(target);
    }
    return failing;
  }

  begin(incident: string, target: string | null, place: string): void {
    this.#incidents.set(incident, { target, place, withPersonSince: null, mutated: false });
    this.#byPlace.set(place, incident);
  }

  noteMutation(incident: string): void {
    this.#update(incident, { mutated: true });
  }

  /** It is with a person from the first time on that one was asked or called. */
  handOver(incident: string, at: number): void {
    this.#update(incident, { withPersonSince: this.#incidents.get(incident)?.withPersonSince ?? at });
  }

  /** The person gave it back to the agent. */
  takeBack(incident: string): void {
    this.#update(incident, { withPersonSince: null });
  }

  /** Its opening may be older than what was folded: then it is not known to have mutated anything. */
  end(incident: string): { readonly mutated: boolean } {
    const open = this.#incidents.get(incident);
    this.#incidents.delete(incident);
    if (open !== undefined && this.#byPlace.get(open.place) === incident) this.#byPlace.delete(open.place);
    return { mutated: open?.mutated ?? false };
  }

  moveInTime(byMs: number): void {
    for (const [id, { withPersonSince: since }] of this.#incidents)
      this.#update(id, { withPersonSince: since === null ? null : since + byMs });
  }

  #update(incident: string, change: Partial<OpenIncident>): void {
    const open = this.#incidents.get(incident);
    if (open !== undefined) this.#incidents.set(incident, { ...open, ...change });
  }
}
