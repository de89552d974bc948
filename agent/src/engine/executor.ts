import type { Cause } from '../core/diagnosis.ts';
import type { Effect } from '../core/effects.ts';
import type { ActionResult } from '../core/entry.ts';
import { protectionOf } from '../core/guards/index.ts';
import type { Escalation, Incident } from '../core/incident.ts';
import type { Observation } from '../core/observation.ts';
import type { Step } from '../core/strategy.ts';
import type { Instance, RuntimeName, Target } from '../core/target.ts';
import type {
  Action,
  ActionContext,
  Analyst,
  Clock,
  Diagnoser,
  EscalationMessage,
  Journal,
  LogSource,
  MetricsSource,
  Notifier,
  Runtime,
} from '../ports.ts';
import { AnalystDesk } from './analystDesk.ts';
import { cleanReport } from './cleanReport.ts';
import { bounded, deadlineIn, wordsOf } from './deadline.ts';
import type { WellState } from './evidence/wellStates.ts';
import { Gatherer } from './gatherer.ts';
import type { Observer } from './observer.ts';
import type { Report, Scene } from './scene.ts';

/** One delivery of an escalation may take this long, milliseconds. */
const DELIVERY_MS = 10_000;
/**
 * Right before a mutating call the instance is seen once more, within this long or the call is not made; milliseconds.
 * Budgets, pauses and the look for a lost answer all count from the decision, so the call must not come long after it.
 */
const LAST_LOOK_MS = 5_000;
/** After its deadline a mutation's call is waited for no longer than this, milliseconds; then it is looked at. */
const CALL_MARGIN_MS = 1_000;
/** How long after its deadline an observing action may still say what it saw, milliseconds. */
const LAST_WORDS_MS = 500;

/** Causes that an escalation tells. */
const CAUSES_TOLD_MAX = 5;

/** Carries out effects and reports what came of them. It decides nothing. */
export class Executor {
  readonly #clock: Clock;
  readonly #observer: Observer;
  readonly #runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly #actions: ReadonlyMap<string, Action>;
  readonly #keptLogs: LogSource | null;
  readonly #gatherer: Gatherer;
  readonly #desk: AnalystDesk;
  readonly #notifiers: () => ReadonlyMap<string, Notifier>;
  readonly #link: (incident: string) => string;
  readonly #redact: (text: string) => string;
  readonly #onObserved: (target: Target, observation: Observation) => void;
  readonly #onRepeatFailed: (incident: string, error: unknown) => void;

  constructor(parts: {
    readonly clock: Clock;
    readonly observer: Observer;
    readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
    readonly actions: ReadonlyMap<string, Action>;
    readonly keptLogs?: LogSource | null;
    readonly metrics?: MetricsSource | null;
    readonly journal: Pick<Journal, 'incidents' | 'entriesOf'>;
    readonly diagnoser?: Diagnoser | null;
    readonly analyst: () => Analyst | null;
    readonly redact?: (text: string) => string;
    readonly wellStates: (target: string) => readonly WellState[];
    readonly notifiers: () => ReadonlyMap<string, Notifier>;
    readonly link: (incident: string) => string;
    readonly onObserved: (target: Target, observation: Observation) => void;
    readonly onRepeatFailed: (incident: string, error: unknown) => void;
  }) {
    this.#clock = parts.clock;
    this.#observer = parts.observer;
    this.#runtimes = parts.runtimes;
    this.#actions = parts.actions;
    this.#keptLogs = parts.keptLogs ?? null;
    this.#redact = parts.redact ?? ((text) => text);
    const sources = {
      ...parts,
      keptLogs: this.#keptLogs,
      metrics: parts.metrics ?? null,
      redact: this.#redact,
    };
    this.#gatherer = new Gatherer({ ...sources, diagnoser: parts.diagnoser ?? null });
    this.#desk = new AnalystDesk(sources);
    this.#notifiers = parts.notifiers;
    this.#link = parts.link;
    this.#onObserved = parts.onObserved;
    this.#onRepeatFailed = parts.onRepeatFailed;
  }

