import { judgeHealth, type Observation } from '../../core/observation.ts';
import type { Instance, Target } from '../../core/target.ts';

/** An instance as far as a later look is compared with it. */
export type WellInstance = Pick<Instance, 'id' | 'name' | 'startedAt' | 'revision'>;

/** Which deployment of a target was seen well, and from when to when; milliseconds since the epoch. */
export type WellState = {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly instances: readonly WellInstance[];
};

/** What has not changed is written down so often, milliseconds. */
const RECORD_EVERY_MS = 86_400_000;
/** Deployments that are remembered of one target: the last is compared with, the one before tells what it replaced. */
const STATES_MAX = 3;
/** Targets that are remembered; of more, those that were first seen longest ago are forgotten. */
const TARGETS_MAX = 5_000;

/**
 * Remembers as what each target was last seen well, for as long as the agent runs: every look at a target passes here,
 * also of those that have no incident. A deployment that fails often looks well for a moment first, so it is not only
 * the last that is kept.
 */
export class WellStates {
  readonly #states = new Map<string, readonly WellState[]>();

  note(target: Target, observation: Observation): void {
    const state = wellStateOf(observation);
    if (state === null) return;
    const states = this.#states.get(target.name) ?? [];
    const last = states.at(-1);
    if (last !== undefined && last.lastAt > state.lastAt) return;
    const goesOn = last !== undefined && deploymentOf(last) === deploymentOf(state);
    const next = goesOn
      ? [...states.slice(0, -1), { ...state, firstAt: last.firstAt }]
      : [...states, state].slice(-STATES_MAX);
    this.#states.set(target.name, next);
    if (this.#states.size > TARGETS_MAX)
      for (const oldest of this.#states.keys()) {
        if (this.#states.size <= TARGETS_MAX) break;
        this.#states.delete(oldest);
      }
  }

  /** Begins with what is on record of a target that was not yet seen well by this agent. */
  begin(target: string, state: WellState): void {
    if (!this.#states.has(target)) this.#states.set(target, [state]);
  }

  /** Oldest first. */
  of(target: string): readonly WellState[] {
    return this.#states.get(target) ?? [];
  }

  /** Forgets targets that are no longer known. */
  keepOnly(targets: readonly Target[]): void {
    const names = new Set(targets.map(({ name }) => name));
    for (const name of this.#states.keys()) if (!names.has(name)) this.#states.delete(name);
  }
}

/** What a look shows of a deployment that is well; `null` where it is not, or its instances were not seen. */
export function wellStateOf(observation: Observation): WellState | null {
  const { at, runtime } = observation;
  if (!runtime.ok || runtime.instances.length === 0 || judgeHealth(observation).verdict !== 'well')
    return null;
  const instances = runtime.instances.map(({ id, name, startedAt, revision }) => ({
    id,
    name,
    startedAt,
    revision,
  }));
  return { firstAt: at, lastAt: at, instances };
}

/** Whether the journal is to say it: it does not yet, or says it of another deployment, or said it a day ago. */
export function isWorthRecording(state: WellState, recorded: WellState | undefined): boolean {
  if (recorded === undefined || state.lastAt - recorded.lastAt > RECORD_EVERY_MS) return true;
  return deploymentOf(state) !== deploymentOf(recorded);
}

/** A restart is none; another image or configuration of any instance is. */
export function deploymentOf({ instances }: Pick<WellState, 'instances'>): string {
  const [first, ...others] = instances;
  if (first !== undefined && others.every(({ revision }) => revision === first.revision))
    return first.revision;
  return [...new Set(instances.map(({ revision }) => revision))].sort().join('\n');
}
