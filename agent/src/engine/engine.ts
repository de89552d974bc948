import type { Input } from '../core/context.ts';
import type { Control as CoreControl } from '../core/control.ts';
import type { Entry } from '../core/entry.ts';
import { describeSelf, type SelfIdentity } from '../core/guards/index.ts';
import type { Incident } from '../core/incident.ts';
import type { ProbeResult } from '../core/observation.ts';
import type { PersonCommand } from '../core/personCommand.ts';
import type { Settings } from '../core/settings.ts';
import type { Signal } from '../core/signal.ts';
import type { Target } from '../core/target.ts';
import { MpaError } from '../errors.ts';
import type {
  AlertMessage,
  Control,
  ControlsInForce,
  Notifier,
  PendingApproval,
  ProbeRound,
  RuntimeEvent,
  TargetStatus,
} from '../ports.ts';
import { Census } from './census.ts';
import { Decider } from './decider.ts';
import { Executor } from './executor.ts';
import { Hearing } from './hearing.ts';
import { Observer } from './observer.ts';
import type { Parts } from './parts.ts';
import { PeopleDesk } from './peopleDesk.ts';
import { ProbeRounds } from './probeRounds.ts';
import { Reconciler } from './reconciler.ts';
import { Recorder } from './recorder.ts';
import { Sightings } from './sightings.ts';
import { controlsInForce, dependencyStates, pendingApprovals, targetStatuses } from './views.ts';
import { Waker } from './waker.ts';
import { WellRecord } from './wellRecord.ts';

/** Incidents that are told of a start at once. */
const RESUMED_AT_ONCE = 1_000;

/**
 * Runs the core: hears, has it decided and recorded, and only then starts what is pending; feeds results back; wakes
 * at deadlines. It knows no rule of its own about what should be done. Here its parts are put together, started and
 * ended; what each does is in its own file.
 */
