import type { EvidencePiece } from '../../src/core/evidence.ts';
import type { Instance, Target } from '../../src/core/target.ts';
import { RuntimeError } from '../../src/errors.ts';
import type { Clock, Resources, Runtime } from '../../src/ports.ts';

/** One instance of the fake, with what a test may turn on it. */
export type FakeInstance = { -readonly [K in keyof Instance]: Instance[K] } & {
  target: string;
  /** How long after a start it becomes what `recovers` says, milliseconds. */
  bootMs: number;
  /** Whether a restart mends it. */
  recovers: boolean;
};

export type Trouble = 'none' | 'unreachable' | 'failing' | 'answer-lost' | 'never-applied';

/** A runtime in memory, on the test's clock. Counts what it was told to do. */
export class FakeRuntime implements Runtime {
  readonly name = 'docker';
  readonly calls: { readonly what: 'restart' | 'start'; readonly instance: string; readonly at: number }[] =
    [];
  readonly found: Target[] = [];
  /** How long the stats of an instance take, milliseconds; 0: there are none. */
  statsMs = 0;
  trouble: Trouble = 'none';
  /** How long every call takes, milliseconds; the deadline of a call ends it before. */
  slowMs = 0;
  /** How long what was seen of the instances is on its way, milliseconds. */
  lateMs = 0;
  /** What the logs of every instance say; null: only whose they are. */
  says: string | null = null;
  /** Called before an acting call has its effect. */
  onAct: (instance: string) => Promise<void> = async () => undefined;
  readonly #clock: Clock;
  readonly #instances = new Map<string, FakeInstance>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds a running, healthy instance that was started long ago. */
  run(target: string, name = `${target}-1`): FakeInstance {
    const startedAt = this.#clock.now() - 3_600_000;
    const instance: FakeInstance = {
      id: `${name}-id`.padEnd(64, '0'),
      name,
      status: 'running',
      health: 'none',
      startedAt,
      finishedAt: null,
      createdAt: startedAt,
      exitCode: null,
      oomKilled: false,
      supervised: false,
      startPeriodMs: 0,
      revision: 'image@1',
      target,
      bootMs: 0,
      recovers: true,
    };
    this.#instances.set(name, instance);
    return instance;
  }

  remove(name: string): void {
    this.#instances.delete(name);
  }

  die(name: string, exitCode = 137): void {
    const instance = this.#get(name);
    instance.status = 'exited';
    instance.exitCode = exitCode;
    instance.finishedAt = this.#clock.now();
  }

  async discover(signal?: AbortSignal): Promise<readonly Target[]> {
    await this.#answer(signal);
    return this.found;
  }

  async instances(target: Target, signal?: AbortSignal): Promise<readonly Instance[]> {
    await this.#answer(signal);
    const seen = [...this.#instances.values()]
      .filter((instance) => instance.target === target.name)
      .map((instance) => ({ ...instance }));
    if (this.lateMs > 0) await this.#clock.sleep(this.lateMs, signal);
    return seen;
  }

  async evidence(
    instance: Instance,
    found: (item: EvidencePiece) => void,
    signal?: AbortSignal,
    _failedAt: number | null = null,
  ): Promise<{ readonly missing: readonly string[] }> {
    await this.#answer(signal);
    for (const kind of ['inspect', 'logs'] as const) {
      const text = (kind === 'logs' ? this.says : null) ?? `${kind} of ${instance.name}`;
      found({ kind, instance: instance.name, text, truncated: false });
    }
    if (this.statsMs > 0) {
      await this.#clock.sleep(this.statsMs, signal);
      found({ kind: 'stats', instance: instance.name, text: `stats of ${instance.name}`, truncated: false });
    }
    return { missing: [] };
  }

  async logs(instance: Instance): Promise<{ readonly text: string; readonly truncated: boolean }> {
    await this.#answer();
    return { text: this.says ?? `logs of ${instance.name}`, truncated: false };
  }

  async resources(): Promise<Resources> {
    await this.#answer();
    return { cpuShare: 0.1, memoryBytes: 1, memoryLimitBytes: 2, pids: 1 };
  }

  async restart(instance: Instance): Promise<void> {
    await this.#act('restart', instance);
  }

  async start(instance: Instance): Promise<void> {
    await this.#act('start', instance);
  }

  async close(): Promise<void> {}

  async #act(what: 'restart' | 'start', { name }: Instance): Promise<void> {
    await this.#answer();
    this.calls.push({ what, instance: name, at: this.#clock.now() });
    await this.onAct(name);
    if (this.trouble === 'never-applied')
      throw new RuntimeError('RUNTIME_TIMEOUT', 'the call was lost', 'maybe');
    const instance = this.#get(name);
    instance.startedAt = this.#clock.now();
    instance.finishedAt = null;
    instance.status = instance.recovers ? 'running' : 'exited';
    instance.exitCode = instance.recovers ? null : 1;
    if (instance.recovers && instance.health === 'unhealthy') instance.health = 'healthy';
    if (this.trouble === 'answer-lost')
      throw new RuntimeError('RUNTIME_TIMEOUT', 'the answer was lost', 'maybe');
  }

  async #answer(signal?: AbortSignal): Promise<void> {
    if (this.slowMs > 0) await this.#clock.sleep(this.slowMs, signal);
    if (this.trouble === 'unreachable') throw new RuntimeError('RUNTIME_UNREACHABLE', 'connect ENOENT', 'no');
    if (this.trouble === 'failing') throw new RuntimeError('RUNTIME_FAILED', '500 from the engine', 'maybe');
  }

  #get(name: string): FakeInstance {
    const instance = this.#instances.get(name);
    if (instance === undefined) throw new RuntimeError('RUNTIME_GONE', name, 'no');
    return instance;
  }
}
