import type { Incident } from '../core/incident.ts';
import {
  isAnswering,
  judgeHealth,
  judgeInstance,
  type Observation,
  type ProbeResult,
} from '../core/observation.ts';
import { judgeSymptom } from '../core/symptom.ts';
import type { Instance, RuntimeName, Target } from '../core/target.ts';
import type { Clock, Prober, Runtime, SymptomSource } from '../ports.ts';
import { bounded, deadlineIn, wordsOf } from './deadline.ts';

/** Symptom sources may keep a look waiting for so long, milliseconds: what was seen of the instances grows old meanwhile. */
const ASK_MS = 3_000;
/** Alerts of one incident that a symptom source is asked about in one look. */
const ASKED_MAX = 20;
/** A service that is in order answers its probe sooner than this, milliseconds: so long every look waits for it. */
const PROMPT_MS = 50;

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
    const seen = await this.#see(target, signal);
    const probes = isUp(seen) && target.probes.length > 0 ? await this.#probe(target, signal) : [];
    const probed = { ...seen, probes };
    if (incident === null || incident.alerts.size === 0 || judgeHealth(probed).verdict !== 'well')
      return probed;
    return { ...probed, symptoms: await this.#ask(incident, signal) };
  }

  /**
   * The look right before a step: probes and symptom sources are asked at once, and it ends as soon as what it means is
   * certain. A probe that fails makes the target unwell, whatever the sources would say; an alert that holds makes the
   * answer of a slow or hung service worth no more waiting, be it good or bad. Never rejects.
   */
  async lookToAct(target: Target, incident: Incident, signal: AbortSignal): Promise<Observation> {
    if (incident.alerts.size === 0 || target.probes.length === 0) return this.look(target, incident, signal);
    const seen = await this.#see(target, signal);
    if (!isUp(seen)) return seen;
    const enough = new AbortController();
    try {
      return await this.#untilCertain(seen, target, incident, AbortSignal.any([signal, enough.signal]));
    } finally {
      enough.abort(new Error('what was seen is enough'));
    }
  }

  async #untilCertain(
    seen: Observation,
    target: Target,
    incident: Incident,
    signal: AbortSignal,
  ): Promise<Observation> {
    const since = this.#clock.monotonic();
    const found = new Map<string, ProbeResult>();
    const probing = target.probes.map(async (probe) => {
      for (const result of await this.#probe({ ...target, probes: [probe] }, signal))
        found.set(probe.name, result);
    });
    const probed = Promise.all(probing);
    const asked = this.#ask(incident, signal);
    const sofar = (): Observation => ({
      ...seen,
      probes: target.probes.flatMap(({ name }) => found.get(name) ?? []),
    });
    const isProbed = () => found.size === target.probes.length;

    await Promise.race([probed, asked]);
    if (isProbed() && !isSound(sofar())) return sofar();
    const symptoms = await asked;
    if (!isProbed() && judgeSymptom(incident, { ...seen, symptoms }).verdict === 'present') {
      const leftMs = PROMPT_MS - (this.#clock.monotonic() - since);
      await Promise.race([probed, this.#clock.sleep(Math.max(0, leftMs), signal)]).catch(() => undefined); // The end of the look.
      const unawaited = target.probes.map(({ name }) => name).filter((name) => !found.has(name));
      return { ...sofar(), symptoms, ...(unawaited.length > 0 ? { unawaited } : {}) };
    }
    await probed;
    return { ...sofar(), symptoms };
  }

  /**
   * The instances alone. What is asked further may take long, and says nothing of what they do meanwhile; nor does an
   * answer that was long on its way, so what it says counts from the question.
   */
  async #see(target: Target, signal: AbortSignal): Promise<Observation> {
    const at = this.#clock.now();
    const runtime = await this.#instances(target, signal);
    return { at, runtime, probes: [], symptoms: [] };
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

  async #ask({ alerts }: Incident, parent: AbortSignal): Promise<Observation['symptoms']> {
    using deadline = deadlineIn(this.#clock, ASK_MS, parent);
    const { signal } = deadline;
    return await Promise.all(
      [...alerts].slice(0, ASKED_MAX).map(async ([fingerprint, alert]) => {
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

/** Whether there is something to probe: everything runs, and nothing is unwell by itself. */
function isUp({ runtime }: Observation): boolean {
  return (
    runtime.ok &&
    runtime.instances.length > 0 &&
    runtime.instances.every((instance) => judgeInstance(instance).verdict !== 'unwell')
  );
}

/** Whether the symptom decides what the look means. */
function isSound(seen: Observation): boolean {
  return judgeHealth(seen).verdict === 'well' || isAnswering(seen);
}
