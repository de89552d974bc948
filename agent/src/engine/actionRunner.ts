import type { ActionResult } from '../core/actionResult.ts';
import type { Effect } from '../core/effects.ts';
import { protectionOf } from '../core/guards/index.ts';
import type { Step } from '../core/strategy.ts';
import { type Instance, type RuntimeName, runOf, type Target } from '../core/target.ts';
import type { Action, ActionContext, Clock, LogSource, Runtime } from '../ports.ts';
import { bounded, deadlineIn, wordsOf } from './deadline.ts';
import type { Observer } from './observer.ts';
import type { ProbeRounds } from './probeRounds.ts';
import type { Report, Scene } from './scene.ts';

/**
 * Right before a mutating call the instance is seen once more, within this long or the call is not made; milliseconds.
 * Budgets, pauses and the look for a lost answer all count from the decision, so the call must not come long after it.
 */
const LAST_LOOK_MS = 5_000;
/** After its deadline a mutation's call is waited for no longer than this, milliseconds; then it is looked at. */
const CALL_MARGIN_MS = 1_000;
/** How long after its deadline an observing action may still say what it saw, milliseconds. */
const LAST_WORDS_MS = 500;

/** What actions are run with. */
export type ActionRunnerParts = {
  readonly clock: Clock;
  readonly observer: Observer;
  readonly probeRounds: ProbeRounds;
  readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly actions: ReadonlyMap<string, Action>;
  /** Where logs outlive their instances; `null` where there is no such place. */
  readonly keptLogs: LogSource | null;
};

/** Runs the actions of steps, each within its time: those that observe, those that mutate, and the look for a lost answer. */
export class ActionRunner {
  readonly #parts: ActionRunnerParts;

  constructor(parts: ActionRunnerParts) {
    this.#parts = parts;
  }

  /** An observing action. Whatever goes wrong is a failed result. */
  async act(effect: Effect & { kind: 'act' }, scene: Scene, signal: AbortSignal): Promise<ActionResult> {
    const { clock, actions } = this.#parts;
    const action = actions.get(effect.step.action);
    const { target } = scene;
    if (action === undefined || target === null)
      return failed(`there is no action ${effect.step.action}, or no target`);
    const ms = effect.until - clock.now();
    using deadline = deadlineIn(clock, ms, signal);
    // An action that listens to its signal says itself what it saw last; one that does not is cut off.
    using cutOff = deadlineIn(clock, ms + LAST_WORDS_MS, signal);
    try {
      const instances = await this.#instancesOf(target, deadline.signal);
      const context = this.#actionContext(scene, target, instances, effect.step, deadline.signal);
      return await bounded(action.run(context), cutOff.signal);
    } catch (error) {
      return failed(wordsOf(error));
    }
  }

  /** The last door: whatever was decided, no call leaves here for the agent itself or for what it stands on. */
  async mutate(
    effect: Effect & { kind: 'mutate' },
    scene: Scene,
    signal: AbortSignal,
  ): Promise<ActionResult> {
    const { clock, actions } = this.#parts;
    const { step, mutation } = effect;
    const action = actions.get(step.action);
    const { target } = scene;
    if (action === undefined || target === null)
      return failed(`there is no action ${step.action}, or no target`);
    using deadline = deadlineIn(clock, mutation.until - clock.now() + CALL_MARGIN_MS, signal);
    try {
      const instances = await this.#lastLook(target, deadline.signal);
      if (instances === null)
        return failed('the runtime was too slow to be asked right before the call: it was not made');
      const instance = instances.find(({ id }) => id === mutation.instanceId);
      if (instance === undefined)
        return failed(`${mutation.instance} is gone: removed or recreated meanwhile`);
      // It was decided about another run: this one nobody has judged, and it may be all right.
      if (runOf(instance) !== mutation.run)
        return failed(
          `${mutation.instance} was started anew meanwhile, and not by this step: it is left alone`,
        );
      const protection = protectionOf(target, [instance], scene.settings, scene.self);
      if (protection !== null)
        return { ...failed(`refused at the last moment: ${protection.reason}`), refused: protection.code };
      const context = this.#actionContext(scene, target, [instance], step, deadline.signal);
      using _untilAnswered = this.#parts.probeRounds.hold(target.name);
      return await bounded(action.run(context), deadline.signal);
    } catch (error) {
      return { outcome: 'unknown', reason: wordsOf(error), output: null };
    }
  }

  /** The answer was lost, or the agent was away: looks what happened until it can be told. */
  async confirm(
    effect: Effect & { kind: 'confirm' },
    scene: Scene,
    report: Report,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, actions } = this.#parts;
    const { step, mutation, key } = effect;
    const action = actions.get(step.action);
    const { target } = scene;
    if (action?.happened === undefined || target === null) {
      return report({
        key,
        kind: 'confirmed',
        verdict: 'unknown',
        reason: `${step.action} cannot be looked for`,
      });
    }
    const waitMs = Math.max(mutation.until - clock.now(), 0) + scene.settings.incident.blindMs;
    using deadline = deadlineIn(clock, waitMs, signal);
    try {
      const context = this.#actionContext(scene, target, [], step, deadline.signal);
      const { verdict, reason } = await bounded(action.happened(mutation, context), deadline.signal);
      return await report({ key, kind: 'confirmed', verdict, reason });
    } catch (error) {
      if (signal.aborted) return;
      await report({ key, kind: 'confirmed', verdict: 'unknown', reason: wordsOf(error) });
    }
  }

  async #lastLook(target: Target, parent: AbortSignal): Promise<readonly Instance[] | null> {
    using deadline = deadlineIn(this.#parts.clock, LAST_LOOK_MS, parent);
    try {
      return await this.#instancesOf(target, deadline.signal);
    } catch (error) {
      if (deadline.signal.aborted && !parent.aborted) return null;
      throw error;
    }
  }

  #actionContext(
    scene: Scene,
    target: Target,
    instances: readonly Instance[],
    step: Step,
    signal: AbortSignal,
  ): ActionContext {
    const { observer, keptLogs, clock } = this.#parts;
    const look = (until: AbortSignal) => observer.look(target, scene.incident, until);
    return { target, instances, step, runtime: this.#runtimeOf(target), look, keptLogs, clock, signal };
  }

  async #instancesOf(target: Target, signal: AbortSignal): Promise<readonly Instance[]> {
    return bounded(this.#runtimeOf(target).instances(target, signal), signal);
  }

  #runtimeOf({ runtime: name }: Target): Runtime {
    const runtime = this.#parts.runtimes.get(name);
    if (runtime === undefined) throw new Error(`there is no runtime ${name}`);
    return runtime;
  }
}

function failed(reason: string): ActionResult {
  return { outcome: 'failed', reason, output: null };
}
