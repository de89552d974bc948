import type { Observation, ProbeResult } from '../core/observation.ts';
import type { Settings } from '../core/settings.ts';
import type { Target } from '../core/target.ts';
import type { Clock, Telemetry } from '../ports.ts';
import { Board } from './board.ts';
import type { Census } from './census.ts';
import { deadlineIn } from './deadline.ts';
import type { Observer } from './observer.ts';
import type { ProbeRounds } from './probeRounds.ts';
import type { Recorder } from './recorder.ts';
import type { WellRecord } from './wellRecord.ts';

type SightingsParts = {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly recorder: Recorder;
  readonly census: Census;
  readonly observer: Observer;
  readonly probeRounds: ProbeRounds;
  readonly wellRecord: WellRecord;
  readonly settings: () => Settings;
  /** Aborts when the agent ends. */
  readonly over: AbortSignal;
};

/** What is seen of targets, whoever looked, and why: all who want to know of it are told from here. */
export class Sightings {
  /** For people: how each target was last seen. */
  readonly board = new Board();
  readonly #parts: SightingsParts;

  constructor(parts: SightingsParts) {
    this.#parts = parts;
  }

  note(target: Target, observation: Observation): void {
    this.board.note(target, observation);
    this.#parts.wellRecord.note(target, observation);
    this.#parts.telemetry.observed(target, observation);
  }

  /** A round of scheduled probes: a view of the target without a look at its instances. */
  noteProbes(target: Target, results: readonly ProbeResult[], at: number): void {
    this.board.noteProbes(target, results, at);
    this.#parts.telemetry.observed(target, {
      at,
      runtime: { ok: true, instances: [] },
      probes: results,
      symptoms: [],
    });
  }

  /** Looks at every target that nobody watches, again and again, for the view of targets; ends with the agent. */
  async survey(intervalMs: number): Promise<void> {
    const { clock, recorder, census, over } = this.#parts;
    while (!over.aborted) {
      const quiet = census.targets.filter(({ name }) => recorder.memory.fleet.openIncidentOf(name) === null);
      for (const target of quiet) await this.#lookInPassing(target);
      await clock.sleep(intervalMs, over).catch(() => undefined); // Aborted: the loop ends.
    }
  }

  async #lookInPassing(target: Target): Promise<void> {
    const { clock, observer, probeRounds, settings, over } = this.#parts;
    using round = probeRounds.begin(target.name);
    if (round === null) return;
    const { signal } = round;
    using deadline = deadlineIn(clock, settings().incident.lookMs, AbortSignal.any([over, signal]));
    const observation = await observer.look(target, null, deadline.signal);
    if (!over.aborted && !signal.aborted) this.note(target, observation);
  }

  /** Forgets targets that are no longer known. */
  keepOnly(targets: readonly Target[]): void {
    this.board.keepOnly(targets);
    this.#parts.wellRecord.keepOnly(targets);
  }
}
