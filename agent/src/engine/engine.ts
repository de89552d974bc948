import type { EffectReport, Input } from '../core/context.ts';
import { objectionTo } from '../core/decide/person.ts';
import { wakeAt } from '../core/effects.ts';
import type { Control as CoreControl, Entry, PersonCommand } from '../core/entry.ts';
import { describeSelf, protectionOf, type SelfIdentity } from '../core/guards/index.ts';
import type { Incident } from '../core/incident.ts';
import type { ProbeResult } from '../core/observation.ts';
import type { Settings } from '../core/settings.ts';
import type { Signal } from '../core/signal.ts';
import { findTarget, type RuntimeName, type Target } from '../core/target.ts';
import { JournalError, MpaError } from '../errors.ts';
import type {
  Action,
  AlertMessage,
  AlertReader,
  Analyst,
  Clock,
  Control,
  ControlsInForce,
  Diagnoser,
  Journal,
  LogSource,
  MetricsSource,
  Notifier,
  PendingApproval,
  Prober,
  Runtime,
  RuntimeEvent,
  SelfFinder,
  SymptomSource,
  TargetStatus,
  Telemetry,
} from '../ports.ts';
import { Alarms } from './alarms.ts';
import { Board } from './board.ts';
import { Census } from './census.ts';
import { deadlineIn } from './deadline.ts';
import { Decider } from './decider.ts';
import { EffectRunner } from './effectRunner.ts';
import { isWorthRecording, type WellState, WellStates } from './evidence/wellStates.ts';
import { Executor } from './executor.ts';
import { Observer } from './observer.ts';
import { JOURNAL_RETRY_MS, Recorder } from './recorder.ts';
import { weighRuntimeEvent } from './runtimeWord.ts';
import { controlsInForce, dependencyStates, pendingApprovals, targetStatuses } from './views.ts';

/** Maintenances that are open at once; each is asked at every mutating step. */
const MAINTENANCE_MAX = 1_000;
/** Reading back what a truncated message left out may take this long, milliseconds. */
const READ_BACK_MS = 3_000;

/** How long it is known as what a target was well that was not seen well again, milliseconds, and of how many instances. */
const WELL_KEPT_MS = 30 * 86_400_000;
const WELL_INSTANCES_MAX = 200;

/** Everything that the engine needs from outside; the composition root knows who they are. */
export type Parts = {
  readonly version: string;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly prober: Prober;
  readonly symptoms: readonly SymptomSource[];
  readonly alertReader: AlertReader | null;
  /** Without it, no logs outlive their instances. */
  readonly keptLogs?: LogSource | null;
  /** Without it, no measurements are kept with an incident. */
  readonly metrics?: MetricsSource | null;
  /** Without it, no cause is recognised. */
  readonly diagnoser?: Diagnoser | null;
  /** Without it, the rules decide alone. */
  readonly analyst?: Analyst | null;
  /** Takes secrets out of text from outside before it is kept; without it, nothing is taken out. */
  readonly redact?: (text: string) => string;
  readonly actions: ReadonlyMap<string, Action>;
  readonly notifiers: ReadonlyMap<string, Notifier>;
  readonly selfFinder: SelfFinder;
  readonly telemetry: Telemetry;
  readonly newId: () => string;
  readonly link: (incident: string) => string;
  readonly settings: Settings;
};

/**
 * Runs the core: hears, has it decided and recorded, and only then starts what is pending; feeds results back; wakes
 * at deadlines. It knows no rule of its own about what should be done.
 */