  /**
   * Resolves when the effect is over. `signal` aborts when it is no longer wanted; then nothing more is reported.
   *
   * @param now The scene as it is at this moment; what goes on for long asks for it again each time.
   * @param raw Whatever is reported is cleaned on the way: it may hold text from outside.
   * @param release Gives the effect's place free before its end, to one that is waited for.
   */
  async run(
    effect: Effect,
    now: () => Scene,
    raw: Report,
    signal: AbortSignal,
    release: () => void,
  ): Promise<void> {
    const report: Report = (said) => raw(cleanReport(said, this.#redact));
    if (effect.kind === 'watch') return this.#watch(effect, now, report, signal);
    if (effect.kind === 'repeat') return this.#repeat(effect, now, signal);
    if (effect.kind === 'notify') return this.#notify(effect, now, report, signal);
    const scene = now();
    switch (effect.kind) {
      case 'gather':
        return this.#gatherer.gather(effect, now, report, signal, release);
      case 'look': {
        const observation = await this.#look(scene, effect.by - this.#clock.now(), signal);
        // Cut off, it saw nothing: the next agent looks, and nobody was blind meanwhile.
        return signal.aborted ? undefined : report({ key: effect.key, kind: 'looked', observation });
      }
      case 'act': {
        const result = await this.#act(effect, scene, signal);
        // That the agent stops is no failure of the step: the next agent does it again, with all of its time.
        if (signal.aborted && result.outcome !== 'succeeded') return;
        return report({ key: effect.key, kind: 'acted', result });
      }
      case 'mutate':
        return report({ key: effect.key, kind: 'acted', result: await this.#mutate(effect, scene, signal) });
      case 'confirm':
        return this.#confirm(effect, scene, report, signal);
      case 'analyse':
        return report({
          key: effect.key,
          kind: 'analysed',
          ...(await this.#desk.analyse(effect, scene, signal)),
        });
      default:
        return effect satisfies never;
    }
  }

  async #look({ target, incident }: Scene, ms: number, signal: AbortSignal): Promise<Observation> {
    if (target === null) {
      return {
        at: this.#clock.now(),
        runtime: { ok: false, reason: 'the target is no longer known' },
        probes: [],
        symptoms: [],
      };
    }
    using deadline = deadlineIn(this.#clock, ms, signal);
    const observation = await this.#observer.look(target, incident, deadline.signal);
    this.#onObserved(target, observation);
    return observation;
  }

  /** For days, it may be: alerts join meanwhile, and the configuration changes. */
  async #watch(
    effect: Effect & { kind: 'watch' },
    now: () => Scene,
    report: Report,
    signal: AbortSignal,
  ): Promise<void> {
    let pausedMs = 0;
    while (!signal.aborted) {
      const scene = now();
      const observation = await this.#look(scene, scene.settings.incident.lookMs, signal);
      if (signal.aborted) return;
      await report({ key: effect.key, kind: 'looked', observation, pausedMs });
      pausedMs = pauseOf(effect.pace, now(), this.#clock.now());
      await this.#clock.sleep(pausedMs, signal);
    }
  }

  async #act(effect: Effect & { kind: 'act' }, scene: Scene, signal: AbortSignal): Promise<ActionResult> {
    const action = this.#actions.get(effect.step.action);
    const { target } = scene;
    if (action === undefined || target === null)
      return failed(`there is no action ${effect.step.action}, or no target`);
    const ms = effect.until - this.#clock.now();
    using deadline = deadlineIn(this.#clock, ms, signal);
    // An action that listens to its signal says itself what it saw last; one that does not is cut off.
    using cutOff = deadlineIn(this.#clock, ms + LAST_WORDS_MS, signal);
    try {
      const instances = await this.#instancesOf(target, deadline.signal);
      const context = this.#actionContext(scene, target, instances, effect.step, deadline.signal);
      return await bounded(action.run(context), cutOff.signal);
    } catch (error) {
      return failed(wordsOf(error));
    }
  }

  /** The last door: whatever was decided, no call leaves here for the agent itself or for what it stands on. */
  async #mutate(
    effect: Effect & { kind: 'mutate' },
    scene: Scene,
    signal: AbortSignal,
  ): Promise<ActionResult> {
    const { step, mutation } = effect;
    const action = this.#actions.get(step.action);
    const { target } = scene;
    if (action === undefined || target === null)
      return failed(`there is no action ${step.action}, or no target`);
    using deadline = deadlineIn(this.#clock, mutation.until - this.#clock.now() + CALL_MARGIN_MS, signal);
    try {
      const instances = await this.#lastLook(target, deadline.signal);
      if (instances === null)
        return failed('the runtime was too slow to be asked right before the call: it was not made');
      const instance = instances.find(({ id }) => id === mutation.instanceId);
      if (instance === undefined)
        return failed(`${mutation.instance} is gone: removed or recreated meanwhile`);
      const protection = protectionOf(target, [instance], scene.settings, scene.self);
      if (protection !== null)
        return { ...failed(`refused at the last moment: ${protection.reason}`), refused: protection.code };
      const context = this.#actionContext(scene, target, [instance], step, deadline.signal);
      return await bounded(action.run(context), deadline.signal);
    } catch (error) {
      return { outcome: 'unknown', reason: wordsOf(error), output: null };
    }
  }

  async #lastLook(target: Target, parent: AbortSignal): Promise<readonly Instance[] | null> {
    using deadline = deadlineIn(this.#clock, LAST_LOOK_MS, parent);
    try {
      return await this.#instancesOf(target, deadline.signal);
    } catch (error) {
      if (deadline.signal.aborted && !parent.aborted) return null;
      throw error;
    }
  }

  /** The answer was lost, or the agent was away: looks what happened until it can be told. */
  async #confirm(
    effect: Effect & { kind: 'confirm' },
    scene: Scene,
    report: Report,
    signal: AbortSignal,
  ): Promise<void> {
    const { step, mutation, key } = effect;
    const action = this.#actions.get(step.action);
    const { target } = scene;
    if (action?.happened === undefined || target === null) {
      return report({
        key,
        kind: 'confirmed',
        verdict: 'unknown',
        reason: `${step.action} cannot be looked for`,
      });
    }
    const waitMs = Math.max(mutation.until - this.#clock.now(), 0) + scene.settings.incident.blindMs;
    using deadline = deadlineIn(this.#clock, waitMs, signal);
    try {
      const context = this.#actionContext(scene, target, [], step, deadline.signal);
      const { verdict, reason } = await bounded(action.happened(mutation, context), deadline.signal);
      return await report({ key, kind: 'confirmed', verdict, reason });
    } catch (error) {
      if (signal.aborted) return;
      await report({ key, kind: 'confirmed', verdict: 'unknown', reason: wordsOf(error) });
    }
  }

  async #notify(
    effect: Effect & { kind: 'notify' },
    now: () => Scene,
    report: Report,
    signal: AbortSignal,
  ): Promise<void> {
    const { key, channel, withdrawal, escalation } = effect;
    await this.#clock.sleep(Math.max(0, effect.notBefore - this.#clock.now()), signal);
    // A delivery may have waited for long: it tells what was tried until now.
    const scene = now();
    const notifier = this.#notifiers().get(channel);
    if (notifier === undefined) {
      return report({
        key,
        kind: 'notified',
        channel,
        // Kept for its return while the incident goes on; over, nobody is left to be told.
        delivered: withdrawal || scene.incident.phase.kind === 'ended',
        withdrawal,
        reason: 'the channel is no longer configured',
      });
    }
    using deadline = deadlineIn(this.#clock, DELIVERY_MS, signal);
    const message = this.#message(scene, escalation);
    try {
      const call = withdrawal
        ? notifier.withdraw(message, whyOver(scene.incident), deadline.signal)
        : notifier.deliver(message, deadline.signal);
      await bounded(call, deadline.signal);
      await report({
        key,
        kind: 'notified',
        channel,
        delivered: true,
        withdrawal,
        reason: withdrawal ? 'told that it is over' : 'delivered',
      });
    } catch (error) {
      if (signal.aborted) return;
      await report({ key, kind: 'notified', channel, delivered: false, withdrawal, reason: wordsOf(error) });
    }
  }

  async #repeat(
    { channel, escalation }: Effect & { kind: 'repeat' },
    now: () => Scene,
    signal: AbortSignal,
  ): Promise<void> {
    const repeatMs = this.#notifiers().get(channel)?.repeatMs ?? null;
    if (repeatMs === null) return;
    while (!signal.aborted) {
      await this.#clock.sleep(repeatMs, signal);
      using deadline = deadlineIn(this.#clock, DELIVERY_MS, signal);
      const notifier = this.#notifiers().get(channel);
      try {
        const call = notifier?.deliver(this.#message(now(), escalation), deadline.signal);
        // Also where the receiver's client does not listen to its signal: it would hold up the end of the agent.
        if (call !== undefined) await bounded(call, deadline.signal);
      } catch (error) {
        // The first delivery is on record; a repeat that fails is counted, and followed by the next one.
        if (!signal.aborted) this.#onRepeatFailed(now().incident.id, error);
      }
    }
  }

  #actionContext(
    scene: Scene,
    target: Target,
    instances: readonly Instance[],
    step: Step,
    signal: AbortSignal,
  ): ActionContext {
    const runtime = this.#runtimes.get(target.runtime);
    if (runtime === undefined) throw new Error(`there is no runtime ${target.runtime}`);
    const look = (until: AbortSignal) => this.#observer.look(target, scene.incident, until);
    return { target, instances, step, runtime, look, keptLogs: this.#keptLogs, clock: this.#clock, signal };
  }

  async #instancesOf(target: Target, signal: AbortSignal): Promise<readonly Instance[]> {
    const runtime = this.#runtimes.get(target.runtime);
    if (runtime === undefined) throw new Error(`there is no runtime ${target.runtime}`);
    return bounded(runtime.instances(target, signal), signal);
  }

  #message({ incident }: Scene, escalation: Escalation): EscalationMessage {
    return {
      incident: incident.id,
      number: escalation.number,
      target: incident.target,
      code: escalation.code,
      reason: escalation.reason,
      severity: escalation.code === 'approval-wanted' ? 'warning' : 'critical',
      openedAt: incident.openedAt,
      at: escalation.at,
      alerts: [...incident.alerts.values()].map(({ name, labels }) => ({ name, labels })),
      attempts: incident.attempts,
      causes: causesOf(incident),
      strategy: incident.strategy?.name ?? null,
      link: this.#link(incident.id),
    };
  }
}

/**
 * How long until the next look of a watch. A soak is watched closely also while the incident is with a person: what
 * happens between two looks that are far apart is seen by nobody, and would be called well.
 */
function pauseOf(
  pace: (Effect & { kind: 'watch' })['pace'],
  { incident, target, settings }: Scene,
  now: number,
): number {
  const { phase } = incident;
  const { intervalMs, soakMs } = target?.verification ?? settings.verification;
  // The last look of the soak, and what it may take, is part of it.
  const soakedBy = soakMs + intervalMs + settings.incident.lookMs;
  const soaking = phase.kind === 'escalated' && phase.well !== null && now - phase.well.at <= soakedBy;
  return pace === 'verify' || soaking ? intervalMs : settings.incident.escalatedIntervalMs;
}

/** What the rules and the analyst took for likely, the surest first; each cause once. */
function causesOf({ diagnosis, asked }: Incident): readonly Cause[] {
  const all = [...(diagnosis?.causes ?? []), ...(asked?.analysis?.causes ?? [])];
  const byId = new Map(
    all.toSorted((one, other) => one.confidence - other.confidence).map((cause) => [cause.id, cause]),
  );
  return [...byId.values()]
    .toSorted((one, other) => other.confidence - one.confidence)
    .slice(0, CAUSES_TOLD_MAX);
}

function failed(reason: string): ActionResult {
  return { outcome: 'failed', reason, output: null };
}

function whyOver({ phase, escalation }: Incident): string {
  if (phase.kind === 'ended') return `it ended: ${phase.outcome}`;
  if (escalation?.acknowledged === null && escalation.code === 'approval-wanted')
    return 'no approval is wanted any more';
  return escalation?.acknowledged === null || escalation === null
    ? 'it is over'
    : `${escalation.acknowledged.by} has it`;
}
