import { ACTIONS } from '../../src/actions/index.ts';
import type { Alert } from '../../src/core/alert.ts';
import type { BodyOf, EntryBody } from '../../src/core/entry.ts';
import type { SelfIdentity } from '../../src/core/guards/index.ts';
import type { ProbeResult } from '../../src/core/observation.ts';
import type { Settings } from '../../src/core/settings.ts';
import { Engine } from '../../src/engine/engine.ts';
import type {
  Analyst,
  Diagnoser,
  EscalationMessage,
  LogSource,
  Notifier,
  Prober,
  SymptomSource,
} from '../../src/ports.ts';
import { ManualClock } from '../fakes/clock.ts';
import { FakeRuntime } from '../fakes/fakeRuntime.ts';
import { type JournalContent, MemoryJournal } from '../fakes/memoryJournal.ts';
import { SILENT_TELEMETRY } from '../fakes/silentTelemetry.ts';
import { START_AT, settings } from './given.ts';
import { mortalClock, mortalRuntime } from './mortal.ts';

/** What an agent may have to think with. */
export type Wits = {
  readonly diagnoser?: Diagnoser;
  readonly analyst?: Analyst;
  /** Takes secrets out of what is kept. */
  readonly redact?: (text: string) => string;
};

const NO_WITS: Wits = {};

/** The real engine with everything outside of it in memory and on a clock that the test moves. */
export class Harness {
  readonly clock: ManualClock;
  readonly runtime: FakeRuntime;
  readonly content: JournalContent;
  readonly delivered: EscalationMessage[] = [];
  readonly withdrawn: string[] = [];
  /** What the symptom source answers. */
  symptom: 'present' | 'gone' | 'unknown' = 'gone';
  probes: readonly ProbeResult[] = [];
  /** Called by each round of probes before it answers. */
  onProbe: (signal: AbortSignal) => Promise<void> = async () => undefined;
  self: SelfIdentity = { kind: 'outside' };
  refuseDelivery = false;
  /** The receiver takes the call and never answers; its client does not listen to the deadline either. */
  hangDelivery = false;
  /** How often the channel says an escalation again, milliseconds; `null`: once is enough. */
  repeatMs: number | null = null;
  /** How often a delivery was tried. */
  deliveries = 0;
  /** What decisions threw, as the telemetry was told. */
  readonly quarantined: unknown[] = [];
  /** Where logs outlive their instances; `null`: nowhere. */
  readonly #keptLogs: LogSource | null;
  /** Who knows causes, and who is asked about them; null: nobody. */
  readonly #wits: Wits;
  #alive = true;
  settings: Settings;
  journal: MemoryJournal;
  engine: Engine;
  #ids = 0;

  constructor(
    initial: Settings = settings(),
    before?: Harness,
    keptLogs: LogSource | null = null,
    wits: Wits = NO_WITS,
  ) {
    this.#keptLogs = keptLogs;
    this.#wits = before === undefined ? wits : before.#wits;
    this.clock = before?.clock ?? new ManualClock(START_AT);
    this.runtime = before?.runtime ?? new FakeRuntime(this.clock);
    this.content = before?.content ?? { entries: [], summaries: new Map() };
    this.#ids = before?.content.entries.length ?? 0;
    this.settings = initial;
    this.journal = new MemoryJournal(this.content);
    this.engine = this.#build();
  }

  /** A harness whose agent has started, with one healthy container of target `web`. */
  static async started(initial?: Settings, wits: Wits = NO_WITS): Promise<Harness> {
    const harness = new Harness(initial, undefined, null, wits);
    harness.runtime.run('web');
    await harness.start();
    return harness;
  }

  /** The agent over the journal, the runtime and the clock of one that was killed. */
  static async restarted(before: Harness, after: Settings = before.settings): Promise<Harness> {
    before.kill();
    const harness = new Harness(after, before);
    harness.symptom = before.symptom;
    harness.probes = before.probes;
    await harness.start();
    return harness;
  }

  /** Ends the agent as SIGKILL does: from now on nothing of it reaches the outside, and nothing answers it. */
  kill(): void {
    this.#alive = false;
    this.journal.refuse('the process is dead');
  }

