/** The fingerprints that belong to each incident. Nearly always it is one, and then there is no set for it. */
export class Fingerprints {
  readonly #of = new Map<string, string | Set<string>>();

  add(incident: string, fingerprint: string): void {
    const known = this.#of.get(incident);
    if (known === undefined) this.#of.set(incident, fingerprint);
    else if (typeof known !== 'string') known.add(fingerprint);
    else if (known !== fingerprint) this.#of.set(incident, new Set([known, fingerprint]));
  }

  delete(incident: string, fingerprint: string): void {
    const known = this.#of.get(incident);
    if (known === fingerprint) this.#of.delete(incident);
    if (known === undefined || typeof known === 'string') return;
    known.delete(fingerprint);
    if (known.size === 0) this.#of.delete(incident);
  }

  /** Those of an incident, which has none from now on. */
  take(incident: string): Iterable<string> {
    const known = this.#of.get(incident) ?? [];
    this.#of.delete(incident);
    return typeof known === 'string' ? [known] : known;
  }
}
