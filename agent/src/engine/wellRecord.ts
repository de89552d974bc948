import type { Observation } from '../core/observation.ts';
import type { Target } from '../core/target.ts';
import type { Clock } from '../ports.ts';
import { isWorthRecording, type WellState, WellStates } from './evidence/wellStates.ts';
import type { Recorder } from './recorder.ts';

/** How long it is known as what a target was well that was not seen well again, milliseconds, and of how many instances. */
const WELL_KEPT_MS = 30 * 86_400_000;
const WELL_INSTANCES_MAX = 200;

/** As what each target was seen well: what is on record of it, and what this agent saw since. */
export class WellRecord {
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #taking: () => boolean;
  readonly #states = new WellStates();

  constructor(parts: {
    readonly clock: Clock;
    readonly recorder: Recorder;
    /** Whether the agent runs, and anything new may be written. */
    readonly taking: () => boolean;
  }) {
    this.#clock = parts.clock;
    this.#recorder = parts.recorder;
    this.#taking = parts.taking;
  }

  /** Oldest first. What is on record comes before what this agent saw itself. */
  of(target: string): readonly WellState[] {
    this.#begin(target);
    return this.#states.of(target);
  }

  note(target: Target, observation: Observation): void {
    this.#begin(target.name);
    this.#states.note(target, observation);
    this.#write(target.name);
  }

  /** Forgets targets that are no longer known. */
  keepOnly(targets: readonly Target[]): void {
    this.#states.keepOnly(targets);
  }

  #begin(target: string): void {
    const recorded = this.#recorder.memory.wellSeen.get(target);
    if (recorded !== undefined) this.#states.begin(target, recorded);
  }

  /** Written down when it is another deployment, and once a day; the next look does it where the journal is away. */
  #write(target: string): void {
    const state = this.#states.of(target).at(-1);
    const { trouble, memory } = this.#recorder;
    if (!this.#taking() || trouble !== null || state === undefined) return;
    if (!isWorthRecording(state, memory.wellSeen.get(target))) return;
    const instances = state.instances.slice(0, WELL_INSTANCES_MAX);
    const until = this.#clock.now() + WELL_KEPT_MS;
    void this.#recorder.record(target, { type: 'seen-well', instances, until }).catch(() => undefined);
  }
}
