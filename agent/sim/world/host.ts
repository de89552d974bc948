import type { EvidencePiece } from '../../src/core/evidence.ts';
import type { Instance, Target } from '../../src/core/target.ts';
import { RuntimeError } from '../../src/errors.ts';
import type { LogOptions, Resources, Runtime } from '../../src/ports.ts';
import type { Call } from '../checkers/checker.ts';
import type { Random } from '../random.ts';
import { never, type ProcessClock, type SimTime } from '../time.ts';
import type { Chronicle } from './chronicle.ts';
import type { Cluster } from './cluster.ts';
import type { Container } from './container.ts';
import type { Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Mortal } from './mortal.ts';

/** A daemon that is slow answers after up to so long, milliseconds. */
const SLOW_MS = 20_000;
/** An answer that is late is on its way for up to so long, milliseconds. */
const LATE_MS = 8_000;
/** Where a stop takes its whole time, the daemon needs so much more to kill and start, at most; milliseconds. */
const KILL_MS = 2_000;
/** A container that ends or is removed while it is being stopped is stopped; the daemon goes on so soon after, milliseconds. */
const NOTICE_MS = 20;

/** The runtime's daemon: does what it is told, also when the one who told it is gone. */
export class Host {
  readonly #time: SimTime;
  readonly #random: Random;
  readonly #chronicle: Chronicle;
  readonly #cluster: Cluster;
  readonly #faults: Faults;
  readonly #ledger: Ledger;
  readonly #onCalled: (call: Call) => void;
  readonly #onApplied: (call: Call) => void;
  /** What ends the call that is under way, by container. */
  readonly #underWay = new Map<string, () => void>();

  constructor(parts: {
    readonly time: SimTime;
    readonly random: Random;
    readonly chronicle: Chronicle;
    readonly cluster: Cluster;
    readonly faults: Faults;
    readonly ledger: Ledger;
    readonly onCalled: (call: Call) => void;
    readonly onApplied: (call: Call) => void;
  }) {
    this.#time = parts.time;
    this.#random = parts.random;
    this.#chronicle = parts.chronicle;
    this.#cluster = parts.cluster;
    this.#faults = parts.faults;
    this.#ledger = parts.ledger;
    this.#onCalled = parts.onCalled;
    this.#onApplied = parts.onApplied;
    this.#cluster.watch(({ what, container }) => {
      const finish = this.#underWay.get(container.name);
      // While a call of the API is at work on it, the restart policy does not bring it back: the call does. Where
      // somebody else stopped it and started it again, the call finds it stopped and running, and has nothing to do.
      if (
        finish !== undefined &&
        (what === 'died' || what === 'oom' || what === 'removed' || what === 'started')
      )
        this.#time.after(NOTICE_MS, finish);
    });
  }

  /** Whatever is only read. */
  async read<T>(clock: ProcessClock, answer: () => T): Promise<T> {
    const { delayMs, broken } = this.#weather();
    if (delayMs > 0) await clock.sleep(delayMs);
    if (broken) throw new RuntimeError('RUNTIME_UNREACHABLE', 'connect ECONNREFUSED', 'no');
    const seen = answer();
    if (this.#faults.is('runtime', 'late')) await clock.sleep(this.#random.int(0, LATE_MS));
    return seen;
  }

  /** Changes a container. The answer comes to whoever still waits; the change comes all the same. */
  act(instance: Instance, what: Call['what'], service: string, stopTimeoutMs: number): Promise<void> {
    if (this.#faults.is('runtime', 'unreachable')) {
      return Promise.reject(new RuntimeError('RUNTIME_UNREACHABLE', 'connect ECONNREFUSED', 'no'));
    }
    const container = this.#cluster.container(service, instance.id);
    if (container === null) return Promise.reject(new RuntimeError('RUNTIME_GONE', instance.name, 'no'));
    const call = this.#note(container, what);
    this.#onCalled(call);
    if (this.#faults.is('runtime', 'fails') && this.#random.chance(0.7)) {
      call.overAt = this.#time.now;
      return Promise.reject(new RuntimeError('RUNTIME_FAILED', 'server error 500', 'no'));
    }
    if (this.#faults.is('runtime', 'never-applied')) {
      call.overAt = this.#time.now;
      return never();
    }
    if (what === 'start' && container.status === 'paused') {
      call.overAt = this.#time.now;
      return Promise.reject(new RuntimeError('RUNTIME_FAILED', 'cannot start a paused container', 'no'));
    }
    const silent = this.#faults.is('runtime', 'answer-lost');
    const stopMs = what === 'start' || !isUp(container) ? 50 : this.#stopMs(container, stopTimeoutMs);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { run } = container;
    const finish = () => {
      if (call.overAt !== null) return;
      call.overAt = this.#time.now;
      this.#underWay.delete(container.name);
      if (container.id !== instance.id) {
        reject(new RuntimeError('RUNTIME_GONE', instance.name, 'no'));
        return;
      }
      this.#apply(call, container, run);
      if (!silent) resolve();
    };
    this.#underWay.set(container.name, finish);
    this.#time.after(stopMs, finish);
    return promise;
  }

  #apply(call: Call, container: Container, run: number): void {
    const running = isUp(container);
    // As Docker answers 304: nothing to do for what runs, or for what its restart policy holds back.
    if (call.what === 'start' && (running || container.status === 'restarting')) return;
    if (running && container.run !== run) return;
    if (running) this.#cluster.end(container, 137, false, 'somebody');
    call.appliedAt = this.#time.now;
    this.#cluster.start(container, 'agent');
    this.#onApplied(call);
  }

  #note(container: Container, what: Call['what']): Call {
    const service = container.service.name;
    this.#chronicle.tell(() => `the runtime is told to ${what} ${container.name}`);
    return {
      what,
      service,
      container: container.name,
      id: container.id,
      at: this.#time.now,
      note: this.#ledger.openOf(service)?.mutation ?? null,
      status: container.status,
      run: {
        name: `${container.id}@${container.startedAt}`,
        by: container.startedBy,
        at: container.startedTrueAt,
        stoppedByPerson: container.stoppedByPerson,
        stopToldAt: container.stopToldAt,
      },
      appliedAt: null,
      overAt: null,
    };
  }

  /** What hangs does not end by itself. */
  #stopMs(container: Container, stopTimeoutMs: number): number {
    const hangs = container.ill || container.status === 'paused' || this.#random.chance(0.1);
    return hangs ? stopTimeoutMs + this.#random.int(50, KILL_MS) : this.#random.int(50, 800);
  }

  #weather(): { readonly delayMs: number; readonly broken: boolean } {
    const broken = this.#faults.is('runtime', 'unreachable');
    if (this.#faults.is('runtime', 'slow')) return { delayMs: this.#random.int(0, SLOW_MS), broken };
    return { delayMs: this.#random.chance(0.2) ? this.#random.int(1, 20) : 0, broken };
  }
}

