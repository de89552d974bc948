import type { Context, EffectReport, Input } from '../core/context.ts';
import { openIncident } from '../core/decide/opening.ts';
import { objectionTo } from '../core/decide/person.ts';
import { decide } from '../core/decide.ts';
import { wakeAt } from '../core/effects.ts';
import type { Control as CoreControl, Draft, Entry, EntryBody, PersonCommand } from '../core/entry.ts';
import { FLEET_MEMORY_MS } from '../core/fleet.ts';
import { describeSelf, protectionOf, type SelfIdentity } from '../core/guards/index.ts';
import type { Incident } from '../core/incident.ts';
import { type Placement, placeSignal } from '../core/intake.ts';
import { openWindows } from '../core/maintenance.ts';
import type { ProbeResult } from '../core/observation.ts';
import { closePanic, FLEET_PLACE, isPanic, openPanic } from '../core/panic.ts';
import { quarantine } from '../core/quarantine.ts';
import type { Settings } from '../core/settings.ts';
import type { Signal } from '../core/signal.ts';
import { findTarget, type RuntimeName, type Target } from '../core/target.ts';
import { JournalError, MpaError } from '../errors.ts';
import type {
  Action,
  AlertMessage,
  AlertReader,
  Clock,
  Control,
  ControlsInForce,
  IncidentSummary,
  Journal,
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
import { ClockWatch } from './clockWatch.ts';
import { Committer } from './committer.ts';
import { deadlineIn, wordsOf } from './deadline.ts';
import { EffectRunner } from './effectRunner.ts';
import { Executor } from './executor.ts';
import { Memory } from './memory.ts';
import { Observer } from './observer.ts';

/** Open incidents; more signals that would open one are refused until some have ended. */
const OPEN_MAX = 10_000;
/** Maintenances that are open at once; each is asked at every mutating step. */
const MAINTENANCE_MAX = 1_000;
/** Reading back what a truncated message left out may take this long, milliseconds. */
const READ_BACK_MS = 3_000;
/** The clock is looked at this often where nothing else happens, milliseconds. */
const CLOCK_WATCH_MS = 1_000;
/** After a failed append the journal is tried again after this long, milliseconds. */
const JOURNAL_RETRY_MS = 1_000;

/** Everything that the engine needs from outside; the composition root knows who they are. */
export type Parts = {
  readonly version: string;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly prober: Prober;
  readonly symptoms: readonly SymptomSource[];
  readonly alertReader: AlertReader | null;
  readonly actions: ReadonlyMap<string, Action>;
  readonly notifiers: ReadonlyMap<string, Notifier>;
  readonly selfFinder: SelfFinder;
  readonly telemetry: Telemetry;
  readonly newId: () => string;
  readonly link: (incident: string) => string;
  readonly settings: Settings;
};

/**
 * Runs the core: hears, decides, appends, and only then starts what is pending; feeds results back; wakes at
 * deadlines. It knows no rule of its own about what should be done.
 */
export class Engine implements Control {
  readonly #parts: Parts;
  readonly #committer: Committer;
  readonly #runner: EffectRunner;
  readonly #alarms: Alarms;
  readonly #board = new Board();
  readonly #census: Census;
  readonly #observer: Observer;
  readonly #over = new AbortController();
  #settings: Settings;
  #notifiers: ReadonlyMap<string, Notifier>;
  readonly #clockWatch: ClockWatch;
  #memory = new Memory();
  #journalTrouble: string | null = null;
  #touched = new Set<string>();
  /** Folded, and not yet handed to the journal. */
  readonly #folded: Draft[] = [];
  #taking = false;
  #lastWordAt: number | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#clockWatch = new ClockWatch(parts.clock);
    this.#settings = parts.settings;
    this.#notifiers = parts.notifiers;
    this.#observer = new Observer(parts);
    this.#census = new Census({
      ...parts,
      settings: () => this.#settings,
      onNewTarget: () => void this.#placeAnew().catch(() => undefined), // The next round, or a resend, does it.
    });
    const executor = new Executor({
      ...parts,
      observer: this.#observer,
      notifiers: () => this.#notifiers,
      onObserved: (target, observation) => this.noteObservation(target, observation),
    });
    this.#runner = new EffectRunner({
      executor,
      clock: parts.clock,
      telemetry: parts.telemetry,
      scene: (incident) => ({
        incident: this.#memory.incident(incident.id) ?? incident,
        target: this.#targetNamed(incident.target),
        settings: this.#settings,
        self: this.self,
      }),
      report: (incident, report) => this.#heed(incident, report),
    });
    this.#alarms = new Alarms(parts.clock, (incident) => {
      // While the journal is away every decision would be lost; the alarm goes on ringing.
      if (this.#journalTrouble === null) void this.#tell(incident, { kind: 'tick' }).catch(() => undefined);
    });
    this.#committer = new Committer({
      append: (drafts) => this.#append(drafts),
      prepare: () => this.#noticeJump(),
      conclude: () => this.#watchFleet(),
      takeFolded: () => this.#folded.splice(0),
      onCommitted: (entries) => this.#committed(entries),
      onFailure: (error) => this.#recoverMemory(error),
    });
  }

  /** Folds the journal and goes on with what is open. Rejects when the journal cannot be read. */
  async start(): Promise<void> {
    await this.#census.start(this.#over.signal);
    this.#lastWordAt = await this.#fold();
    const { version } = this.#parts;
    await this.#committer.submit(() => [
      this.#stage(null, null, {
        type: 'agent-started',
        version,
        self: describeSelf(this.self),
        settings: this.#settings.version,
      }),
    ]);
    await this.#committer.submit(() => this.#setAsideUnreadable());
    await Promise.all(this.#memory.incidents().map(({ id }) => this.#tell(id, { kind: 'resumed' })));
    for (const { id } of this.#memory.incidents()) this.#reconcile(id);
    this.#taking = true;
    void this.#watchClock();
  }

  /** Takes no more signals, lets a running step finish within `graceMs` milliseconds, and goes. */
  async stop(reason: string, graceMs: number): Promise<void> {
    this.#taking = false;
    this.#alarms.close();
    await this.#runner.stop(graceMs);
    this.#over.abort(new Error('the agent stops'));
    await this.#committer
      .submit(() => [this.#stage(null, null, { type: 'agent-stopped', reason })])
      .catch(() => undefined);
    await this.#committer.idle();
  }

  /** Puts another configuration in force; open incidents keep the steps that were planned for them. */
  async reload(settings: Settings, notifiers: ReadonlyMap<string, Notifier>): Promise<void> {
    this.#settings = settings;
    this.#notifiers = notifiers;
    await this.#census.refresh(this.#over.signal);
    this.#board.keepOnly(this.#census.targets);
  }

  // ---- Control

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
    this.#mustHaveRoom(signals.length);
    // Each for itself, in one commit: one that cannot be decided takes no other with it.
    const heard = signals.map((signal) => this.#hearOne(signal));
    if (message.truncated > 0)
      heard.push(this.#committer.submit(() => this.#noteTruncated(message, left !== null)));
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
      await this.#committer.submit(() => [this.#stage(null, target.name, body)]);
      throw new MpaError('PROTECTED', protection.reason);
    }
    const open = this.#memory.fleet.openIncidentOf(name);
    const escalated = open !== null && this.#memory.incident(open)?.phase.kind === 'escalated';
    if (escalated) await this.command(open, 'recover', who, reason);
    else await this.#committer.submit(() => this.#receive({ source: 'person', target: name, who, reason }));
    const incident = this.#memory.fleet.openIncidentOf(name);
    if (incident === null) throw new MpaError('NOT_POSSIBLE', `mode of ${name} is off`);
    return { incident };
  }

  async command(id: string, command: PersonCommand, who: string, reason: string): Promise<void> {
    this.#mustTake();
    await this.#committer.submit(() => {
      const incident = this.#memory.incident(id);
      if (incident === null) throw new MpaError('UNKNOWN_INCIDENT', id);
      const objection = objectionTo(incident, command);
      if (objection !== null) throw new MpaError('NOT_POSSIBLE', objection);
      return this.#decide(id, { kind: 'person', command, who, reason });
    });
  }

  async control(control: CoreControl, who: string, reason: string): Promise<void> {
    this.#mustTake();
    const { target } = control.kind === 'maintenance-end' ? { target: null } : control;
    if (target !== null && this.#targetNamed(target) === null) throw new MpaError('UNKNOWN_TARGET', target);
    const { fleet } = this.#memory;
    if (
      control.kind === 'maintenance-end' &&
      !fleet.openMaintenance(this.#parts.clock.now()).some(({ id }) => id === control.id)
    ) {
      throw new MpaError('NOT_POSSIBLE', `there is no maintenance ${control.id}`);
    }
    if (
      control.kind === 'maintenance-start' &&
      fleet.openMaintenance(this.#parts.clock.now()).length >= MAINTENANCE_MAX
    ) {
      throw new MpaError('NOT_POSSIBLE', `${MAINTENANCE_MAX} maintenances are open; end some first`);
    }
    await this.#committer.submit(() => [
      this.#stage(null, target, { type: 'control-set', control, who, reason }),
    ]);
    await this.#poke(`${who} changed what it may have waited for`);
  }

  controls(): ControlsInForce {
    const { fleet } = this.#memory;
    const now = this.#parts.clock.now();
    return {
      maintenance: fleet.openMaintenance(now),
      recurring: openWindows(this.#settings.maintenance, now),
      breakers: fleet.openBreakers(now),
      modes: fleet.setModes(),
    };
  }

  approvals(): readonly PendingApproval[] {
    return this.#memory
      .incidents()
      .flatMap(({ id, target, phase }) =>
        phase.kind === 'approving'
          ? [{ incident: id, target, until: phase.until, reason: phase.reason }]
          : [],
      );
  }

  async hearRuntime(event: RuntimeEvent): Promise<void> {
    this.#mustTake();
    const { target, instance, instanceId, happenedAt } = event;
    const own = this.#memory.fleet.isOwnDoing(target, happenedAt);
    switch (event.what) {
      case 'stopped':
      case 'paused':
        if (own) return;
        await this.#committer.submit(() => [
          this.#stage(null, target, {
            type: 'instance-stopped',
            instance,
            instanceId,
            by: event.what === 'stopped' ? 'stop' : 'pause',
          }),
        ]);
        return;
      case 'started':
      case 'removed': {
        if (!this.#memory.fleet.isHeld(target, instanceId)) return;
        const type = event.what === 'started' ? 'instance-started' : 'instance-removed';
        await this.#committer.submit(() => [this.#stage(null, target, { type, instance, instanceId })]);
        return;
      }
      case 'died':
      case 'oom':
      case 'unhealthy': {
        if (own || this.#memory.fleet.isHeld(target, instanceId)) return;
        const { what, reason } = event;
        await this.hear({ source: 'runtime', target, event: what, instance, happenedAt, reason });
        return;
      }
      default:
        event.what satisfies never;
    }
  }

  targets(): readonly TargetStatus[] {
    return this.#census.targets.map((target) => ({
      target,
      ...this.#board.of(target),
      incident: this.#memory.fleet.openIncidentOf(target.name),
      protected: protectionOf(target, [], this.#settings, this.self) !== null,
    }));
  }

  dependencies(): ReturnType<Control['dependencies']> {
    const journal = {
      name: 'journal',
      ok: this.#journalTrouble === null,
      required: true,
      reason: this.#journalTrouble ?? 'written and read',
    };
    const { self } = this;
    const identity = {
      name: 'self',
      ok: self.kind !== 'unknown',
      required: false,
      reason: describeSelf(self),
    };
    return [journal, identity, ...this.#census.troubles()];
  }

  /** Whether the agent takes signals: the journal is folded and can be written. */
  get ready(): boolean {
    return this.#taking && this.#journalTrouble === null;
  }

  /** Everything open, for views. */
  openIncidents(): readonly Incident[] {
    return this.#memory.incidents();
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
        ({ name }) => this.#memory.fleet.openIncidentOf(name) === null,
      );
      for (const target of quiet) {
        using deadline = deadlineIn(this.#parts.clock, this.#settings.incident.lookMs, signal);
        const observation = await this.#observer.look(target, null, deadline.signal);
        if (!signal.aborted) this.noteObservation(target, observation);
      }
      await this.#parts.clock.sleep(intervalMs, signal).catch(() => undefined); // Aborted: the loop ends.
    }
  }

  // ---- Deciding

  #context(): Context {
    return {
      now: this.#parts.clock.now(),
      settings: this.#settings,
      fleet: this.#memory.fleet,
      targets: this.#census.targets,
      self: this.self,
      discoveryTrouble: this.#census.discoveryTrouble,
    };
  }

  #hearOne(signal: Signal): Promise<void> {
    return this.#committer.submit(() => {
      this.#mustHaveRoom(1);
      return this.#receive(signal);
    });
  }

  #receive(signal: Signal): readonly Draft[] {
    const placement = placeSignal(signal, this.#context());
    if (placement.kind !== 'move') return this.#place(signal, placement);
    const { from, to } = placement;
    const target =
      to.kind === 'open' ? to.place : (this.#memory.incident(to.incident)?.target ?? to.incident);
    const ended = this.#decide(from, { kind: 'superseded', target });
    return [...ended, ...this.#place(signal, to)];
  }

  #place(signal: Signal, placement: Exclude<Placement, { kind: 'move' }>): readonly Draft[] {
    switch (placement.kind) {
      case 'join':
        if (this.#memory.incident(placement.incident)?.quarantined != null) {
          const reason = `it belongs to incident ${placement.incident}, which is set aside for a person`;
          return [this.#stage(null, null, { type: 'signal-ignored', signal, code: 'set-aside', reason })];
        }
        return this.#decide(placement.incident, { kind: 'signal', signal, trusted: placement.trusted });
      case 'open': {
        return this.#applyAll(openIncident(this.#parts.newId(), placement, signal, this.#context()));
      }
      case 'ignore': {
        // A passing probe is nobody's message: there is no sender who was promised that it is kept.
        if (signal.source === 'probe') return [];
        const { code, reason } = placement;
        const target = signal.source === 'alertmanager' ? null : signal.target;
        return [this.#stage(null, target, { type: 'signal-ignored', signal, code, reason })];
      }
      default:
        return placement satisfies never;
    }
  }

  /** Alerts that had no target may have one now: each is placed as if it came again. */
  async #placeAnew(): Promise<void> {
    if (!this.#taking) return;
    const unplaced = this.#memory
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
          startsAt: openedAt,
          endsAt: null,
          generatorUrl,
        };
        await this.#hearOne({ source: 'alertmanager', alert, receiver: '' });
      }
    }
  }

  #noteTruncated({ truncated: count, receiver }: AlertMessage, readBack: boolean): readonly Draft[] {
    return [this.#stage(null, null, { type: 'alerts-truncated', count, receiver, readBack })];
  }

  /** Decides for one incident, and folds. One whose decision throws is set aside, and nobody else waits. */
  #decide(id: string, input: Input): readonly Draft[] {
    const incident = this.#memory.incident(id);
    if (incident === null) return [];
    const context = this.#context();
    const asideOnly =
      input.kind !== 'person' && !(input.kind === 'report' && input.report.kind === 'notified');
    if (incident.quarantined !== null && asideOnly) return [];
    try {
      return this.#applyAll(decide(incident, input, context));
    } catch (error) {
      this.#parts.telemetry.incidentQuarantined(id, error);
      return this.#applyAll(quarantine(incident, error, context));
    }
  }

  #applyAll(drafts: readonly Draft[]): readonly Draft[] {
    for (const draft of drafts) {
      this.#memory.apply(draft);
      this.#folded.push(draft);
      if (draft.incident !== null) this.#touched.add(draft.incident);
    }
    return drafts;
  }

  #stage(incident: string | null, target: string | null, body: EntryBody): Draft {
    const draft = { at: this.#parts.clock.now(), incident, target, settings: this.#settings.version, body };
    this.#applyAll([draft]);
    return draft;
  }

  async #tell(incident: string, input: Input): Promise<void> {
    await this.#committer.submit(() => this.#decide(incident, input));
    // Nothing came of it: the alarm and the effects stand as they are.
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
        while (this.#journalTrouble !== null);
      }
    }
  }

  /** Half of the fleet failing at once is one matter for one person, not many matters. */
  #watchFleet(): readonly Draft[] {
    const context = this.#context();
    const open = this.#memory.fleet.openIncidentOf(FLEET_PLACE);
    if (isPanic(context)) return open === null ? this.#applyAll(openPanic(this.#parts.newId(), context)) : [];
    const incident = open === null ? null : this.#memory.incident(open);
    return incident === null ? [] : this.#applyAll(closePanic(incident, context));
  }

  // ---- Journal

  async #append(drafts: readonly Draft[]): Promise<readonly Entry[]> {
    const { clock, journal, telemetry } = this.#parts;
    const startedAt = clock.monotonic();
    try {
      const entries = await journal.append(drafts, this.#summaries(drafts));
      telemetry.journalCommitted(clock.monotonic() - startedAt, true);
      this.#journalTrouble = null;
      this.#clockWatch.recorded();
      this.#memory.forgetSettled();
      return entries;
    } catch (error) {
      telemetry.journalCommitted(clock.monotonic() - startedAt, false);
      throw error;
    }
  }

  #committed(entries: readonly Entry[]): void {
    for (const entry of entries) this.#parts.telemetry.entryAppended(entry);
    const touched = this.#touched;
    this.#touched = new Set();
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
    const waiting = this.#memory
      .incidents()
      .filter(({ phase, target }) => phase.kind === 'held' && waits(target));
    const poke = { kind: 'poke', reason: 'what it may have waited for has ended' } as const;
    // One that cannot be told now asks again by its own alarm.
    for (const { id } of waiting) void this.#tell(id, poke).catch(() => undefined);
  }

  #reconcile(id: string): void {
    const incident = this.#memory.incident(id);
    this.#runner.reconcile(id, incident);
    this.#alarms.set(id, incident === null ? null : wakeAt(incident));
  }

  /** What was folded is not in the journal: it is forgotten, and the journal alone says what is true. */
  async #recoverMemory(error: unknown): Promise<void> {
    const first = this.#journalTrouble === null;
    this.#journalTrouble = wordsOf(error);
    this.#touched = new Set();
    const { signal } = this.#over;
    while (!signal.aborted) {
      try {
        await this.#fold();
        break;
      } catch (again) {
        this.#journalTrouble = wordsOf(again);
        await this.#parts.clock.sleep(JOURNAL_RETRY_MS, signal).catch(() => undefined); // Aborted: the loop ends.
      }
    }
    for (const { id } of this.#memory.incidents()) this.#reconcile(id);
    if (first) void this.#awaitJournal(this.#parts.clock.monotonic(), wordsOf(error));
  }

  /** Tries the journal until it can be written again, and records how long it could not. */
  async #awaitJournal(since: number, reason: string): Promise<void> {
    const { clock } = this.#parts;
    const { signal } = this.#over;
    while (!signal.aborted && this.#journalTrouble !== null) {
      await clock.sleep(JOURNAL_RETRY_MS, signal).catch(() => undefined); // Aborted: the loop ends.
      const afterMs = Math.round(clock.monotonic() - since);
      await this.#committer
        .submit(() => [this.#stage(null, null, { type: 'journal-recovered', afterMs, reason })])
        .catch(() => undefined);
    }
  }

  /** Answers with the time of the newest entry, milliseconds; `null` when there is none that still matters. */
  async #fold(): Promise<number | null> {
    const { journal, clock, telemetry } = this.#parts;
    const entries = await journal.load(clock.now() - 2 * FLEET_MEMORY_MS);
    const memory = Memory.fold(entries);
    telemetry.restored(entries);
    for (const [id, error] of memory.unreadable) telemetry.incidentQuarantined(id, error);
    this.#memory = memory;
    return entries.at(-1)?.at ?? null;
  }

  #summaries(drafts: readonly Draft[]): readonly IncidentSummary[] {
    const ids = new Set(drafts.flatMap(({ incident }) => (incident === null ? [] : [incident])));
    return [...ids].flatMap((id) => summarise(this.#memory.lastOf(id)));
  }

  // ---- Helpers

  /** Asked before each batch of decisions: nothing is decided upon a jump of the clock that was not noticed. */
  #noticeJump(): void {
    const byMs = this.#clockWatch.jump();
    if (byMs === null) return;
    this.#stage(null, null, { type: 'clock-jumped', byMs });
    for (const { id, target } of this.#memory.incidents())
      this.#stage(id, target, { type: 'clock-jumped', byMs });
  }

  /** Where nothing else is decided, the clock is looked at all the same. */
  async #watchClock(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await this.#parts.clock.sleep(CLOCK_WATCH_MS, signal).catch(() => undefined); // Aborted: the loop ends.
      if (!signal.aborted) await this.#committer.submit(() => undefined).catch(() => undefined); // Told again next time.
    }
  }

  async #poke(reason: string): Promise<void> {
    const held = this.#memory.incidents().filter(({ phase }) => phase.kind === 'held');
    await Promise.all(held.map(({ id }) => this.#tell(id, { kind: 'poke', reason })));
  }

  #mustTake(): void {
    if (!this.#taking) throw new MpaError('OVERLOADED', 'it is starting or stopping');
  }

  /** Asked before anything is folded: a message is taken whole or not at all. */
  #mustHaveRoom(signals: number): void {
    if (this.#memory.size + signals > OPEN_MAX)
      throw new MpaError('OVERLOADED', `${OPEN_MAX} incidents are open`);
  }

  #setAsideUnreadable(): readonly Draft[] {
    return [...this.#memory.unreadable].flatMap(([id, error]) => {
      const incident = this.#memory.incident(id);
      return incident === null || incident.quarantined !== null
        ? []
        : this.#applyAll(quarantine(incident, error, this.#context()));
    });
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

function summarise(incident: Incident | null): readonly IncidentSummary[] {
  if (incident === null) return [];
  const { id, phase, target, openedAt, reason, escalation } = incident;
  const end = phase.kind === 'ended' ? phase : null;
  return [
    {
      id,
      target,
      openedAt,
      endedAt: end?.at ?? null,
      phase: phase.kind,
      outcome: end?.outcome ?? null,
      escalated: escalation !== null && escalation.code !== 'approval-wanted',
      reason: escalation?.reason ?? reason,
    },
  ];
}
