import type { Spending } from './diagnosis.ts';
import type { Control, Draft } from './entry.ts';
import { type Episode, Episodes } from './episodes.ts';
import { strictestMode } from './settings.ts';
import type { Instance, Mode } from './target.ts';

/** One mutation of a target, for the windows that guards look through. */
export type MutationRecord = {
  readonly target: string;
  readonly incident: string;
  readonly at: number;
  /** How many targets were failing when it began, its own among them, and at most soon after it. */
  readonly failingBefore: number;
  failingAfter: number;
};

/** A breaker that a spent budget opened: no mutation of that target until it closes, or until a person closes it. */
export type Breaker = { readonly until: number; readonly reason: string };

/** A window that somebody declared. */
export type Maintenance = {
  readonly id: string;
  /** Null: all targets. */
  readonly target: string | null;
  readonly until: number;
  readonly reason: string;
  readonly who: string;
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

/** How long after a person was asked or called about a target it still counts as failing now, milliseconds. */
const KNOWN_TROUBLE_MS = 600_000;

/** How far the clocks of the agent and of a runtime's host may be apart without a mix-up, milliseconds. */
const SKEW_MS = 500;

/** One call of the agent that acts; `endedAt` is null until it is known how it ended. */
type Act = { readonly target: string; readonly at: number; endedAt: number | null };
const ACTS_MAX = 2_000;

/** How long after a mutation the failures of others are laid at its door, milliseconds. */
const AFTERMATH_MS = 120_000;

type OpenIncident = {
  readonly target: string | null;
  readonly place: string;
  /** Since when a person was asked for an approval or called; null while the agent is at work on it. */
  readonly withPersonSince: number | null;
  readonly mutated: boolean;
};

/** Stands for the fleet as a whole where an incident names its target. */
export const FLEET_PLACE = 'the fleet';

/** An analysis that has not been heard of for so long after its deadline takes no place any more, milliseconds. */
const ANALYSIS_FORGOTTEN_MS = 60_000;
const DAY_MS = 86_400_000;

/** Upper bounds, so that a storm cannot grow the memory. */
const RECORDS_MAX = 20_000;
const HELD_MAX = 10_000;

function heldKey(target: string, instanceId: string): string {
  return `${target} ${instanceId}`;
}

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
  readonly #episodes = new Episodes();
  /** The agent's calls that act, by incident, until it is known how they ended. */
  readonly #underWay = new Map<string, Act>();
  #acts: Act[] = [];
  readonly #breakers = new Map<string, Breaker>();
  /** When a person gave a target a new budget, milliseconds. */
  readonly #resets = new Map<string, number>();
  readonly #maintenance = new Map<string, Maintenance>();
  /** Modes that people set, by target; the empty name stands for all. */
  readonly #modes = new Map<string, Mode>();
  readonly #held = new Map<string, { readonly how: 'stopped' | 'paused'; readonly at: number }>();
  /** Analyses under way, by incident. */
  readonly #analyses = new Map<string, { readonly by: number; readonly budget: Spending }>();
  /** What analyses cost on the day that began then. */
  #analysisDay: Spending & { readonly startsAt: number } = { startsAt: 0, tokens: 0, costUsd: 0 };
  #mutations: MutationRecord[] = [];
  #ends: EndRecord[] = [];

  /** The open incident of a target, or of what stands for an unknown one. */
  openIncidentOf(place: string): string | null {
    return this.#open.get(place) ?? null;
  }

  /** Whether an open incident has no target. */
  isUnplaced(incident: string): boolean {
    return this.#openIncidents.get(incident)?.target === null;
  }

  /** Number of incidents that have not ended. */
  get openCount(): number {
    return this.#openIncidents.size;
  }

  /**
   * Targets that are believed to be failing now. An incident that has been with a person for long, be it for an
   * approval, is known trouble, and what somebody works on is expected to fail: neither says anything about the picture
   * as a whole.
   */
  failingTargets(now: number): readonly string[] {
    const maintained = this.openMaintenance(now);
    const failing: string[] = [];
    for (const { target, withPersonSince } of this.#openIncidents.values()) {
      if (target === null) continue;
      if (withPersonSince !== null && now - withPersonSince >= KNOWN_TROUBLE_MS) continue;
      if (maintained.some((window) => window.target === null || window.target === target)) continue;
      failing.push(target);
    }
    return failing;
  }

  /** Whether half of the fleet failed at once, and the picture has not been clear for long enough since. */
  get isPanicking(): boolean {
    return this.#open.has(FLEET_PLACE);
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

  /** The maintenance of a target that was declared and is not over: the one that ends last. */
  maintenanceOf(target: string, now: number): Maintenance | null {
    const open = this.openMaintenance(now).filter(
      (window) => window.target === null || window.target === target,
    );
    return open.toSorted((one, other) => other.until - one.until)[0] ?? null;
  }

  /** All declared maintenance that is not over. */
  openMaintenance(now: number): readonly Maintenance[] {
    return [...this.#maintenance.values()].filter(({ until }) => until > now);
  }

  /** The strictest mode that people set for a target or for all. */
  modeOf(target: string): Mode {
    return strictestMode(this.#modes.get('') ?? 'auto', this.#modes.get(target) ?? 'auto');
  }

  /** Modes that people set; a null target stands for all. */
  setModes(): readonly { readonly target: string | null; readonly mode: Mode }[] {
    return [...this.#modes].map(([target, mode]) => ({ target: target === '' ? null : target, mode }));
  }

  /** How a person holds an instance down, or null. Docker's own state tells of a pause; a stop is told by its event. */
  heldByPerson(target: string, instance: Instance): 'stopped' | 'paused' | null {
    if (instance.status === 'paused') return 'paused';
    if (instance.status === 'running') return null;
    const held = this.#held.get(heldKey(target, instance.id));
    // A run that began later was begun by somebody, also where the event that told of it was lost.
    if (held === undefined || (instance.startedAt ?? 0) > held.at + SKEW_MS) return null;
    return held.how;
  }

  /** Whether anybody stopped or paused this very instance and did not start it since. */
  isHeld(target: string, instanceId: string): boolean {
    return this.#held.has(heldKey(target, instanceId));
  }

  /** Whether it was heard after `since` and up to `now` that somebody stopped or paused an instance of the target; milliseconds. */
  wasHeldSince(target: string, since: number, now: number): boolean {
    const prefix = heldKey(target, '');
    return [...this.#held].some(([key, { at }]) => key.startsWith(prefix) && at > since && at <= now);
  }

  /** Whether anybody stopped or paused an instance of the target and did not start it since. */
  isHeldByPerson(target: string): boolean {
    return [...this.#held.keys()].some((key) => key.startsWith(heldKey(target, '')));
  }

  /** Whether an incident of the target ended as suppressed after `since`, milliseconds. */
  wasSuppressedSince(target: string, since: number): boolean {
    return this.endsSince(since, target).at(-1)?.outcome === 'suppressed';
  }

  /** Whether what happened to a target at `at` was the agent's own doing: it fell into one of its calls. */
  isOwnDoing(target: string, at: number): boolean {
    return this.#acts.some(
      (act) =>
        act.target === target &&
        at >= act.at - SKEW_MS &&
        at <= (act.endedAt ?? Number.POSITIVE_INFINITY) + SKEW_MS,
    );
  }

  episodeOf(fingerprint: string): Episode | null {
    return this.#episodes.of(fingerprint);
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

  /** Mutations that count against the target's budget: those of the window, since a person last gave it a new one. */
  spentSince(since: number, target: string): number {
    return this.mutationsSince(Math.max(since, this.#resets.get(target) ?? since), target).length;
  }

  /** Incidents that ended after `since`, milliseconds; oldest first. */
  endsSince(since: number, target?: string): readonly EndRecord[] {
    return this.#ends.filter(
      (record) => record.at > since && (target === undefined || record.target === target),
    );
  }

  analysesUnderWay(now: number): number {
    return this.#analysesAt(now).length;
  }

  /** What counts against the day's budget for analyses (UTC): what was spent, and what those under way may spend. */
  analysisSpending(now: number): {
    readonly startsAt: number;
    readonly spent: Spending;
    readonly granted: Spending;
  } {
    const today = Math.floor(now / DAY_MS) * DAY_MS;
    const { startsAt, tokens, costUsd } = this.#analysisDay;
    // A clock that was set back past midnight gives no new budget; one that had run days ahead does not keep it.
    const goesOn = startsAt >= today && startsAt <= today + DAY_MS;
    const granted = this.#analysesAt(now).reduce(
      (sum, { budget }) => ({
        tokens: sum.tokens + budget.tokens,
        costUsd: sum.costUsd + budget.costUsd,
      }),
      { tokens: 0, costUsd: 0 },
    );
    return goesOn
      ? { startsAt, spent: { tokens, costUsd }, granted }
      : { startsAt: today, spent: { tokens: 0, costUsd: 0 }, granted };
  }

  #analysesAt(now: number): readonly { readonly budget: Spending }[] {
    return [...this.#analyses.values()].filter(({ by }) => by + ANALYSIS_FORGOTTEN_MS > now);
  }

  /** Folds one entry. Entries arrive in the order of the journal. */
  apply(entry: Draft): void {
    const { at, incident, target, body } = entry;
    switch (body.type) {
      case 'incident-opened':
        this.#openIncidents.set(body.id, {
          target: body.target,
          place: body.place,
          withPersonSince: null,
          mutated: false,
        });
        this.#open.set(body.place, body.id);
        this.#noteFailure(at);
        return;
      case 'signal-heard':
        if (body.signal.source === 'alertmanager' && incident !== null) {
          const { alert } = body.signal;
          this.#episodes.remember(alert.fingerprint, {
            incident,
            endedAt: this.#episodes.of(alert.fingerprint)?.endedAt ?? 0,
            lastStartsAt: alert.startsAt,
          });
        }
        return;
      case 'signal-ignored':
        if (body.signal.source === 'alertmanager' && body.code === 'resolved-unknown') {
          const { alert } = body.signal;
          const known = this.#episodes.of(alert.fingerprint);
          const endedAt = Math.max(known?.endedAt ?? 0, alert.endsAt ?? at);
          this.#episodes.remember(alert.fingerprint, {
            incident: known?.incident ?? null,
            endedAt,
            lastStartsAt: alert.startsAt,
          });
        }
        return;
      case 'mutation-started':
        if (incident === null || target === null) return;
        this.#beginAct(incident, target, at);
        this.#update(incident, { mutated: true });
        if (body.counts) {
          const failing = this.failingTargets(at).length;
          this.#mutations.push({ target, incident, at, failingBefore: failing, failingAfter: failing });
        } else this.#moveMutation(incident, at);
        this.#forget(at);
        return;
      case 'action-ended':
        if (body.result.outcome !== 'unknown') this.#endAct(incident, at);
        return;
      case 'mutation-confirmed':
        this.#endAct(incident, at);
        return;
      case 'escalated':
        if (incident === null) return;
        this.#handOver(incident, at);
        this.#endAct(incident, at);
        return;
      case 'approval-asked':
        if (incident !== null) this.#handOver(incident, at);
        return;
      case 'person-said':
        if (incident !== null && (body.command === 'approve' || body.command === 'recover'))
          this.#update(incident, { withPersonSince: null });
        return;
      case 'analysis-started':
        if (incident !== null) this.#analyses.set(incident, { by: body.by, budget: body.budget });
        return;
      case 'analysis-ended':
        if (incident !== null) this.#analyses.delete(incident);
        this.#analysisDay = body.day;
        return;
      case 'quarantined':
        if (incident !== null) this.#analyses.delete(incident);
        return;
      case 'clock-jumped':
        if (incident === null) this.#moveInTime(body.byMs);
        return;
      case 'breaker-opened':
        this.#breakers.set(body.target, { until: body.until, reason: body.reason });
        return;
      case 'control-set':
        this.#control(body.control, at, body.reason, body.who);
        return;
      case 'instance-stopped':
        if (target !== null && this.#held.size < HELD_MAX) {
          this.#held.set(heldKey(target, body.instanceId), {
            how: body.by === 'stop' ? 'stopped' : 'paused',
            at,
          });
        }
        return;
      case 'instance-started':
      case 'instance-removed':
        if (target !== null) this.#held.delete(heldKey(target, body.instanceId));
        return;
      case 'incident-ended':
        if (incident !== null) this.#end(incident, target, at, body.outcome);
        return;
      default:
        return;
    }
  }

  /** Its opening may be older than what was folded: then all that is known of it is its end. */
  #end(incident: string, target: string | null, at: number, outcome: string): void {
    const open = this.#openIncidents.get(incident);
    this.#openIncidents.delete(incident);
    this.#endAct(incident, at);
    if (open !== undefined && this.#open.get(open.place) === incident) this.#open.delete(open.place);
    if (target !== null) this.#ends.push({ target, at, outcome, mutated: open?.mutated ?? false });
    this.#episodes.end(incident, at);
    this.#forget(at);
  }

  #control(control: Control, at: number, reason: string, who: string): void {
    switch (control.kind) {
      case 'maintenance-start': {
        const { id, target, until } = control;
        for (const [expired, window] of this.#maintenance)
          if (window.until <= at) this.#maintenance.delete(expired);
        this.#maintenance.set(id, { id, target, until, reason, who });
        return;
      }
      case 'maintenance-end':
        this.#maintenance.delete(control.id);
        return;
      case 'breaker-reset':
        this.#breakers.delete(control.target);
        this.#resets.set(control.target, at);
        return;
      case 'mode':
        if (control.mode === null) this.#modes.delete(control.target ?? '');
        else this.#modes.set(control.target ?? '', control.mode);
        return;
      default:
        control satisfies never;
    }
  }

  #beginAct(incident: string, target: string, at: number): void {
    const act: Act = { target, at, endedAt: null };
    this.#underWay.set(incident, act);
    this.#acts = [...this.#acts.slice(-ACTS_MAX), act];
  }

  #endAct(incident: string | null, at: number): void {
    const act = incident === null ? undefined : this.#underWay.get(incident);
    if (incident === null || act === undefined) return;
    act.endedAt = at;
    this.#underWay.delete(incident);
  }

  /**
   * A further instance, or a repeat of what did not happen, takes no new place in the windows; but the place that it
   * has counts from now on, for it is now that the target is touched.
   */
  #moveMutation(incident: string, at: number): void {
    const index = this.#mutations.findLastIndex((record) => record.incident === incident);
    const [record] = index < 0 ? [] : this.#mutations.splice(index, 1);
    if (record !== undefined) this.#mutations.push({ ...record, at });
  }

  /**
   * As if the wall clock had always shown what it shows since the jump: no budget comes of it, and no pause grows. What
   * people set by the wall clock, and what is compared with the runtime's own times, stays.
   */
  #moveInTime(byMs: number): void {
    this.#mutations = this.#mutations.map((record) => ({ ...record, at: record.at + byMs }));
    this.#ends = this.#ends.map((record) => ({ ...record, at: record.at + byMs }));
    for (const [id, { by, budget }] of this.#analyses) this.#analyses.set(id, { by: by + byMs, budget });
    for (const [target, at] of this.#resets) this.#resets.set(target, at + byMs);
    for (const [target, { until, reason }] of this.#breakers)
      this.#breakers.set(target, { until: until + byMs, reason });
    for (const [id, { withPersonSince: since }] of this.#openIncidents)
      this.#update(id, { withPersonSince: since === null ? null : since + byMs });
  }

  /** It is with a person from the first time on that one was asked or called. */
  #handOver(incident: string, at: number): void {
    this.#update(incident, { withPersonSince: this.#openIncidents.get(incident)?.withPersonSince ?? at });
  }

  #update(incident: string, change: Partial<OpenIncident>): void {
    const open = this.#openIncidents.get(incident);
    if (open !== undefined) this.#openIncidents.set(incident, { ...open, ...change });
  }

  /** More failing targets than when the last mutation began, and soon after it: that is laid at its door. */
  #noteFailure(at: number): void {
    const last = this.#mutations.at(-1);
    if (last === undefined || at - last.at > AFTERMATH_MS) return;
    last.failingAfter = Math.max(last.failingAfter, this.failingTargets(at).length);
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
