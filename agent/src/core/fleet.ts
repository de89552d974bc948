import type { Draft } from './entry.ts';
import type { AnalysisSpending } from './fleet/analyses.ts';
import type { Breaker } from './fleet/breakers.ts';
import type { Maintenance } from './fleet/declaredMaintenance.ts';
import type { EndRecord } from './fleet/ends.ts';
import type { Episode } from './fleet/episodes.ts';
import { foldIntoFleet } from './fleet/fold.ts';
import type { MutationRecord } from './fleet/mutations.ts';
import { FleetParts } from './fleet/parts.ts';
import type { Instance, Mode } from './target.ts';

/** Stands for the fleet as a whole where an incident names its target. */
export const FLEET_PLACE = 'the fleet';

/**
 * What must be known beyond one incident: who was mutated when, which targets have trouble now. The second fold
 * over the same journal; the permission for a mutating step is decided and recorded through it, one at a time.
 *
 * Folded in place, for a fleet of thousands; the engine throws the whole away and folds the journal anew when an
 * append fails.
 */
export class Fleet {
  readonly #parts = new FleetParts();

  /** Folds one entry. Entries arrive in the order of the journal. */
  apply(entry: Draft): void {
    foldIntoFleet(this.#parts, entry);
  }

  /** The open incident of a target, or of what stands for an unknown one. */
  openIncidentOf(place: string): string | null {
    return this.#parts.incidents.at(place);
  }

  /** Whether an open incident has no target. */
  isUnplaced(incident: string): boolean {
    return this.#parts.incidents.isUnplaced(incident);
  }

  /** Number of incidents that have not ended. */
  get openCount(): number {
    return this.#parts.incidents.count;
  }

  /**
   * Targets that are believed to be failing now. An incident that has been with a person for long, be it for an
   * approval, is known trouble, and what somebody works on is expected to fail: neither says anything about the picture
   * as a whole.
   */
  failingTargets(now: number): readonly string[] {
    return this.#parts.failingTargets(now);
  }

  /** Whether half of the fleet failed at once, and the picture has not been clear for long enough since. */
  get isPanicking(): boolean {
    return this.#parts.incidents.at(FLEET_PLACE) !== null;
  }

  /** The target's open breaker, if there is one. */
  breakerOf(target: string, now: number): Breaker | null {
    return this.#parts.breakers.of(target, now);
  }

  /** Targets whose breaker is open. */
  openBreakers(now: number): readonly (Breaker & { readonly target: string })[] {
    return this.#parts.breakers.allOpen(now);
  }

  /** The maintenance of a target that was declared and is not over: the one that ends last. */
  maintenanceOf(target: string, now: number): Maintenance | null {
    return this.#parts.maintenance.of(target, now);
  }

  /** All declared maintenance that is not over. */
  openMaintenance(now: number): readonly Maintenance[] {
    return this.#parts.maintenance.allOpen(now);
  }

  /** The strictest mode that people set for a target or for all. */
  modeOf(target: string): Mode {
    return this.#parts.modes.of(target);
  }

  /** Modes that people set; a null target stands for all. */
  setModes(): readonly { readonly target: string | null; readonly mode: Mode }[] {
    return this.#parts.modes.all();
  }

  /** How a person holds an instance down, or null. */
  heldByPerson(target: string, instance: Instance): 'stopped' | 'paused' | null {
    return this.#parts.held.how(target, instance);
  }

  /** Whether anybody stopped or paused this very instance and did not start it since. */
  isHeld(target: string, instanceId: string): boolean {
    return this.#parts.held.has(target, instanceId);
  }

  /** Whether this very instance is held, or may be: more are held of its target than were remembered one by one. */
  mayBeHeld(target: string, instanceId: string): boolean {
    return this.#parts.held.mayHave(target, instanceId);
  }

  /** How many instances are held by people, and how many targets as a whole, since there was no room for more of them. */
  get holds(): { readonly instances: number; readonly targets: number } {
    return this.#parts.held.size;
  }

  /** Whether it was heard after `since` and up to `now` that somebody stopped or paused an instance of the target; milliseconds. */
  wasHeldSince(target: string, since: number, now: number): boolean {
    return this.#parts.held.hasAnySince(target, since, now);
  }

  /** How a person holds any instance of the target down, as far as the runtime's events told, or null. */
  holdOf(target: string): 'stopped' | 'paused' | null {
    return this.#parts.held.howAny(target);
  }

  /** Whether anybody stopped or paused an instance of the target and did not start it since. */
  isHeldByPerson(target: string): boolean {
    return this.holdOf(target) !== null;
  }

  /** Whether an incident of the target ended as suppressed after `since`, milliseconds. */
  wasSuppressedSince(target: string, since: number): boolean {
    return this.endsOf(target, since).at(-1)?.outcome === 'suppressed';
  }

  /** Whether what happened to a target at `at` was the agent's own doing: it fell into one of its calls. */
  isOwnDoing(target: string, at: number): boolean {
    return this.#parts.acts.isOwnDoing(target, at);
  }

  /** Who started something of a target at `at`, milliseconds; unclear where a call was under way that nobody saw answered. */
  whoStarted(target: string, at: number): 'agent' | 'unclear' | 'other' {
    return this.#parts.acts.whoStarted(target, at);
  }

  /** Whether it may be the agent itself that stopped this very instance at `at`, milliseconds. */
  mayHaveStopped(target: string, instanceId: string, at: number): boolean {
    return this.#parts.acts.mayHaveStopped(target, instanceId, at);
  }

  /** Whether a start of this very instance at `at`, milliseconds, is the one that a call of the agent's is to make. */
  awaitsStart(target: string, instanceId: string, at: number): boolean {
    return this.#parts.acts.awaitsStart(target, instanceId, at);
  }

  /** What is remembered of an alert. */
  episodeOf(fingerprint: string): Episode | null {
    return this.#parts.episodes.of(fingerprint);
  }

  /** Targets that are being mutated at this moment. */
  underWay(): readonly string[] {
    return this.#parts.acts.underWay();
  }

  /** The target's mutations that began after `since`, milliseconds; oldest first. */
  mutationsOf(target: string, since: number): readonly MutationRecord[] {
    return this.#parts.mutations.of(target, since);
  }

  /** Of each target that was mutated after `since`, milliseconds, the last mutation. */
  lastMutationOfEach(since: number): readonly MutationRecord[] {
    return this.#parts.mutations.lastOfEach(since);
  }

  /** The last `count` mutations of all that began after `since`, milliseconds; oldest first. */
  lastMutations(count: number, since: number): readonly MutationRecord[] {
    return this.#parts.mutations.last(count, since);
  }

  /** Mutations that count against the target's budget: those of the window, since a person last gave it a new one. */
  spentSince(since: number, target: string): number {
    return this.mutationsOf(target, this.#parts.breakers.budgetSince(since, target)).length;
  }

  /** The target's incidents that ended after `since`, milliseconds; oldest first. */
  endsOf(target: string, since: number): readonly EndRecord[] {
    return this.#parts.ends.of(target, since);
  }

  /** Number of analyses under way. */
  analysesUnderWay(now: number): number {
    return this.#parts.analyses.countUnderWay(now);
  }

  /** What counts against the day's budget for analyses (UTC): what was spent, and what those under way may spend. */
  analysisSpending(now: number): AnalysisSpending {
    return this.#parts.analyses.spending(now);
  }
}