export class Engine implements Control {
  readonly #parts: Parts;
  readonly #recorder: Recorder;
  readonly #decider: Decider;
  readonly #runner: EffectRunner;
  readonly #alarms: Alarms;
  readonly #board = new Board();
  readonly #wellStates = new WellStates();
  readonly #census: Census;
  readonly #observer: Observer;
  readonly #over = new AbortController();
  #settings: Settings;
  #notifiers: ReadonlyMap<string, Notifier>;
  #taking = false;
  /** Whether effects are started: from when every open incident knows that the agent was away. */
  #acting = false;
  #lastWordAt: number | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#settings = parts.settings;
    this.#notifiers = parts.notifiers;
    this.#observer = new Observer(parts);
    this.#census = new Census({
      ...parts,
      settings: () => this.#settings,
      onNewTarget: () => void this.#placeAnew().catch(() => undefined), // The next round, or a resend, does it.
    });
    this.#decider = new Decider({
      ...parts,
      recorder: () => this.#recorder,
      census: () => this.#census,
      settings: () => this.#settings,
    });
    this.#recorder = new Recorder({
      ...parts,
      version: () => this.#settings.version,
      over: this.#over.signal,
      conclude: () => this.#decider.watchFleet(),
      onCommitted: (entries, touched) => this.#onCommitted(entries, touched),
      onRefolded: () => this.#reconcileAll(),
    });
    const executor = new Executor({
      ...parts,
      observer: this.#observer,
      keptLogs: parts.keptLogs ?? null,
      metrics: parts.metrics ?? null,
      diagnoser: parts.diagnoser ?? null,
      analyst: () => parts.analyst ?? null,
      redact: parts.redact ?? ((text) => text),
      wellStates: (target) => this.#wellStatesOf(target),
      notifiers: () => this.#notifiers,
      onObserved: (target, observation) => this.noteObservation(target, observation),
      onRepeatFailed: (incident, error) => parts.telemetry.effectFailed('repeat', incident, error),
    });
    this.#runner = new EffectRunner({
      ...parts,
      executor,
      scene: (incident) => ({
        incident: this.#recorder.memory.incident(incident.id) ?? incident,
        target: this.#targetNamed(incident.target),
        settings: this.#settings,
        self: this.self,
      }),
      report: (incident, report) => this.#heed(incident, report),
    });
    this.#alarms = new Alarms(parts.clock, (incident) => this.#ring(incident));
  }

  /** Folds the journal and goes on with what is open. Rejects when the journal cannot be read. */
  async start(): Promise<void> {
    await this.#census.start(this.#over.signal);
    this.#lastWordAt = await this.#recorder.open();
    const { version } = this.#parts;
    const self = describeSelf(this.self);
    await this.#recorder.record(null, {
      type: 'agent-started',
      version,
      self,
      settings: this.#settings.version,
    });
    await this.#recorder.submit(() => this.#decider.setAsideUnreadable());
    await Promise.all(this.#recorder.memory.incidents().map(({ id }) => this.#tell(id, { kind: 'resumed' })));
    // Not before: what was under way when the last process ended is not simply gone on with, but looked at first; and
    // not in the middle of a commit, for what is decided by then is in the memory and not yet durable.
    await this.#recorder.whenDurable(() => {
      this.#acting = true;
      this.#reconcileAll();
    });
    this.#taking = true;
    void this.#recorder.watchClock();
  }

  /** Takes no more signals, lets a running step finish within `graceMs` milliseconds, and goes. */
  async stop(reason: string, graceMs: number): Promise<void> {
    this.#taking = false;
    this.#alarms.close();
    await this.#runner.stop(graceMs);
    this.#over.abort(new Error('the agent stops'));
    // Where the journal is away, the next start finds no word of the end: as after a crash.
    await this.#recorder.record(null, { type: 'agent-stopped', reason }).catch(() => undefined);
    await this.#recorder.idle();
  }

  /** Puts another configuration in force; open incidents keep the steps that were planned for them. */
  async reload(settings: Settings, notifiers: ReadonlyMap<string, Notifier>): Promise<void> {
    this.#settings = settings;
    this.#notifiers = notifiers;
    await this.#census.refresh(this.#over.signal);
    this.#board.keepOnly(this.#census.targets);
    this.#wellStates.keepOnly(this.#census.targets);
    // One that cannot be told now, since the journal is away, asks again by its own alarm.
    await this.#pokeWaiting('the configuration was changed').catch(() => undefined);
  }

  get self(): SelfIdentity {
    return this.#census.self;
  }

  async hearAlerts(message: AlertMessage): Promise<void> {
    this.#mustTake();
    const left = message.truncated > 0 ? await this.#readBack(message) : null;
    const alerts = [...message.alerts, ...(left ?? [])];
    const known = (labels: Signal & { source: 'alertmanager' }) =>
      findTarget(labels.alert.labels, this.#settings.labelMappings, this.#census.targets).kind === 'found';
    const signals = alerts.map(
      (alert) => ({ source: 'alertmanager', alert, receiver: message.receiver }) as const,
    );
    // A container may be younger than the last census: it is taken anew before a signal is said to have no target.
    if (!signals.every(known)) await this.#census.refreshSoon(this.#over.signal);
    this.#decider.mustHaveRoom(signals);
    // Each for itself, in one commit: one that cannot be decided takes no other with it.
    const heard = signals.map((signal) => this.#hearOne(signal));
    if (message.truncated > 0) heard.push(this.#noteTruncated(message, left !== null));
    await Promise.allSettled(heard);
    await Promise.all(heard);
  }

  async hear(signal: Signal): Promise<void> {
    this.#mustTake();
    await this.#hearOne(signal);
  }

  async recover(name: string, who: string, reason: string): Promise<{ readonly incident: string }> {
    this.#mustTake();
    const target = this.#targetNamed(name) ?? (await this.#lookFor(name));
    if (target === null) throw new MpaError('UNKNOWN_TARGET', name);
    const protection = protectionOf(target, [], this.#settings, this.self);
    if (protection !== null) {
      const { code } = protection;
      const body = {
        type: 'protective-action',
        layer: 'intake',
        code,
        reason: `${who} asked for a recovery: ${protection.reason}`,
      } as const;
      await this.#recorder.record(target.name, body);
      throw new MpaError('PROTECTED', protection.reason);
    }
    const open = this.#recorder.memory.fleet.openIncidentOf(name);
    const escalated = open !== null && this.#recorder.memory.incident(open)?.phase.kind === 'escalated';
    if (escalated) await this.command(open, 'recover', who, reason);
    else await this.#hearOne({ source: 'person', target: name, who, reason });
    const incident = this.#recorder.memory.fleet.openIncidentOf(name);
    if (incident === null) throw new MpaError('NOT_POSSIBLE', `mode of ${name} is off`);
    return { incident };
  }

  async command(id: string, command: PersonCommand, who: string, reason: string): Promise<void> {
    this.#mustTake();
    await this.#recorder.submit(() => {
      const incident = this.#recorder.memory.incident(id);
      if (incident === null) throw new MpaError('UNKNOWN_INCIDENT', id);
      const objection = objectionTo(incident, command);
      if (objection !== null) throw new MpaError('NOT_POSSIBLE', objection);
      this.#decider.decide(id, { kind: 'person', command, who, reason });
    });
  }

  async control(control: CoreControl, who: string, reason: string): Promise<void> {
    this.#mustTake();
    const { target } = control.kind === 'maintenance-end' ? { target: null } : control;
    if (target !== null && this.#targetNamed(target) === null) throw new MpaError('UNKNOWN_TARGET', target);
    const open = this.#recorder.memory.fleet.openMaintenance(this.#parts.clock.now());
    if (control.kind === 'maintenance-end' && !open.some(({ id }) => id === control.id)) {
      throw new MpaError('NOT_POSSIBLE', `there is no maintenance ${control.id}`);
    }
    if (control.kind === 'maintenance-start' && open.length >= MAINTENANCE_MAX) {
      throw new MpaError('NOT_POSSIBLE', `${MAINTENANCE_MAX} maintenances are open; end some first`);
    }
    await this.#recorder.record(target, { type: 'control-set', control, who, reason });
    await this.#pokeWaiting(`${who} changed what it may have waited for`);
  }

  async hearRuntime(event: RuntimeEvent): Promise<void> {
    this.#mustTake();
    const word = weighRuntimeEvent(event, this.#recorder.memory.fleet);
    if (word.kind === 'signal') await this.#hearOne(word.signal);
    if (word.kind === 'entry') await this.#recorder.record(event.target, word.body);
  }

  controls(): ControlsInForce {
    return controlsInForce(this.#recorder.memory, this.#settings, this.#parts.clock.now());
  }

  approvals(): readonly PendingApproval[] {
    return pendingApprovals(this.#recorder.memory);
  }

  targets(): readonly TargetStatus[] {
    return targetStatuses(this.#census, this.#board, this.#recorder.memory, this.#settings);
  }

  dependencies(): ReturnType<Control['dependencies']> {
    return dependencyStates(this.#recorder.trouble, this.self, this.#census);
  }

  /** Whether the agent takes signals: the journal is folded and can be written. */
  get ready(): boolean {
    return this.#taking && this.#recorder.trouble === null;
  }

  /** Everything open, for views. */
  openIncidents(): readonly Incident[] {
    return this.#recorder.memory.incidents();
  }

  knownTargets(): readonly Target[] {
    return this.#census.targets;
  }

  /** When the agent before this one last journaled something, milliseconds; `null` where nothing is known of one. */
  get lastWordAt(): number | null {
    return this.#lastWordAt;
  }

  /** Looks for targets now rather than at the next round, unless it was done a moment ago. Never rejects. */
  lookForTargets(): Promise<void> {
    return this.#census.refreshSoon(this.#over.signal);
  }

  /** Whoever looked at a target tells it here: the view of targets lives from it. */
  noteObservation(target: Target, observation: Parameters<Board['note']>[1]): void {
    this.#board.note(target, observation);
    this.#wellStatesOf(target.name);
    this.#wellStates.note(target, observation);
    this.#recordWell(target.name);
    this.#parts.telemetry.observed(target, observation);
  }

  /** A round of scheduled probes: a view of the target without a look at its instances. */
  noteProbes(target: Target, results: readonly ProbeResult[], at: number): void {
    this.#board.noteProbes(target, results, at);
    this.#parts.telemetry.observed(target, {
      at,
      runtime: { ok: true, instances: [] },
      probes: results,
      symptoms: [],
    });
  }

  /** Looks at every target that nobody watches, again and again, for the view of targets; ends with the agent. */
  async survey(intervalMs: number): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      const quiet = this.#census.targets.filter(
        ({ name }) => this.#recorder.memory.fleet.openIncidentOf(name) === null,
      );
      for (const target of quiet) {
        using deadline = deadlineIn(this.#parts.clock, this.#settings.incident.lookMs, signal);
        const observation = await this.#observer.look(target, null, deadline.signal);
        if (!signal.aborted) this.noteObservation(target, observation);
      }
      await this.#parts.clock.sleep(intervalMs, signal).catch(() => undefined); // Aborted: the loop ends.
    }
  }

  /** Whatever waits for leave asks again: the guards, a person who need not be asked any more, or one who was not called. */
  async #pokeWaiting(reason: string): Promise<void> {
    const waiting = this.#recorder.memory
      .incidents()
      .filter(
        ({ phase, target }) =>
          phase.kind === 'held' ||
          phase.kind === 'approving' ||
          (phase.kind === 'escalated' && target === null),
      );
    await Promise.all(waiting.map(({ id }) => this.#tell(id, { kind: 'poke', reason })));
  }

  /** What is on record comes before what this agent saw itself. */
  #wellStatesOf(target: string): readonly WellState[] {
    const recorded = this.#recorder.memory.wellSeen.get(target);
    if (recorded !== undefined) this.#wellStates.begin(target, recorded);
    return this.#wellStates.of(target);
  }

  /** Written down when it is another deployment, and once a day; the next look does it where the journal is away. */
  #recordWell(target: string): void {
    const state = this.#wellStates.of(target).at(-1);
    const { trouble, memory } = this.#recorder;
    if (!this.#taking || trouble !== null || state === undefined) return;
    if (!isWorthRecording(state, memory.wellSeen.get(target))) return;
    const instances = state.instances.slice(0, WELL_INSTANCES_MAX);
    const until = this.#parts.clock.now() + WELL_KEPT_MS;
    void this.#recorder.record(target, { type: 'seen-well', instances, until }).catch(() => undefined);
  }

  #hearOne(signal: Signal): Promise<void> {
    return this.#recorder.submit(() => this.#decider.receive(this.#withoutSecrets(signal)));
  }

  /** Annotations are words for people; labels stay as they are, for they say who is meant. */
  #withoutSecrets(signal: Signal): Signal {
    const { redact } = this.#parts;
    if (redact === undefined || signal.source !== 'alertmanager') return signal;
    const { alert } = signal;
    const annotations = Object.entries(alert.annotations).map(
      ([name, text]) => [name, redact(text)] as const,
    );
    return {
      ...signal,
      alert: {
        ...alert,
        annotations: Object.fromEntries(annotations),
        generatorUrl: redact(alert.generatorUrl),
      },
    };
  }

  #noteTruncated({ truncated: count, receiver }: AlertMessage, readBack: boolean): Promise<void> {
    return this.#recorder.record(null, { type: 'alerts-truncated', count, receiver, readBack });
  }

  /** Alerts that had no target may have one now: each is placed as if it came again. */
  async #placeAnew(): Promise<void> {
    if (!this.#taking) return;
    const unplaced = this.#recorder.memory
      .incidents()
      .filter(({ target, alerts }) => target === null && alerts.size > 0);
    for (const { alerts, openedAt } of unplaced) {
      for (const [fingerprint, { labels, generatorUrl, status }] of alerts) {
        if (status === 'resolved') continue;
        const alert = {
          fingerprint,
          status,
          labels,
          annotations: {},
          // Its own begin, as far as it is remembered: what was old news, or a late copy, is so still.
          startsAt: this.#recorder.memory.fleet.episodeOf(fingerprint)?.lastStartsAt ?? openedAt,
          endsAt: null,
          generatorUrl,
        };
        await this.#hearOne({ source: 'alertmanager', alert, receiver: '' });
      }
    }
  }

  #tell(incident: string, input: Input): Promise<void> {
    return this.#recorder.submit(() => this.#decider.decide(incident, input));
  }

  /** A result of an effect must not be lost: when the journal cannot be written it is told again until it can. */
  async #heed(incident: string, report: EffectReport): Promise<void> {
    const { signal } = this.#over;
    for (;;) {
      try {
        return await this.#tell(incident, { kind: 'report', report });
      } catch (error) {
        if (signal.aborted || !isPassing(error)) throw error;
        // Whether the journal is back is tried by one for all.
        do await this.#parts.clock.sleep(JOURNAL_RETRY_MS, signal);
        while (this.#recorder.trouble !== null);
      }
    }
  }

  /** While the journal is away every decision would be lost; the alarm goes on ringing. */
  #ring(incident: string): void {
    if (this.#recorder.trouble === null) void this.#tell(incident, { kind: 'tick' }).catch(() => undefined);
  }

  /** Journal before effect: only what is durable becomes an effect. */
  #onCommitted(entries: readonly Entry[], touched: ReadonlySet<string>): void {
    for (const id of touched) this.#reconcile(id);
    this.#wakeWaiting(entries);
  }

  /** An incident that ended may be what others wait for: their dependency, or a place in the blast radius. */
  #wakeWaiting(entries: readonly Entry[]): void {
    const ended = entries.filter(({ body }) => body.type === 'incident-ended');
    if (ended.length === 0) return;
    const names = new Set(ended.map(({ target }) => target));
    const waits = (name: string | null) =>
      names.has(null) ||
      this.#targetNamed(name)?.dependsOn.some((dependency) => names.has(dependency)) === true;
    const waiting = this.#recorder.memory
      .incidents()
      .filter(({ phase, target }) => phase.kind === 'held' && waits(target));
    const poke = { kind: 'poke', reason: 'what it may have waited for has ended' } as const;
    // One that cannot be told now asks again by its own alarm.
    for (const { id } of waiting) void this.#tell(id, poke).catch(() => undefined);
  }

  #reconcile(id: string): void {
    if (!this.#acting) return;
    const incident = this.#recorder.memory.incident(id);
    this.#runner.reconcile(id, incident);
    this.#alarms.set(id, incident === null ? null : wakeAt(incident));
  }

  #reconcileAll(): void {
    for (const { id } of this.#recorder.memory.incidents()) this.#reconcile(id);
  }

  #mustTake(): void {
    if (!this.#taking) throw new MpaError('OVERLOADED', 'it is starting or stopping');
  }

  #targetNamed(name: string | null): Target | null {
    return this.#census.targets.find((target) => target.name === name) ?? null;
  }

  async #lookFor(name: string): Promise<Target | null> {
    await this.#census.refreshSoon(this.#over.signal);
    return this.#targetNamed(name);
  }

  async #readBack(message: AlertMessage): Promise<AlertMessage['alerts'] | null> {
    const { alertReader, clock } = this.#parts;
    if (alertReader === null) return null;
    using deadline = deadlineIn(clock, READ_BACK_MS, this.#over.signal);
    try {
      const told = new Set(message.alerts.map(({ fingerprint }) => fingerprint));
      const active = await alertReader.activeAlerts(message.receiver, deadline.signal);
      return active.filter(({ fingerprint }) => !told.has(fingerprint));
    } catch {
      return null; // Journaled and counted as not read back.
    }
  }
}

/** Whether telling it again can help: the journal, or a queue that was full. */
function isPassing(error: unknown): boolean {
  return error instanceof JournalError || (error instanceof MpaError && error.code === 'OVERLOADED');
}
