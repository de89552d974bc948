import { judgeHealth, type Observation } from '../core/observation.ts';
import type { Target } from '../core/target.ts';
import type { BoundedNames } from './boundedNames.ts';
import type { Instruments } from './instruments.ts';
import { seconds } from './seconds.ts';

/** How each target was last seen, in series that go with it. */
export class TargetSeries {
  readonly #instruments: Instruments;
  readonly #targets: BoundedNames;
  readonly #names: BoundedNames;
  /** Probes with a series, by target, so that those of a target that is gone can be taken back. */
  readonly #probes = new Map<string, Set<string>>();

  constructor(instruments: Instruments, targets: BoundedNames, names: BoundedNames) {
    this.#instruments = instruments;
    this.#targets = targets;
    this.#names = names;
  }

  observed(target: Target, observation: Observation): void {
    const { targetWell, probeSuccess, probeDuration } = this.#instruments;
    const name = this.#targets.of(target.name);
    targetWell.set({ target: name }, isWell(observation) ? 1 : 0);
    const probes = this.#probes.get(name) ?? new Set<string>();
    this.#probes.set(name, probes);
    for (const { name: probeName, ok, durationMs } of observation.probes) {
      const probe = this.#names.of(probeName);
      probes.add(probe);
      probeSuccess.set({ target: name, probe }, ok ? 1 : 0);
      probeDuration.set({ target: name, probe }, seconds(durationMs));
    }
  }

  /** Takes back the series of targets that are no longer there. */
  retain(names: ReadonlySet<string>): void {
    for (const [target, probes] of this.#probes) {
      if (names.has(target)) continue;
      this.#probes.delete(target);
      this.#targets.forget(target);
      this.#instruments.targetWell.remove({ target });
      for (const probe of probes) {
        this.#instruments.probeSuccess.remove({ target, probe });
        this.#instruments.probeDuration.remove({ target, probe });
      }
    }
  }
}

/** A round of scheduled probes has no look at the instances in it: then the probes alone tell. */
function isWell(observation: Observation): boolean {
  const { runtime, probes } = observation;
  const probesAlone = runtime.ok && runtime.instances.length === 0 && probes.length > 0;
  return probesAlone ? probes.every(({ ok }) => ok) : judgeHealth(observation).verdict === 'well';
}