/** What is paused has a process, too: a stop waits for it in vain, and kills it. */
function isUp({ status }: Container): boolean {
  return status === 'running' || status === 'paused';
}

/** The runtime as one process of the agent has it. */
export class SimRuntime implements Runtime {
  readonly name = 'docker';
  readonly #host: Host;
  readonly #cluster: Cluster;
  readonly #clock: ProcessClock;
  readonly #life: Mortal;
  readonly #found: () => readonly Target[];

  constructor(parts: {
    readonly host: Host;
    readonly cluster: Cluster;
    readonly clock: ProcessClock;
    readonly life: Mortal;
    readonly found: () => readonly Target[];
  }) {
    this.#host = parts.host;
    this.#cluster = parts.cluster;
    this.#clock = parts.clock;
    this.#life = parts.life;
    this.#found = parts.found;
  }

  discover(): Promise<readonly Target[]> {
    return this.#read(this.#found);
  }

  instances(target: Target): Promise<readonly Instance[]> {
    return this.#read(() => this.#cluster.seen(target.name));
  }

  async evidence(
    instance: Instance,
    found: (item: EvidencePiece) => void,
  ): Promise<{ readonly missing: readonly string[] }> {
    return this.#read(() => {
      for (const kind of ['inspect', 'logs'] as const) {
        found({ kind, instance: instance.name, text: instance.status, truncated: false });
      }
      return { missing: [] };
    });
  }

  logs(
    instance: Instance,
    _options: LogOptions,
  ): Promise<{ readonly text: string; readonly truncated: boolean }> {
    return this.#read(() => ({ text: instance.name, truncated: false }));
  }

  resources(): Promise<Resources> {
    return this.#read(() => ({ cpuShare: 0.1, memoryBytes: 1, memoryLimitBytes: 2, pids: 1 }));
  }

  restart(
    instance: Instance,
    options: { readonly stopTimeoutMs: number },
    signal: AbortSignal,
  ): Promise<void> {
    return this.#act(instance, 'restart', options.stopTimeoutMs, signal);
  }

  start(instance: Instance, signal: AbortSignal): Promise<void> {
    return this.#act(instance, 'start', 0, signal);
  }

  async close(): Promise<void> {}

  #read<T>(answer: () => T): Promise<T> {
    return this.#life.cross(() => this.#host.read(this.#clock, answer));
  }

  #act(instance: Instance, what: Call['what'], stopTimeoutMs: number, signal: AbortSignal): Promise<void> {
    const service = instance.name.replace(/-\d+$/, '');
    return this.#life.cross(async () => {
      const answer = this.#host.act(instance, what, service, stopTimeoutMs);
      const { promise: cut, reject } = Promise.withResolvers<never>();
      const abort = () => reject(new RuntimeError('RUNTIME_TIMEOUT', `${what} was not answered`, 'maybe'));
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
      try {
        await Promise.race([answer, cut]);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    });
  }
}
