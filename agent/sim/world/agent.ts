import { ACTIONS } from '../../src/actions/index.ts';
import type { Draft, Entry, EntryBody } from '../../src/core/entry.ts';
import type { SelfIdentity } from '../../src/core/guards/index.ts';
import type { Settings } from '../../src/core/settings.ts';
import type { Target } from '../../src/core/target.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { Parts } from '../../src/engine/parts.ts';
import { JournalError, MpaError } from '../../src/errors.ts';
import type {
  AlertReader,
  EscalationMessage,
  IncidentSummary,
  Journal,
  LoadedEntry,
  Notifier,
  Prober,
  SymptomSource,
  Telemetry,
} from '../../src/ports.ts';
import type { Plan } from '../plan/plan.ts';
import type { Random } from '../random.ts';
import { never, ProcessClock, type SimTime } from '../time.ts';
import type { Cluster } from './cluster.ts';
import { PlantedError } from './configuration.ts';
import type { Disk } from './disk.ts';
import type { Faults } from './faults.ts';
import { type Host, SimRuntime } from './host.ts';
import { AdversarialAnalyst, makeRules } from './mind.ts';
import type { Monitoring } from './monitoring.ts';
import { Mortal } from './mortal.ts';

const ACTIONS_BY_NAME = new Map(ACTIONS.map((action) => [action.name, action]));

/** What surrounds the agent; it outlives each of its processes. */
export type Surroundings = {
  readonly time: SimTime;
  readonly random: Random;
  readonly plan: Plan;
  /** What the rules and the analyst draw from: it moves nobody else. */
  readonly mind: Random;
  readonly cluster: Cluster;
  readonly host: Host;
  readonly disk: Disk;
  readonly faults: Faults;
  readonly monitoring: Monitoring;
  readonly self: SelfIdentity;
  readonly found: () => readonly Target[];
  readonly hasSymptoms: boolean;
  readonly hasReader: boolean;
  readonly newId: () => string;
  readonly delivered: (channel: string, message: EscalationMessage) => void;
  /** The agent did what no agent may do whatever comes: a defect came to light by itself. */
  readonly defect: (sentence: string) => void;
};

/** One process of the agent: the real engine on ports that lead into the world, and die with it. */
export class AgentProcess {
  readonly life: Mortal;
  readonly engine: Engine;
  readonly #clock: ProcessClock;
  readonly #around: Surroundings;
  ready = false;

