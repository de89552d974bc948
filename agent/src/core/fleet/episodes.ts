import type { Alert } from '../alert.ts';
import { Fingerprints } from './fingerprints.ts';

/** What is remembered of one alert: whether its episode is open, and when the last one ended. */
export type Episode = {
  /** The open incident that the episode belongs to. */
  readonly incident: string | null;
  /** When the last episode was over, milliseconds; a firing that began before is a late copy. */
  readonly endedAt: number;
  /**
   * When what was heard last began, be it a late copy: what its incident shows of the alert is that very copy, and a
   * resolution is held against it. The latest begin of all would keep out the resolution of an earlier firing that came
   * late, and leave that firing open for ever.
   */
  readonly lastStartsAt: number;
};

/** Upper bound, so that a storm cannot grow the memory. */
export const EPISODES_MAX = 50_000;
/** So many are forgotten at once: finding the oldest of a map passes over every place that was emptied before. */
const FORGOTTEN_AT_ONCE = 500;

/**
 * The episodes of alerts, by fingerprint. A storm brings thousands of them in one message, so nothing here costs more
 * the more of them are known. Beyond the limit the oldest that are over are forgotten, and where all are open the
 * oldest of those: their alerts still find the open incident of their target.
 */
export class Episodes {
  readonly #open = new Map<string, Episode & { readonly incident: string }>();
  readonly #over = new Map<string, Episode>();
  /** Of the open ones. */
  readonly #fingerprints = new Fingerprints();

  of(fingerprint: string): Episode | null {
    return this.#open.get(fingerprint) ?? this.#over.get(fingerprint) ?? null;
  }

  /** A firing or a resolution that belongs to an open incident. */
  heard({ fingerprint, startsAt }: Alert, incident: string): void {
    const endedAt = this.of(fingerprint)?.endedAt ?? 0;
    this.remember(fingerprint, { incident, endedAt, lastStartsAt: startsAt });
  }

  /** A resolution that starts nothing: a firing that began before it is a late copy from now on. */
  resolvedUnheard({ fingerprint, startsAt, endsAt }: Alert, at: number): void {
    const known = this.of(fingerprint);
    this.remember(fingerprint, {
      incident: known?.incident ?? null,
      endedAt: Math.max(known?.endedAt ?? 0, endsAt ?? at),
      lastStartsAt: startsAt,
    });
  }

  /** It is the youngest now. */
  remember(fingerprint: string, episode: Episode): void {
    this.#forget(fingerprint);
    const { incident } = episode;
    if (incident === null) this.#over.set(fingerprint, episode);
    else {
      this.#open.set(fingerprint, { ...episode, incident });
      this.#fingerprints.add(incident, fingerprint);
    }
    if (this.#open.size + this.#over.size <= EPISODES_MAX) return;
    const oldest = (this.#over.size > 0 ? this.#over : this.#open).keys().take(FORGOTTEN_AT_ONCE).toArray();
    for (const each of oldest) this.#forget(each);
  }

  /** The incident ended, and all episodes that belong to it. */
  end(incident: string, at: number): void {
    for (const fingerprint of this.#fingerprints.take(incident)) {
      const episode = this.#open.get(fingerprint);
      this.#open.delete(fingerprint);
      if (episode !== undefined) this.#over.set(fingerprint, { ...episode, incident: null, endedAt: at });
    }
  }

  #forget(fingerprint: string): void {
    this.#over.delete(fingerprint);
    const open = this.#open.get(fingerprint);
    if (open === undefined) return;
    this.#open.delete(fingerprint);
    this.#fingerprints.delete(open.incident, fingerprint);
  }
}
