import type { Draft } from './entry.ts';

/** One mutation of a target, for the windows that guards look through. */
export type MutationRecord = {
  readonly target: string;
  readonly incident: string;
  readonly at: number;
  /** How many other targets began to fail soon after it; the `worse` guard counts them. */
  failedAfter: number;
};

/** A breaker that a spent budget opened: no mutation of that target until it closes, or until a person closes it. */
export type Breaker = { readonly until: number; readonly reason: string };

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

/** How long after an escalation its target still counts as failing now, milliseconds. */
const KNOWN_TROUBLE_MS = 600_000;

/** A run that began this soon after a mutation of the agent was begun by it, milliseconds. */
const OWN_RUN_MS = 120_000;

/** How long after a mutation the failures of others are laid at its door, milliseconds. */
const AFTERMATH_MS = 120_000;

type OpenIncident = {
  readonly target: string | null;
  readonly place: string;
  readonly escalatedAt: number | null;
  readonly mutated: boolean;
};

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
  readonly #openIncidents = new Map<string, OpenIncident>();
  readonly #episodes = new Map<string, Episode>();
  readonly #underWay = new Map<string, string>();
  readonly #breakers = new Map<string, Breaker>();
  #mutations: MutationRecord[] = [];
  #ends: EndRecord[] = [];

  /** The open incident of a target, or of what stands for an unknown one. */
  openIncidentOf(place: string): string | null {
    return this.#open.get(place) ?? null;
  }

  /** Number of incidents that have not ended. */
  get openCount(): number {
    return this.#openIncidents.size;
  }

  /**
   * Targets that are believed to be failing now. An incident that has been with a person for long is known trouble
   * and says nothing about the picture as a whole.
   */
  failingTargets(now: number): readonly string[] {
    return [...this.#openIncidents.values()].flatMap(({ target, escalatedAt }) =>
      target !== null && (escalatedAt === null || now - escalatedAt < KNOWN_TROUBLE_MS) ? [target] : [],
    );
  }

  /** The target's open breaker, if there is one. */
  breakerOf(target: string, now: number): Breaker | null {
    const breaker = this.#breakers.get(target);
    return breaker !== undefined && breaker.until > now ? breaker : null;
  }

  /** Targets whose breaker is open. */
  openBreakers(now: number): readonly (Breaker & { readonly target: string })[] {
    return [...this.#breakers].flatMap(([target, breaker]) =>
      breaker.until > now ? [{ target, ...breaker }] : [],
    );
  }

  /** Whether a run that began at `startedAt` was begun by a mutation of the agent, not by someone else. */
  isOwnRun(target: string, startedAt: number): boolean {
    return this.#mutations.some(
      (record) => record.target === target && startedAt >= record.at && startedAt - record.at < OWN_RUN_MS,
    );
  }

  episodeOf(fingerprint: string): Episode | null {
    return this.#episodes.get(fingerprint) ?? null;
  }

  /** Targets that are being mutated at this moment. */
  underWay(): readonly string[] {
    return [...new Set(this.#underWay.values())];
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
        this.#openIncidents.set(body.id, {
          target: body.target,
          place: body.place,
          escalatedAt: null,
          mutated: false,
        });
        this.#open.set(body.place, body.id);
        this.#noteFailure(body.target, at);
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
        this.#underWay.set(incident, target);
        this.#update(incident, { mutated: true });
        if (body.counts) {
          this.#mutations.push({ target, incident, at, failedAfter: 0 });
          this.#forget(at);
        }
        return;
      case 'action-ended':
        if (incident !== null && body.result.outcome !== 'unknown') this.#underWay.delete(incident);
        return;
      case 'mutation-confirmed':
        if (incident !== null) this.#underWay.delete(incident);
        return;
      case 'escalated':
        if (incident === null) return;
        this.#update(incident, { escalatedAt: at });
        this.#underWay.delete(incident);
        return;
      case 'breaker-opened':
        this.#breakers.set(body.target, { until: body.until, reason: body.reason });
        return;
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
    if (open === undefined) return;
    if (this.#open.get(open.place) === incident) this.#open.delete(open.place);
    if (open.target !== null) this.#ends.push({ target: open.target, at, outcome, mutated: open.mutated });
    for (const [fingerprint, episode] of this.#episodes) {
      if (episode.incident === incident)
        this.#episodes.set(fingerprint, { ...episode, incident: null, endedAt: at });
    }
    this.#forget(at);
  }

  #update(incident: string, change: Partial<OpenIncident>): void {
    const open = this.#openIncidents.get(incident);
    if (open !== undefined) this.#openIncidents.set(incident, { ...open, ...change });
  }

  /** Lays a new failure at the door of the last mutation, if that was a moment ago and of another target. */
  #noteFailure(target: string | null, at: number): void {
    const last = this.#mutations.at(-1);
    if (last === undefined || target === null || last.target === target) return;
    if (at - last.at <= AFTERMATH_MS) last.failedAfter += 1;
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