export class Engine implements Control {
  readonly #parts: Parts;
  readonly #census: Census;
  readonly #decider: Decider;
  readonly #recorder: Recorder;
  readonly #hearing: Hearing;
  readonly #waker: Waker;
  readonly #people: PeopleDesk;
  readonly #sightings: Sightings;
  readonly #reconciler: Reconciler;
  readonly #probeRounds = new ProbeRounds();
  readonly #over = new AbortController();
  #settings: Settings;
  #notifiers: ReadonlyMap<string, Notifier>;
  #taking = false;
  #lastWordAt: number | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#settings = parts.settings;
    this.#notifiers = parts.notifiers;
    const settings = () => this.#settings;
    const redact = parts.redact ?? ((text: string) => text);
    const over = this.#over.signal;
    const tell = (incident: string, input: Input) => this.#tell(incident, input);
    this.#census = new Census({ ...parts, settings, onNewTarget: () => this.#onNewTarget() });
    this.#decider = new Decider({
      ...parts,
      recorder: () => this.#recorder,
      census: () => this.#census,
      settings,
    });
    this.#recorder = new Recorder({
      ...parts,
      version: () => this.#settings.version,
      over,
      conclude: () => this.#decider.watchFleet(),
      isDue: () => this.#decider.hasFleetNews(),
      onCommitted: (entries, touched) => this.#onCommitted(entries, touched),
      onRefolded: () => this.#reconciler.reconcileAll(),
    });
    const common = { clock: parts.clock, telemetry: parts.telemetry, settings, over } as const;
    const inside = { recorder: this.#recorder, decider: this.#decider, census: this.#census } as const;
    const waker = new Waker({ ...inside, tell });
    this.#waker = waker;
    this.#hearing = new Hearing({ ...common, ...inside, alertReader: parts.alertReader, redact, waker });
    this.#people = new PeopleDesk({ ...common, ...inside, hearing: this.#hearing, waker });
    const observer = new Observer(parts);
    const wellRecord = new WellRecord({ ...common, ...inside, taking: () => this.#taking });
    const probeRounds = this.#probeRounds;
    this.#sightings = new Sightings({ ...common, ...inside, observer, probeRounds, wellRecord });
    this.#reconciler = new Reconciler({
      ...common,
      ...inside,
      executor: this.#makeExecutor(observer, wellRecord, redact),
      scene: (incident) => ({
        incident: this.#recorder.memory.incident(incident.id) ?? incident,
        target: this.#census.find(incident.target),
        settings: this.#settings,
        self: this.self,
      }),
      tell,
    });
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
    await this.#resumeAll();
    // Not before: what was under way when the last process ended is not simply gone on with, but looked at first; and
    // not in the middle of a commit, for what is decided by then is in the memory and not yet durable.
    await this.#recorder.whenDurable(() => this.#reconciler.begin());
    this.#taking = true;
    this.#recorder.watchClock();
  }

  /** In parts: an agent that is full has more open incidents than decisions may wait. */
  async #resumeAll(): Promise<void> {
    const open = this.#recorder.memory.incidents();
    for (let from = 0; from < open.length; from += RESUMED_AT_ONCE) {
      const part = open.slice(from, from + RESUMED_AT_ONCE);
      await Promise.all(part.map(({ id }) => this.#tell(id, { kind: 'resumed' })));
    }
  }

  /** Takes no more signals, lets a running step finish within `graceMs` milliseconds, and goes. */
  async stop(reason: string, graceMs: number): Promise<void> {
    this.#taking = false;
    await this.#reconciler.stop(graceMs);
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
    this.#sightings.keepOnly(this.#census.targets);
    // One that cannot be told now, since the journal is away, asks again by its own alarm.
    await this.#waker.wakeAll('the configuration was changed').catch(() => undefined);
  }

  get self(): SelfIdentity {
    return this.#census.self;
  }

  hearAlerts(message: AlertMessage): Promise<void> {
    return this.#taking ? this.#hearing.hearAlerts(message) : refused();
  }

  hear(signal: Signal): Promise<void> {
    return this.#taking ? this.#hearing.hear(signal) : refused();
  }

  hearRuntime(event: RuntimeEvent): Promise<void> {
    return this.#taking ? this.#hearing.hearRuntime(event) : refused();
  }

  recover(target: string, who: string, reason: string): Promise<{ readonly incident: string }> {
    return this.#taking ? this.#people.recover(target, who, reason) : refused();
  }

  command(incident: string, command: PersonCommand, who: string, reason: string): Promise<void> {
    return this.#taking ? this.#people.command(incident, command, who, reason) : refused();
  }

  control(control: CoreControl, who: string, reason: string): Promise<void> {
    return this.#taking ? this.#people.control(control, who, reason) : refused();
  }

  controls(): ControlsInForce {
    return controlsInForce(this.#recorder.memory, this.#settings, this.#parts.clock.now());
  }

  /** How many instances people hold down, and how many targets as a whole, since there was no room for more of them. */
  get holds(): { readonly instances: number; readonly targets: number } {
    return this.#recorder.memory.fleet.holds;
  }

  approvals(): readonly PendingApproval[] {
    return pendingApprovals(this.#recorder.memory);
  }

  targets(): readonly TargetStatus[] {
    const now = this.#parts.clock.now();
    return targetStatuses(this.#census, this.#sightings.board, this.#recorder.memory, this.#settings, now);
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

  /** Leave for a round of scheduled probes at a target; `null` while a call acts on it. */
  beginProbes(target: string): ProbeRound | null {
    return this.#probeRounds.begin(target);
  }

  /** A round of scheduled probes: a view of the target without a look at its instances. */
  noteProbes(target: Target, results: readonly ProbeResult[], at: number): void {
    this.#sightings.noteProbes(target, results, at);
  }

  /** Looks at every target that nobody watches, again and again, for the view of targets; ends with the agent. */
  survey(intervalMs: number): Promise<void> {
    return this.#sightings.survey(intervalMs);
  }

  #makeExecutor(observer: Observer, wellRecord: WellRecord, redact: (text: string) => string): Executor {
    const parts = this.#parts;
    return new Executor({
      ...parts,
      observer,
      probeRounds: this.#probeRounds,
      redact,
      keptLogs: parts.keptLogs ?? null,
      metrics: parts.metrics ?? null,
      diagnoser: parts.diagnoser ?? null,
      analyst: () => parts.analyst ?? null,
      wellStates: (target) => wellRecord.of(target),
      notifiers: () => this.#notifiers,
      onObserved: (target, observation) => this.#sightings.note(target, observation),
      onRepeatFailed: (incident, error) => parts.telemetry.effectFailed('repeat', incident, error),
    });
  }

  /** Journal before effect: only what is durable becomes an effect. */
  #onCommitted(entries: readonly Entry[], touched: ReadonlySet<string>): void {
    for (const id of touched) this.#reconciler.reconcile(id);
    this.#waker.wakeAfter(entries);
  }

  #onNewTarget(): void {
    if (this.#taking) void this.#hearing.placeAnew().catch(() => undefined); // The next round, or a resend, does it.
  }

  #tell(incident: string, input: Input): Promise<void> {
    return this.#recorder.submit(() => this.#decider.decide(incident, input));
  }
}

/** What is said before the start is over, and from when it stops. */
function refused(): Promise<never> {
  return Promise.reject(new MpaError('OVERLOADED', 'it is starting or stopping'));
}
