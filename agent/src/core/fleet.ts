import type { Draft } from './entry.ts';

/** One mutation of a target, for the windows that guards look through. */
export type MutationRecord = {
  readonly target: string;
  readonly incident: string;
  readonly at: number;
  /** How many targets were failing when it began; the `worse` guard compares. */
  readonly failingBefore: number;
};

/** What is remembered of one alert: whether its episode is open, and when the last one ended. */
export type Episode = {
  /** The open incident that the episode belongs to. */
  readonly incident: string | null;
  /** When the last episode was over, milliseconds; a firing that began before is a late copy. */
  readonly endedAt: number;
  readonly lastStartsAt: number;
};

/** How one incident of a target went, for the flap count. */
export type EndRecord = {
  readonly target: string;
  readonly at: number;
  readonly outcome: string;
  readonly mutated: boolean;
};

/** How long anything is remembered beyond the guards' own windows, milliseconds. */
export const FLEET_MEMORY_MS = 3_600_000;

/** Upper bounds, so that a storm cannot grow the memory. */
const EPISODES_MAX = 50_000;
const RECORDS_MAX = 20_000;

/**
 * What must be known beyond one incident: who was mutated when, which targets have trouble now. The second fold
 * over the same journal; the permission for a mutating step is decided and recorded through it, one at a time.
 *
 * Folded in place, for a fleet of thousands; the engine throws the whole away and folds the journal anew when an
 * append fails.
 */
export class Fleet {
  readonly #open = new Map<string, string>();
  readonly #openIncidents = new Map<
    string,
    { target: string | null; escalated: boolean; mutated: boolean }
  >();
  readonly #episodes = new Map<string, Episode>();
  readonly #underWay = new Map<string, { target: string; since: number }>();
  #mutations: MutationRecord[] = [];
  #ends: EndRecord[] = [];

  /** The open incident of a target, if there is one. */
  openIncidentOf(target: string): string | null {
    return this.#open.get(target) ?? null;
  }

  /** Number of incidents that have not ended. */
  get openCount(): number {
    return this.#openIncidents.size;
  }

  /** Names of the targets with an open incident: what the agent believes to be failing now. */
  failingTargets(): readonly string[] {
    return [...this.#open.keys()];
  }

  episodeOf(fingerprint: string): Episode | null {
    return this.#episodes.get(fingerprint) ?? null;
  }

  /** Targets that are being mutated at this moment. */
  underWay(): readonly string[] {
    return [...new Set([...this.#underWay.values()].map(({ target }) => target))];
  }

  /** Mutations that began after `since`, milliseconds; oldest first. */
  mutationsSince(since: number, target?: string): readonly MutationRecord[] {
    return this.#mutations.filter(
      (record) => record.at > since && (target === undefined || record.target === target),
    );
  }

  /** Incidents that ended after `since`, milliseconds; oldest first. */
  endsSince(since: number, target?: string): readonly EndRecord[] {
    return this.#ends.filter(
      (record) => record.at > since && (target === undefined || record.target === target),
    );
  }

  /** Folds one entry. Entries arrive in the order of the journal. */
  apply(entry: Draft): void {
    const { at, incident, target, body } = entry;
    switch (body.type) {
      case 'incident-opened':
        this.#openIncidents.set(body.id, { target: body.target, escalated: false, mutated: false });
        if (body.target !== null) this.#open.set(body.target, body.id);
        return;
      case 'signal-heard':
        if (body.signal.source === 'alertmanager' && incident !== null) {
          const { alert } = body.signal;
          this.#remember(alert.fingerprint, {
            incident,
            endedAt: this.#endedAt(alert.fingerprint),
            lastStartsAt: alert.startsAt,
          });
        }
        return;
      case 'signal-ignored':
        if (body.signal.source === 'alertmanager' && body.code === 'resolved-unknown') {
          const { alert } = body.signal;
          const known = this.#episodes.get(alert.fingerprint);
          const endedAt = Math.max(known?.endedAt ?? 0, alert.endsAt ?? at);
          this.#remember(alert.fingerprint, {
            incident: known?.incident ?? null,
            endedAt,
            lastStartsAt: alert.startsAt,
          });
        }
        return;
      case 'mutation-started':
        if (incident === null || target === null) return;
        this.#underWay.set(incident, { target, since: at });
        this.#openIncidents.set(incident, { target, escalated: false, mutated: true });
        if (body.counts) {
          this.#mutations.push({ target, incident, at, failingBefore: this.#open.size });
          this.#forget(at);
        }
        return;
      case 'action-ended':
        if (incident !== null && body.result.outcome !== 'unknown') this.#underWay.delete(incident);
        return;
      case 'mutation-confirmed':
        if (incident !== null) this.#underWay.delete(incident);
        return;
      case 'escalated': {
        const open = incident === null ? undefined : this.#openIncidents.get(incident);
        if (open !== undefined) open.escalated = true;
        if (incident !== null) this.#underWay.delete(incident);
        return;
      }
      case 'incident-ended':
        if (incident !== null) this.#end(incident, at, body.outcome);
        return;
      default:
        return;
    }
  }

  #end(incident: string, at: number, outcome: string): void {
    const open = this.#openIncidents.get(incident);
    this.#openIncidents.delete(incident);
    this.#underWay.delete(incident);
    const target = open?.target ?? null;
    if (target !== null) {
      if (this.#open.get(target) === incident) this.#open.delete(target);
      this.#ends.push({ target, at, outcome, mutated: open?.mutated ?? false });
    }
    for (const [fingerprint, episode] of this.#episodes) {
      if (episode.incident === incident)
        this.#episodes.set(fingerprint, { ...episode, incident: null, endedAt: at });
    }
    this.#forget(at);
  }

  #endedAt(fingerprint: string): number {
    return this.#episodes.get(fingerprint)?.endedAt ?? 0;
  }

  #remember(fingerprint: string, episode: Episode): void {
    this.#episodes.delete(fingerprint);
    this.#episodes.set(fingerprint, episode);
    if (this.#episodes.size <= EPISODES_MAX) return;
    const oldestClosed = [...this.#episodes].find(([, { incident }]) => incident === null);
    if (oldestClosed !== undefined) this.#episodes.delete(oldestClosed[0]);
  }

  #forget(now: number): void {
    const since = now - FLEET_MEMORY_MS * 2;
    if (this.#mutations.length > RECORDS_MAX || (this.#mutations[0]?.at ?? now) < since) {
      this.#mutations = this.#mutations.filter(({ at }) => at >= since).slice(-RECORDS_MAX);
    }
    if (this.#ends.length > RECORDS_MAX || (this.#ends[0]?.at ?? now) < since) {
      this.#ends = this.#ends.filter(({ at }) => at >= since).slice(-RECORDS_MAX);
    }
  }
}
