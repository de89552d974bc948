import type { Instance } from '../../src/core/target.ts';
import type { Illness, ServiceSpec } from '../plan/plan.ts';
import type { Random } from '../random.ts';
import type { SimTime } from '../time.ts';
import type { Chronicle } from './chronicle.ts';
import { type Container, type Starter, seenBy } from './container.ts';

/** How long a new run of something with an illness of its start takes to serve, at most; milliseconds. */
const SLOW_BOOT_MS = 90_000;
/** The runtime brings back what exited after this long, doubling to a minute; milliseconds. */
const COMEBACK_MS = 100;
/** A run that lasted so long ends the row of comebacks, milliseconds. */
const STEADY_MS = 10_000;

/** What became of a service at some moment; whoever watches is told. */
export type ServiceChange = {
  readonly service: string;
  readonly what:
    | 'died'
    | 'oom'
    | 'stopped'
    | 'paused'
    | 'unpaused'
    | 'started'
    | 'removed'
    | 'healthy'
    | 'changed';
  /** The container that it happened to, and the id that it had. */
  readonly container: Container;
  readonly id: string;
};

/** What is true of a service as a whole. */
export type ServiceTruth = {
  readonly spec: ServiceSpec;
  readonly containers: Container[];
  /** Everything whose own trouble is its trouble too, itself included. */
  readonly roots: readonly string[];
  /** Everyone for whom it is a root. */
  readonly dependants: readonly string[];
  /** Whether its users suffer now, and since when. */
  symptomatic: boolean;
  changedAt: number;
  /** Whether everything that can be seen of it is well, and since when; true time. */
  looksWell: boolean;
  looksWellSince: number;
  lastLookedWellAt: number;
  /** The last time that it was seen unwell and then well again. */
  lastUnwell: { readonly from: number; readonly to: number };
};

/** The host with its containers: who runs, who is ill, who suffers for it. Knows nothing of the agent. */
export class Cluster {
  readonly #time: SimTime;
  readonly #random: Random;
  readonly #chronicle: Chronicle;
  readonly #services = new Map<string, ServiceTruth>();
  readonly #watchers: ((change: ServiceChange, truth: ServiceTruth) => void)[] = [];
  #ids = 0;

