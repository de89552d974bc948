import { describeEntry } from '../../src/core/describe.ts';
import type { Entry } from '../../src/core/entry.ts';
import type { SelfIdentity } from '../../src/core/guards/index.ts';
import type { AlertMessage } from '../../src/ports.ts';
import type { Call, Checker, Watched } from '../checkers/checker.ts';
import { makeCheckers } from '../checkers/index.ts';
import type { Happening, Plan, SettingsSpec } from '../plan/plan.ts';
import { MEDDLE_WITHIN_MS } from '../plan/times.ts';
import { Random } from '../random.ts';
import { SimTime } from '../time.ts';
import { AgentSupervisor } from './agentSupervisor.ts';
import { Chronicle } from './chronicle.ts';
import { Cluster } from './cluster.ts';
import { type Care, configure, discoverable } from './configuration.ts';
import { Disk } from './disk.ts';
import { Faults } from './faults.ts';
import { Host } from './host.ts';
import { Ledger } from './ledger.ts';
import { Midway } from './midway.ts';
import { Monitoring } from './monitoring.ts';
import { People } from './people.ts';
import { Sources } from './sources.ts';

/** What did not hold, and when. */
export type Violation = { readonly checker: string; readonly sentence: string; readonly at: number };

/** How a world went. */
export type Outcome = {
  readonly plan: Plan;
  readonly violation: Violation | null;
  readonly incidents: number;
  readonly deaths: number;
  readonly faults: number;
  readonly calls: number;
  readonly signals: number;
  readonly simulatedMs: number;
  /** Names the whole course: two runs of a plan must agree in it. */
  readonly print: string;
  readonly story: readonly string[];
};

const FAULTS: ReadonlySet<Happening['kind']> = new Set([
  'fault',
  'kill',
  'stop',
  'jump',
  'reload',
  'retarget',
  'stray',
  'poison',
  'false-alarm',
]);

/** In one of so many worlds nobody can write into what was read of the journal. */
const FROZEN_EVERY = 8;

/** Runs one plan from its first moment to its last, or to the first thing that does not hold. */
export async function runPlan(plan: Plan, narrate = false): Promise<Outcome> {
  const world = new World(plan, narrate);
  return world.run();
}

class World {
  readonly #plan: Plan;
  readonly #time = new SimTime();
  readonly #chronicle: Chronicle;
  readonly #faults = new Faults();
  readonly #ledger = new Ledger();
  readonly #disk: Disk;
  readonly #cluster: Cluster;
  readonly #monitoring: Monitoring;
  readonly #agent: AgentSupervisor;
  readonly #people: People;
  readonly #checkers: readonly Checker[];
  /** Those of them that read the journal: they hear of every entry. */
  readonly #readers: readonly Checker[];
  #violation: Violation | null = null;
  #spec: SettingsSpec;
  /** Deaths that wait until the agent begins to act. */
  readonly #killers: (Happening & { kind: 'kill' })[] = [];
  readonly #midway: Midway;
  /** Who is away from the configuration, for as long as each of these lasts. */
  readonly #retargets = new Set<Care>();
  #reloads = 0;
  /** People who wait until the agent begins to act. */
  #meddlers: (Happening & { kind: 'meddle' })[] = [];
  #faultCount = 0;
  #signals = 0;
  #calls = 0;
  #ids = 0;
  #print = 0x811c9dc5;