  async start(): Promise<void> {
    await this.settled(this.engine.start());
  }

  /** Lets time pass; everything that is due on the way happens. */
  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  async fire(...alerts: readonly Alert[]): Promise<void> {
    await this.settled(this.engine.hearAlerts({ receiver: 'agent', alerts, truncated: 0 }));
  }

  /** Puts another configuration in force, as SIGHUP does. */
  async reload(next: Settings): Promise<void> {
    this.settings = next;
    await this.settled(this.engine.reload(next, new Map([['people', this.#people()]])));
  }

  /** A promise of the engine, given the turns and, where something is slow, the time that it needs. */
  async settled<T>(promise: Promise<T>): Promise<T> {
    let over = false;
    const note = () => {
      over = true;
    };
    promise.then(note, note);
    await this.clock.advance(0);
    for (let turn = 0; !over; turn += 1) {
      if (turn > 1_000) throw new Error('it never settles');
      await this.clock.advance(100);
    }
    return promise;
  }

  /** Lets time pass until the journal holds an entry of this type. */
  async until(type: EntryBody['type'], stepMs = 100): Promise<void> {
    for (let turn = 0; this.said(type).length === 0; turn += 1) {
      if (turn > 10_000) throw new Error(`no ${type} came`);
      await this.pass(stepMs);
    }
  }

  /** What was done to instances, in order. */
  acts(): readonly string[] {
    return this.runtime.calls.map(({ what, instance }) => `${what} ${instance}`);
  }

  escalations(): readonly string[] {
    return this.said('escalated').map(({ code }) => code);
  }

  bodies(): readonly EntryBody[] {
    return this.content.entries.map(({ body }) => body);
  }

  /** All entries of one type. */
  said<T extends EntryBody['type']>(type: T): readonly BodyOf<T>[] {
    return this.bodies().filter((body): body is BodyOf<T> => body.type === type);
  }

  outcomes(): readonly string[] {
    return this.said('incident-ended').map(({ outcome }) => outcome);
  }

  #nextId(): string {
    this.#ids += 1;
    return `inc-${this.#ids}`;
  }

  #people(): Notifier {
    return {
      channel: 'people',
      repeatMs: this.repeatMs,
      deliver: async (message) => {
        if (!this.#alive || this.hangDelivery) return new Promise(() => undefined);
        this.deliveries += 1;
        if (this.refuseDelivery) throw new Error('the receiver is down');
        this.delivered.push(message);
      },
      withdraw: async (message) => {
        if (!this.#alive || this.hangDelivery) return new Promise(() => undefined);
        if (this.refuseDelivery) throw new Error('the receiver is down');
        this.withdrawn.push(message.incident);
      },
    };
  }

  #build(): Engine {
    const prober: Prober = {
      probe: async (_target, signal) => {
        await this.onProbe(signal);
        return this.probes;
      },
    };
    const runtime = mortalRuntime(this.runtime, () => this.#alive);
    const symptoms: SymptomSource = {
      name: 'prometheus',
      ask: async (fingerprint) => ({
        fingerprint,
        verdict: this.symptom,
        reason: `the test says ${this.symptom}`,
      }),
    };
    return new Engine({
      version: 'test',
      clock: mortalClock(this.clock, () => this.#alive),
      journal: this.journal,
      runtimes: new Map([['docker', runtime]]),
      prober,
      symptoms: [symptoms],
      alertReader: null,
      keptLogs: this.#keptLogs,
      diagnoser: this.#wits.diagnoser ?? null,
      analyst: this.#wits.analyst ?? null,
      ...(this.#wits.redact === undefined ? {} : { redact: this.#wits.redact }),
      actions: new Map(ACTIONS.map((action) => [action.name, action])),
      notifiers: new Map([['people', this.#people()]]),
      selfFinder: { find: async () => this.self },
      telemetry: {
        ...SILENT_TELEMETRY,
        incidentQuarantined: (_incident, error) => this.quarantined.push(error),
      },
      newId: () => this.#nextId(),
      link: (incident) => `http://agent/${incident}`,
      settings: this.settings,
    });
  }
}
