import type { AlertView, Incident } from '../core/incident.ts';
import { judgeHealth, judgeInstance, type Observation } from '../core/observation.ts';
import type { Instance, RuntimeName, Target } from '../core/target.ts';
import type { Clock, Prober, Runtime, SymptomSource } from '../ports.ts';
import { bounded, deadlineIn, wordsOf } from './deadline.ts';

/** Symptom sources may keep a look waiting for so long, milliseconds: what was seen of the instances grows old meanwhile. */
const ASK_MS = 3_000;
/** Alerts of one incident that a symptom source is asked about in one look. */
const ASKED_MAX = 20;

/** Looks at targets: the runtime first, then the probes, and the symptom only where health alone does not decide. */
export class Observer {
  readonly #clock: Clock;
  readonly #runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly #prober: Prober;
  readonly #symptoms: readonly SymptomSource[];

  constructor(parts: {
    readonly clock: Clock;
    readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
    readonly prober: Prober;
    readonly symptoms: readonly SymptomSource[];
  }) {
    this.#clock = parts.clock;
    this.#runtimes = parts.runtimes;
    this.#prober = parts.prober;
    this.#symptoms = parts.symptoms;
  }

  /** One look. Never rejects: what cannot be seen is part of what is seen. */
  async look(target: Target, incident: Incident | null, signal: AbortSignal): Promise<Observation> {
    const runtime = await this.#instances(target, signal);
    // The instances are seen now. What is asked further may take long, and says nothing of what they do meanwhile.
    const at = this.#clock.now();
    const running =
      runtime.ok &&
      runtime.instances.length > 0 &&
      runtime.instances.every((instance) => judgeInstance(instance).verdict !== 'unwell');
    const probes = running && target.probes.length > 0 ? await this.#probe(target, signal) : [];
    const seen: Observation = { at, runtime, probes, symptoms: [] };
    if (incident === null || incident.alerts.size === 0 || judgeHealth(seen).verdict !== 'well') return seen;
    using deadline = deadlineIn(this.#clock, ASK_MS, signal);
    const symptoms = await this.#ask([...incident.alerts].slice(0, ASKED_MAX), deadline.signal);
    return { ...seen, symptoms };
  }

  async #instances(target: Target, signal: AbortSignal): Promise<Observation['runtime']> {
    const runtime = this.#runtimes.get(target.runtime);
    if (runtime === undefined) return { ok: false, reason: `there is no runtime ${target.runtime}` };
    try {
      const instances: readonly Instance[] = await bounded(runtime.instances(target, signal), signal);
      return { ok: true, instances };
    } catch (error) {
      return { ok: false, reason: wordsOf(error) };
    }
  }

  async #probe(target: Target, signal: AbortSignal): Promise<Observation['probes']> {
    try {
      return await bounded(this.#prober.probe(target, signal), signal);
    } catch (error) {
      return target.probes.map(({ name }) => ({ name, ok: false, reason: wordsOf(error), durationMs: 0 }));
    }
  }

  async #ask(
    alerts: readonly (readonly [string, AlertView])[],
    signal: AbortSignal,
  ): Promise<Observation['symptoms']> {
    return Promise.all(
      alerts.map(async ([fingerprint, alert]) => {
        let last = { fingerprint, verdict: 'unknown' as const, reason: 'there is no source to ask' };
        for (const source of this.#symptoms) {
          try {
            const result = await bounded(source.ask(fingerprint, alert, signal), signal);
            if (result.verdict !== 'unknown')
              return { ...result, reason: `${source.name}: ${result.reason}` };
            last = { fingerprint, verdict: 'unknown', reason: `${source.name}: ${result.reason}` };
          } catch (error) {
            last = { fingerprint, verdict: 'unknown', reason: `${source.name}: ${wordsOf(error)}` };
          }
        }
        return last;
      }),
    );
  }
}