  constructor(time: SimTime, random: Random, chronicle: Chronicle, specs: readonly ServiceSpec[]) {
    this.#time = time;
    this.#random = random;
    this.#chronicle = chronicle;
    const roots = new Map(specs.map((spec) => [spec.name, rootsOf(spec, specs)]));
    for (const spec of specs) {
      const dependants = specs.filter(({ name }) => roots.get(name)?.includes(spec.name) === true);
      this.#services.set(spec.name, {
        spec,
        containers: Array.from({ length: spec.instances }, (_, index) => this.#create(spec, index)),
        roots: roots.get(spec.name) ?? [],
        dependants: dependants.map(({ name }) => name),
        symptomatic: false,
        changedAt: 0,
        looksWell: true,
        looksWellSince: -3_600_000,
        lastLookedWellAt: 0,
        lastUnwell: { from: -3_600_000, to: -3_600_000 },
      });
    }
  }

  watch(watcher: (change: ServiceChange, truth: ServiceTruth) => void): void {
    this.#watchers.push(watcher);
  }

  service(name: string): ServiceTruth {
    const found = this.#services.get(name);
    if (found === undefined) throw new Error(`no service ${name}`);
    return found;
  }

  find(name: string): ServiceTruth | undefined {
    return this.#services.get(name);
  }

  all(): readonly ServiceTruth[] {
    return [...this.#services.values()];
  }

  seen(name: string): readonly Instance[] {
    const truth = this.#services.get(name);
    if (truth === undefined) return [];
    const suffering = this.#suffers(truth);
    return truth.containers.map((container) => seenBy(container, suffering));
  }

  container(service: string, id: string): Container | null {
    return this.#services.get(service)?.containers.find((container) => container.id === id) ?? null;
  }

  /** What a probe of the service answers. */
  answers(name: string): boolean {
    return !this.service(name).symptomatic;
  }

  // ---- What happens to containers

  fallIll(service: string, index: number, illness: Illness): void {
    const container = this.service(service).containers[index];
    if (container === undefined) return;
    this.#chronicle.tell(() => `${container.name}: ${illness.kind}`);
    container.illness = illness;
    container.restartsLeft = illness.restarts ?? Number.POSITIVE_INFINITY;
    if (illness.healsAfterMs !== null) {
      this.#time.after(illness.healsAfterMs, () => {
        if (container.illness !== illness) return;
        this.#chronicle.tell(() => `${container.name}: ${illness.kind} is over by itself`);
        this.#heal(container);
        // What ended has nobody who brings it back unless the runtime does: the person who mended it starts it.
        if (container.status === 'exited' && !container.stoppedByPerson) this.start(container, 'person');
        else this.#changed(container, 'changed');
      });
    }
    if (container.status === 'running' && !container.booting) this.#bite(container);
  }

  start(container: Container, by: Starter): void {
    container.run += 1;
    const { run, illness } = container;
    container.status = 'running';
    container.booting = true;
    container.unchecked = container.service.checkMs > 0;
    container.ill = false;
    container.startedAt = this.#time.wall;
    container.startedTrueAt = this.#time.now;
    container.startedBy = by;
    container.finishedAt = null;
    container.exitCode = null;
    container.oomKilled = false;
    container.stoppedByPerson = false;
    container.stopToldAt = null;
    if (by !== 'daemon') container.comebacks = 0;
    const slow = illness?.kind === 'slow start';
    if (illness !== null) {
      container.restartsLeft -= 1;
      if (container.restartsLeft <= 0) this.#heal(container);
    }
    this.#changed(container, 'started');
    const bootMs = slow ? this.#random.int(SLOW_BOOT_MS / 4, SLOW_BOOT_MS) : container.service.bootMs;
    this.#time.after(bootMs, () => {
      if (container.run !== run) return;
      container.booting = false;
      this.#checkAfterwards(container, run);
      if (container.illness === null || container.illness.relapseMs > 0) this.#changed(container, 'changed');
      if (container.illness !== null) {
        this.#time.after(container.illness.relapseMs, () => {
          if (container.run === run && container.illness !== null) this.#bite(container);
        });
      }
    });
  }

  #checkAfterwards(container: Container, run: number): void {
    if (!container.unchecked) return;
    this.#time.after(container.service.checkMs, () => {
      if (container.run !== run) return;
      container.unchecked = false;
      const healthy = container.service.healthCheck && !container.ill;
      this.#changed(container, healthy ? 'healthy' : 'changed');
    });
  }

  /** Ends a run; `by` a crash, or somebody. */
  end(container: Container, exitCode: number, oomKilled: boolean, by: 'itself' | 'somebody'): void {
    const ranMs = this.#time.now - container.startedTrueAt;
    container.run += 1;
    const { run } = container;
    container.status = 'exited';
    container.booting = false;
    container.finishedAt = this.#time.wall;
    container.exitCode = exitCode;
    container.oomKilled = oomKilled;
    if (by === 'itself' && container.service.supervised) {
      container.status = 'restarting';
      container.comebacks = ranMs >= STEADY_MS ? 0 : container.comebacks + 1;
      this.#time.after(Math.min(COMEBACK_MS * 2 ** Math.min(container.comebacks, 12), 60_000), () => {
        if (container.run === run) this.start(container, 'daemon');
      });
    }
    this.#changed(container, by === 'somebody' ? 'stopped' : oomKilled ? 'oom' : 'died');
  }

  /** Removes the containers and makes new ones from a new image, which a merely passing illness does not survive. */
  deploy(service: string, downMs: number): void {
    const truth = this.service(service);
    this.#chronicle.tell(() => `${service}: somebody deploys`);
    truth.containers.forEach((container, index) => {
      this.end(container, 0, false, 'somebody');
      const { run } = container;
      this.#time.after(downMs + index * 500, () => {
        if (container.run !== run) return;
        this.#changed(container, 'removed');
        container.id = this.#newId(container.name);
        container.createdAt = this.#time.wall;
        container.revision += 1;
        this.start(container, 'deploy');
      });
    });
  }

  personRestarts(service: string): void {
    this.#chronicle.tell(() => `${service}: somebody restarts it`);
    for (const container of this.service(service).containers) {
      this.end(container, 0, false, 'somebody');
      this.start(container, 'person');
    }
  }

  /** Whatever runs ends by itself, once. */
  crash(service: string): void {
    this.#chronicle.tell(() => `${service}: it crashes`);
    for (const container of this.service(service).containers)
      if (container.status === 'running') this.end(container, 137, false, 'itself');
  }

  /** Somebody runs one container more, or one less; the last one stays. */
  scale(service: string, by: 1 | -1): void {
    const { spec, containers } = this.service(service);
    this.#chronicle.tell(() => `${service}: somebody scales it ${by > 0 ? 'up' : 'down'}`);
    if (by > 0) {
      const container = this.#create(spec, containers.length);
      container.createdAt = this.#time.wall;
      containers.push(container);
      this.start(container, 'deploy');
      return;
    }
    const container = containers.length > 1 ? containers.pop() : undefined;
    if (container === undefined) return;
    this.#heal(container);
    this.end(container, 0, false, 'somebody');
    container.run += 1;
    this.#changed(container, 'removed');
    container.id = '';
  }

  personStops(service: string): void {
    this.#chronicle.tell(() => `${service}: somebody stops it`);
    for (const container of this.service(service).containers) {
      this.end(container, 0, false, 'somebody');
      container.stoppedByPerson = true;
    }
  }

  personStarts(service: string): void {
    this.#chronicle.tell(() => `${service}: somebody starts it`);
    for (const container of this.service(service).containers) {
      if (container.status !== 'running' && container.status !== 'paused') this.start(container, 'person');
    }
  }

  personPauses(service: string): void {
    this.#chronicle.tell(() => `${service}: somebody pauses it`);
    for (const container of this.service(service).containers) {
      if (container.status !== 'running') continue;
      container.status = 'paused';
      container.stoppedByPerson = true;
      this.#changed(container, 'paused');
    }
  }

  personUnpauses(service: string): void {
    this.#chronicle.tell(() => `${service}: somebody unpauses it`);
    for (const container of this.service(service).containers) {
      if (container.status !== 'paused') continue;
      container.status = 'running';
      container.stoppedByPerson = false;
      container.stopToldAt = null;
      this.#changed(container, 'unpaused');
      // What ailed it meanwhile shows from now on.
      if (!container.booting) this.#bite(container);
    }
  }

  /** A person mends it for good. */
  repair(service: string): void {
    const truth = this.service(service);
    this.#chronicle.tell(() => `${service}: a person repairs it`);
    for (const container of truth.containers) {
      if (container.illness === null && container.status === 'running') continue;
      if (container.stoppedByPerson) continue;
      this.#heal(container);
      if (container.status === 'running') this.end(container, 0, false, 'somebody');
      this.start(container, 'person');
    }
  }

  #bite(container: Container): void {
    const { illness } = container;
    if (illness === null || container.status !== 'running') return;
    container.ill = true;
    if (illness.shows === 'exits') {
      const oom = illness.kind === 'out of memory';
      this.end(container, oom ? 137 : 1, oom, 'itself');
    } else this.#changed(container, 'changed');
  }

  #heal(container: Container): void {
    container.illness = null;
    container.ill = false;
  }

  #changed(container: Container, what: ServiceChange['what']): void {
    for (const name of this.service(container.service.name).dependants) {
      const truth = this.service(name);
      const { now } = this.#time;
      const symptomatic = truth.roots.some((root) => this.#hasTrouble(this.service(root)));
      if (symptomatic !== truth.symptomatic) {
        truth.symptomatic = symptomatic;
        truth.changedAt = now;
      }
      const looksWell = this.#looksWell(truth);
      if (looksWell && !truth.looksWell) {
        truth.looksWellSince = now;
        truth.lastUnwell = { from: truth.lastLookedWellAt, to: now };
      }
      if (!looksWell && truth.looksWell) truth.lastLookedWellAt = now;
      truth.looksWell = looksWell;
      const change: ServiceChange = {
        service: name,
        what: name === container.service.name ? what : 'changed',
        container,
        id: container.id,
      };
      for (const watcher of this.#watchers) watcher(change, truth);
    }
  }

  #hasTrouble({ containers }: ServiceTruth): boolean {
    return containers.some(({ status, booting, ill }) => status !== 'running' || booting || ill);
  }

  #suffers(truth: ServiceTruth): boolean {
    return truth.roots.some((root) => root !== truth.spec.name && this.#hasTrouble(this.service(root)));
  }

  #looksWell(truth: ServiceTruth): boolean {
    const { spec, containers } = truth;
    if (spec.probes && truth.symptomatic) return false;
    if (containers.some(({ status }) => status !== 'running')) return false;
    if (!spec.healthCheck) return true;
    if (this.#suffers(truth)) return false;
    // Of several nobody knows which of them answered the probe.
    const told = spec.probes && containers.length === 1;
    return containers.every(
      ({ booting, unchecked, ill, illness }) =>
        !booting && (unchecked ? told : !(ill && illness?.shows === 'unhealthy')),
    );
  }

  #create(spec: ServiceSpec, index: number): Container {
    const name = `${spec.name}-${index + 1}`;
    const startedAt = this.#time.wall - 3_600_000;
    return {
      service: spec,
      name,
      id: this.#newId(name),
      status: 'running',
      booting: false,
      unchecked: false,
      startedAt,
      finishedAt: null,
      createdAt: startedAt,
      startedTrueAt: -3_600_000,
      startedBy: 'deploy',
      exitCode: null,
      oomKilled: false,
      revision: 1,
      illness: null,
      ill: false,
      restartsLeft: 0,
      run: 0,
      comebacks: 0,
      stoppedByPerson: false,
      stopToldAt: null,
    };
  }

  #newId(name: string): string {
    this.#ids += 1;
    return `${String(this.#ids).padStart(6, '0')}${name}`.padEnd(64, '0');
  }
}

/** The service and everything that it suffers from, over any number of others. */
function rootsOf(spec: ServiceSpec, specs: readonly ServiceSpec[]): readonly string[] {
  const byName = new Map(specs.map((each) => [each.name, each]));
  const found = new Set<string>();
  const open = [spec.name];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const each = byName.get(name);
    if (each?.suffers === true) open.push(...each.dependsOn.filter((dependency) => byName.has(dependency)));
  }
  return [...found];
}
