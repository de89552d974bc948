import type { EffectReport } from '../core/context.ts';
import { type Effect, pending } from '../core/effects.ts';
import type { Incident } from '../core/incident.ts';
import type { Clock, Telemetry } from '../ports.ts';
import type { Executor, Told } from './executor.ts';
import type { Scene } from './scene.ts';

/** Effects that do one thing and end; those that only wait or watch take no place. */
const QUICK_MAX = 64;

type Running = {
  readonly kind: Effect['kind'];
  readonly abort: (reason: Error) => void;
  /** Resolves when it is over, or has nothing under way. */
  readonly done: () => Promise<void>;
};

/** One for all: nearly every effect ends by it, since what it reports is what it was awaited for, and an error costs its stack. */
const NOT_PENDING = new Error('no longer pending');

/** Keeps what is under way equal to what is pending: starts what is missing, stops what is no longer wanted. */
export class EffectRunner {
  readonly #executor: Executor;
  readonly #clock: Clock;
  readonly #telemetry: Telemetry;
  readonly #scene: (incident: Incident) => Scene;
  readonly #report: (incident: string, report: EffectReport) => Promise<void>;
  readonly #running = new Map<string, Map<string, Running>>();
  readonly #waiting: (() => void)[] = [];
  #quick = 0;
  #stopped = false;

  constructor(parts: {
    readonly executor: Executor;
    readonly clock: Clock;
    readonly telemetry: Telemetry;
    readonly scene: (incident: Incident) => Scene;
    readonly report: (incident: string, report: EffectReport) => Promise<void>;
  }) {
    this.#executor = parts.executor;
    this.#clock = parts.clock;
    this.#telemetry = parts.telemetry;
    this.#scene = parts.scene;
    this.#report = parts.report;
  }

  /** Brings what runs for one incident in line with its state; a null incident is settled, and nothing runs for it. */
  reconcile(id: string, incident: Incident | null): void {
    const wanted = incident === null || this.#stopped ? [] : pending(incident);
    const running = this.#running.get(id);
    if (running !== undefined) {
      for (const [key, { abort, kind }] of running) {
        // Evidence that comes after the first step began is still kept; its own deadline ends it.
        if (!wanted.some((effect) => effect.key === key) && (kind !== 'gather' || incident === null))
          abort(NOT_PENDING);
      }
    }
    if (incident === null) return;
    for (const effect of wanted) if (running?.has(effect.key) !== true) this.#start(incident, effect);
  }

  /** Number of effects under way, for metrics. */
  get size(): number {
    let size = 0;
    for (const effects of this.#running.values()) size += effects.size;
    return size;
  }

  /**
   * Starts nothing more, lets what acts finish within `graceMs` milliseconds, and stops the rest. What is cut off
   * is looked at by the next start.
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    const all = [...this.#running.values()].flatMap((effects) => [...effects.values()]);
    for (const { kind, abort } of all)
      if (kind !== 'mutate' && kind !== 'act') abort(new Error('the agent stops'));
    const acting = all.filter(({ kind }) => kind === 'mutate' || kind === 'act').map(({ done }) => done());
    const enough = new AbortController();
    await Promise.race([
      Promise.all(acting),
      this.#clock.sleep(graceMs, enough.signal).catch(() => undefined),
    ]);
    enough.abort(new Error('all done'));
    for (const { abort } of all) abort(new Error('the agent stops'));
    await Promise.all(all.map(({ done }) => done()));
  }

  #start(incident: Incident, effect: Effect): void {
    if (effect.kind === 'notify' || effect.kind === 'repeat') {
      this.#post(incident, effect);
      return;
    }
    const over = new AbortController();
    const done = this.#run(incident, effect, over.signal);
    this.#note(incident.id, effect.key, {
      kind: effect.kind,
      abort: (reason) => over.abort(reason),
      done: () => done,
    });
  }

  #post(incident: Incident, effect: Told): void {
    const startedAt = this.#clock.monotonic();
    let over = false;
    const end = () => {
      if (over) return;
      over = true;
      this.#telemetry.effectEnded(effect.kind, this.#clock.monotonic() - startedAt);
      this.#forget(incident.id, effect.key);
    };
    const report = async (said: EffectReport) => {
      try {
        await this.#report(incident.id, said);
      } catch (error) {
        if (!over) this.#telemetry.effectFailed(effect.kind, incident.id, error);
      } finally {
        end();
      }
    };
    const letter = this.#executor.post(effect, () => this.#scene(incident), report);
    if (letter === null) return;
    this.#telemetry.effectStarted(effect.kind);
    this.#note(incident.id, effect.key, {
      kind: effect.kind,
      abort: (reason) => {
        letter.callOff(reason);
        end();
      },
      done: () => letter.idle,
    });
  }

  #note(incident: string, key: string, running: Running): void {
    const effects = this.#running.get(incident) ?? new Map<string, Running>();
    effects.set(key, running);
    this.#running.set(incident, effects);
  }

  async #run(incident: Incident, effect: Exclude<Effect, Told>, signal: AbortSignal): Promise<void> {
    const startedAt = this.#clock.monotonic();
    const quick = effect.kind !== 'watch' && effect.kind !== 'analyse' && effect.kind !== 'confirm';
    this.#telemetry.effectStarted(effect.kind);
    // Started in a turn of its own, so that `reconcile` has noted it before it can end.
    await Promise.resolve();
    if (quick) await this.#enter();
    let hasPlace = quick;
    const release = () => {
      if (hasPlace) this.#leave();
      hasPlace = false;
    };
    try {
      if (!signal.aborted) {
        const report = (said: EffectReport) => this.#report(incident.id, said);
        await this.#executor.run(effect, () => this.#scene(incident), report, signal, release);
      }
    } catch (error) {
      if (!signal.aborted) this.#telemetry.effectFailed(effect.kind, incident.id, error);
    } finally {
      release();
      this.#telemetry.effectEnded(effect.kind, this.#clock.monotonic() - startedAt);
      this.#forget(incident.id, effect.key);
    }
  }

  #forget(incident: string, key: string): void {
    const effects = this.#running.get(incident);
    effects?.delete(key);
    if (effects?.size === 0) this.#running.delete(incident);
  }

  async #enter(): Promise<void> {
    if (this.#quick >= QUICK_MAX) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#quick += 1;
  }

  #leave(): void {
    this.#quick -= 1;
    this.#waiting.shift()?.();
  }
}