  constructor(plan: Plan, narrate: boolean) {
    this.#plan = plan;
    this.#spec = plan.settings;
    const time = this.#time;
    const random = new Random(plan.seed ^ 0x5eed);
    const chronicle = new Chronicle(time, narrate);
    this.#chronicle = chronicle;
    const faults = this.#faults;
    const ledger = this.#ledger;
    this.#disk = new Disk(plan.seed % FROZEN_EVERY === 0, (entries) => this.#written(entries));
    const cluster = new Cluster(time, random.fork(), chronicle, plan.services);
    this.#cluster = cluster;
    const host = new Host({
      time,
      random: random.fork(),
      chronicle,
      cluster,
      faults,
      ledger,
      onCalled: (call) => this.#called(call),
      onApplied: (call) => this.#tell((checker) => checker.applied?.(call)),
    });
    const post = (message: AlertMessage) => this.#post(message);
    const monitoring = new Monitoring({
      plan,
      time,
      random: random.fork(),
      chronicle,
      faults,
      cluster,
      post,
    });
    this.#monitoring = monitoring;
    const around = {
      time,
      random: random.fork(),
      plan,
      mind: new Random(plan.seed ^ 0x1111d),
      cluster,
      host,
      disk: this.#disk,
      faults,
      monitoring,
      self: selfOf(plan, cluster),
      found: () => discoverable(plan, this.#spec),
      hasSymptoms: plan.symptomSource,
      hasReader: plan.alertReader,
      newId: () => this.#newId(),
      delivered: (channel: string, message: Parameters<People['reads']>[0]) => {
        chronicle.tell(() => `${channel} hears of ${message.incident}: ${message.reason}`);
        this.#tell((checker) => checker.delivered?.(channel, message));
        this.#people.reads(message);
      },
      defect: (sentence: string) => this.#complain('the agent itself', sentence),
    };
    this.#agent = new AgentSupervisor({
      around,
      chronicle,
      settings: configure(plan, plan.settings, 'first'),
      onDied: () => ledger.died(),
      jump: (byMs) => this.#jump(byMs),
    });
    new Sources({
      time,
      random: random.fork(),
      faults,
      cluster,
      isKnown: (service) => ![...this.#retargets].some(({ absent }) => absent.includes(service)),
      hear: (signal) => this.#agent.ask((process) => process.engine.hear(signal)),
      hearEvent: (event) => this.#agent.ask((process) => process.engine.hearRuntime(event)),
      lastActOn: (container) => ledger.lastActOn(container),
    });
    this.#people = new People({
      plan,
      time,
      random: random.fork(),
      chronicle,
      cluster,
      ledger,
      agent: this.#agent,
    });
    this.#midway = new Midway({ time, cluster, people: this.#people });
    const watched: Watched = {
      plan,
      time,
      cluster,
      monitoring,
      ledger,
      settings: () => this.#agent.settings,
      recurring: () => this.#spec.recurring,
      lostMs: () => this.#agent.lostMs,
    };
    this.#checkers = makeCheckers(watched, (checker, sentence) => this.#complain(checker, sentence));
    this.#readers = this.#checkers.filter(({ written }) => written !== undefined);
  }

  async run(): Promise<Outcome> {
    for (const happening of this.#plan.happenings) this.#time.at(happening.at, () => this.#happen(happening));
    const rejected = (error: unknown) =>
      this.#complain('the agent itself', `nobody took care of: ${String(error)}`);
    process.on('unhandledRejection', rejected);
    try {
      this.#agent.start();
      await this.#time.run(this.#plan.endAt, () => this.#violation !== null);
    } catch (error) {
      this.#complain('the agent itself', String(error));
    } finally {
      process.off('unhandledRejection', rejected);
    }
    if (this.#violation === null) this.#tell((checker) => checker.atEnd?.());
    const simulatedMs = this.#time.now;
    this.#agent.process?.life.kill();
    return {
      plan: this.#plan,
      violation: this.#violation,
      incidents: this.#ledger.incidents.size,
      deaths: this.#agent.deaths,
      faults: this.#faultCount,
      calls: this.#calls,
      signals: this.#signals,
      simulatedMs,
      print: (this.#print >>> 0).toString(16),
      story: this.#chronicle.lines,
    };
  }

  #happen(happening: Happening): void {
    if (FAULTS.has(happening.kind)) this.#faultCount += 1;
    switch (happening.kind) {
      case 'illness':
        this.#cluster.fallIll(happening.service, happening.instance, happening.illness);
        return;
      case 'false-alarm':
        this.#monitoring.falseAlarm(happening.service, happening.forMs);
        return;
      case 'poison':
        this.#monitoring.poison(happening.service, happening.forMs);
        return;
      case 'stray':
        this.#monitoring.stray(happening.what, happening.service);
        return;
      case 'deploy':
        this.#cluster.deploy(happening.service, happening.downMs);
        return;
      case 'person-restart':
        this.#cluster.personRestarts(happening.service);
        return;
      case 'person-stop':
        this.#cluster.personStops(happening.service);
        this.#time.after(happening.forMs, () => this.#cluster.personStarts(happening.service));
        return;
      case 'person-pause':
        this.#cluster.personPauses(happening.service);
        this.#time.after(happening.forMs, () => this.#cluster.personUnpauses(happening.service));
        return;
      case 'meddle':
        this.#meddlers.push(happening);
        return;
      case 'person-says':
        this.#people.says(happening.service, happening.command);
        return;
      case 'maintenance':
        this.#people.maintains(happening.of, happening.forMs, happening.endsAfterMs);
        return;
      case 'mode':
        this.#people.setsMode(happening.of, happening.mode, happening.forMs);
        return;
      case 'fault': {
        const { fault, forMs } = happening;
        this.#chronicle.tell(() => `fault begins: ${fault.kind} ${fault.how}`);
        this.#faults.begin(fault);
        this.#time.after(forMs, () => {
          this.#chronicle.tell(() => `fault ends: ${fault.kind} ${fault.how}`);
          this.#faults.end(fault);
        });
        return;
      }
      case 'kill':
        if (happening.actingMs === null) this.#kill(happening);
        else this.#killers.push(happening);
        return;
      case 'stop':
        this.#agent.stop(happening.downMs);
        return;
      case 'jump':
        this.#jump(happening.byMs);
        return;
      case 'reload':
        this.#chronicle.tell(() => 'the configuration is reloaded');
        this.#spec = happening.settings;
        this.#reload();
        return;
      case 'midway':
        this.#midway.add(happening);
        return;
      case 'retarget':
        this.#retarget(happening);
        return;
      default:
        happening satisfies never;
    }
  }

  #reload(): void {
    this.#reloads += 1;
    const retargets = [...this.#retargets];
    const care = {
      absent: retargets.flatMap(({ absent }) => absent),
      unlinked: retargets.some(({ unlinked }) => unlinked),
    };
    void this.#agent.reload(configure(this.#plan, this.#spec, `reload ${this.#reloads}`, care));
  }

  #retarget(happening: Happening & { kind: 'retarget' }): void {
    const { absent, unlinked, forMs } = happening;
    this.#chronicle.tell(() => `${absent.join(', ') || 'nobody'} leaves the configuration`);
    this.#retargets.add(happening);
    this.#reload();
    this.#time.after(forMs, () => {
      this.#chronicle.tell(
        () => `${absent.join(', ') || 'nobody'}${unlinked ? ' and the dependencies' : ''} come back`,
      );
      this.#retargets.delete(happening);
      this.#reload();
    });
  }

  async #post(message: AlertMessage): Promise<'acknowledged' | 'refused'> {
    const answer = await this.#agent.post(message);
    if (answer === 'acknowledged') {
      this.#signals += message.alerts.length;
      this.#tell((checker) => checker.acknowledged?.(message.alerts));
    }
    return answer;
  }

  #called(call: Call): void {
    this.#calls += 1;
    this.#stir(`${call.what} ${call.container} ${call.at}`);
    this.#tell((checker) => checker.called?.(call));
  }

  #written(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#stir(`${entry.at} ${entry.incident} ${entry.body.type}`);
      this.#chronicle.tell(() => `    ${entry.incident ?? '-'}  ${describeEntry(entry)}`);
      this.#ledger.add(entry, this.#time.now);
      for (const checker of this.#readers) checker.written?.(entry);
      this.#people.sees(entry);
      this.#midway.written(entry);
      if (entry.body.type !== 'mutation-started') continue;
      const killer = this.#killers.shift();
      if (killer !== undefined) this.#time.after(killer.actingMs ?? 0, () => this.#kill(killer));
      if (entry.target !== null) this.#letMeddle(entry.target);
    }
  }

  #letMeddle(service: string): void {
    const cluster = this.#cluster;
    const { now } = this.#time;
    const [meddler, ...others] = this.#meddlers.filter(({ at }) => now - at <= MEDDLE_WITHIN_MS);
    this.#meddlers = others;
    if (meddler === undefined || cluster.find(service) === undefined) return;
    const { how, actingMs, forMs } = meddler;
    this.#time.after(actingMs, () =>
      how === 'stop' ? cluster.personStops(service) : cluster.personPauses(service),
    );
    this.#time.after(actingMs + forMs, () =>
      how === 'stop' ? cluster.personStarts(service) : cluster.personUnpauses(service),
    );
  }

  #jump(byMs: number): void {
    this.#chronicle.tell(() => `the wall clock jumps by ${byMs} ms`);
    this.#time.jump(byMs);
    this.#ledger.noteJump(this.#time.now, byMs, this.#agent.process !== null);
  }

  #kill({ crossings, written, downMs, jumpMs }: Happening & { kind: 'kill' }): void {
    this.#agent.arm(crossings, written, downMs, jumpMs);
  }

  #tell(hear: (checker: Checker) => void): void {
    for (const checker of this.#checkers) hear(checker);
  }

  #complain(checker: string, sentence: string): void {
    this.#violation ??= { checker, sentence, at: this.#time.now };
  }

  #newId(): string {
    this.#ids += 1;
    return `i${this.#ids}`;
  }

  /** FNV-1a over the course of the world. */
  #stir(text: string): void {
    for (let index = 0; index < text.length; index += 1) {
      this.#print = Math.imul(this.#print ^ text.charCodeAt(index), 0x01000193);
    }
  }
}

function selfOf(plan: Plan, cluster: Cluster): SelfIdentity {
  if (plan.self === 'unknown') return { kind: 'unknown', reason: 'no label, no mount, no hostname' };
  const own = cluster.all().find(({ spec }) => spec.guarded === 'self')?.containers[0];
  return own === undefined || plan.self === 'outside'
    ? { kind: 'outside' }
    : { kind: 'container', id: own.id, names: [own.name], how: 'simulated' };
}