  constructor(around: Surroundings, settings: Settings, onDeath: () => void) {
    this.#around = around;
    this.#clock = new ProcessClock(around.time);
    this.life = new Mortal(() => {
      this.ready = false;
      this.#clock.kill();
      onDeath();
    });
    this.engine = new Engine(this.#parts(settings));
  }

  /** The channels of a configuration, as this process reaches them. */
  notifiers(settings: Settings): ReadonlyMap<string, Notifier> {
    return new Map(settings.channels.map((channel) => [channel, this.#notifier(channel)]));
  }

  #parts(settings: Settings): Parts {
    const { cluster, host, self, found, newId, hasSymptoms, hasReader } = this.#around;
    const { life } = this;
    const clock = this.#clock;
    return {
      version: 'simulated',
      clock,
      journal: this.#journal(),
      runtimes: new Map([['docker', new SimRuntime({ host, cluster, clock, life, found })]]),
      prober: this.#prober(),
      symptoms: hasSymptoms ? [this.#symptoms()] : [],
      alertReader: hasReader ? this.#reader() : null,
      actions: ACTIONS_BY_NAME,
      notifiers: this.notifiers(settings),
      selfFinder: { find: () => life.cross(async () => self) },
      telemetry: this.#telemetry(),
      diagnoser: makeRules(this.#around.plan, cluster, this.#around.mind),
      analyst:
        this.#around.plan.mind.analyst === 'none' ? null : new AdversarialAnalyst(this.#around.mind, clock),
      newId,
      link: (incident) => `http://agent/${incident}`,
      settings,
    };
  }

  #journal(): Journal {
    const { disk, faults, random } = this.#around;
    return {
      append: async (
        drafts: readonly Draft[],
        summaries: readonly IncidentSummary[],
      ): Promise<readonly Entry[]> => {
        if (faults.is('disk', 'slow')) await this.#clock.sleep(random.int(1, 2_000));
        else if (random.chance(0.1)) await this.#clock.sleep(random.int(1, 5));
        if (faults.is('disk', 'full')) throw new JournalError('JOURNAL_WRITE', 'database or disk is full');
        return this.life.crossWrite(() => disk.write(drafts, summaries));
      },
      load: (since, types) => this.#load(since, types),
      entriesOf: async (incident, limit, types) =>
        disk
          .of(incident)
          .filter(({ body }) => types === undefined || types.includes(body.type))
          .slice(0, limit),
      incidents: async ({ target, before, limit }) => disk.incidents(target ?? null, before ?? null, limit),
      incident: async (id) => disk.summaries.get(id) ?? null,
      close: async () => undefined,
    };
  }

  async *#load(since: number, types: ReadonlySet<EntryBody['type']>): AsyncGenerator<LoadedEntry> {
    yield* await this.life.cross(async () => this.#around.disk.read(since, types));
  }

  #prober(): Prober {
    const { cluster } = this.#around;
    return {
      probe: (target) =>
        this.life.cross(async () => {
          const ok = cluster.answers(target.name);
          return target.probes.map(({ name }) => ({
            name,
            ok,
            reason: ok ? 'accepts' : 'refused',
            durationMs: 1,
          }));
        }),
    };
  }

  #symptoms(): SymptomSource {
    const { faults, monitoring } = this.#around;
    return {
      name: 'prometheus',
      ask: (fingerprint) =>
        this.life.cross(async () => {
          if (faults.is('symptoms', 'hangs')) return never();
          if (faults.is('symptoms', 'fails')) throw new Error('connect ECONNREFUSED');
          if (faults.is('symptoms', 'unknown')) {
            return { fingerprint, verdict: 'unknown' as const, reason: 'no series behind it' };
          }
          const holds = monitoring.holds(fingerprint);
          return { fingerprint, verdict: holds ? ('present' as const) : ('gone' as const), reason: 'asked' };
        }),
    };
  }

  #reader(): AlertReader {
    const { monitoring } = this.#around;
    return { activeAlerts: () => this.life.cross(async () => monitoring.active()) };
  }

  #notifier(channel: string): Notifier {
    const { faults, delivered } = this.#around;
    const call = (reach: () => void) =>
      this.life.cross(async () => {
        if (faults.is('notifier', 'fails')) throw new Error('status 503');
        if (faults.is('notifier', 'hangs')) return never();
        reach();
        if (faults.is('notifier', 'answer-lost')) throw new Error('socket hang up');
      });
    return {
      channel,
      repeatMs: channel === 'pager' ? 240_000 : null,
      deliver: (message) => call(() => delivered(channel, message)),
      withdraw: () => call(() => undefined),
    };
  }

  #telemetry(): Telemetry {
    const { defect } = this.#around;
    return {
      restoring: () => undefined,
      entryRestored: () => undefined,
      entryAppended: () => undefined,
      journalCommitted: () => undefined,
      effectStarted: () => undefined,
      effectEnded: () => undefined,
      effectFailed: (kind, incident, error) => {
        // A receiver that is down is the world's doing, and the next repeat follows.
        if (kind === 'repeat') return;
        if (error instanceof JournalError || (error instanceof MpaError && error.code === 'OVERLOADED'))
          return;
        defect(`effect ${kind} of ${incident} threw: ${wordsOf(error)}`);
      },
      observed: () => undefined,
      incidentQuarantined: (incident, error) => {
        if (error instanceof PlantedError) return;
        defect(`the decision about ${incident} threw: ${wordsOf(error)}`);
      },
      watchFailed: (what, error) => defect(`the watch of the ${what} threw: ${wordsOf(error)}`),
    };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
