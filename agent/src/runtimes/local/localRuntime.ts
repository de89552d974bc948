import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidencePiece } from '../../core/evidence.ts';
import type { Instance, LocalProcess, Target } from '../../core/target.ts';
import { RuntimeError } from '../../errors.ts';
import type { Clock, LogOptions, Resources, Runtime } from '../../ports.ts';
import { describe, gatherEvidence, logEvidence } from './evidence.ts';
import { checkInTime } from './exclusive.ts';
import { LogFile } from './logFile.ts';
import type { LogText } from './logText.ts';
import { type Ensured, ManagedProcess } from './managedProcess.ts';
import { markerPrefix } from './marker.ts';
import { openProcessTable } from './openProcessTable.ts';
import type { ProcessTable } from './processTable.ts';
import { FileRecordStore, fileNameOf, type RecordStore } from './recordStore.ts';
import { measure } from './resources.ts';

export type LocalRuntimeParts = {
  /** Where records and logs are kept; made when it is absent. It is also the agent's identity towards its processes. */
  readonly folder: string;
  readonly clock: Clock;
  /** Hears of what went wrong and could be lived with. */
  readonly warn: (sentence: string) => void;
  /** How large the log of a process may grow, twice: the file itself and the part before it. Default 8 MiB. */
  readonly logBytesMax?: number;
  /** For tests; default: this machine's. */
  readonly table?: ProcessTable;
  /** For tests; default: files in the folder. */
  readonly records?: RecordStore;
};

/** How often logs are kept within their limit and ended processes are noticed, milliseconds. */
const TEND_MS = 1_000;
/** How long closing waits for a restart that is under way, milliseconds. */
const CLOSE_MS = 10_000;
const LOG_BYTES_MAX = 8 * 1024 * 1024;

/** Whether a process of this name runs that was started under this folder, by whichever agent. */
export async function isRunningUnder(folder: string, name: string): Promise<boolean> {
  // Made by the first agent that starts something there; before, nothing can run.
  const path = await realpath(folder).catch(() => null);
  return path !== null && (await openProcessTable().marked(markerPrefix(path, name))).length > 0;
}

/**
 * Runs targets that are processes of this machine.
 *
 * Processes go on when the agent ends, however it ends, and are adopted by the next one. A process that dies stays
 * dead until the agent decides otherwise: `supervised` is false.
 */
export class LocalRuntime implements Runtime {
  readonly name = 'local';
  readonly #parts: LocalRuntimeParts;
  readonly #table: ProcessTable;
  readonly #records: RecordStore;
  readonly #processes = new Map<string, Promise<ManagedProcess>>();
  readonly #closing = new AbortController();
  readonly #tending: Promise<void>;

  private constructor(parts: LocalRuntimeParts, table: ProcessTable) {
    this.#parts = parts;
    this.#table = table;
    this.#records = parts.records ?? new FileRecordStore(parts.folder, parts.warn);
    this.#tending = this.#tend();
  }

  static async open(parts: LocalRuntimeParts): Promise<LocalRuntime> {
    await mkdir(parts.folder, { recursive: true, mode: 0o700 });
    // The same folder has one name only, or its processes would not be known again.
    const folder = await realpath(parts.folder);
    return new LocalRuntime({ ...parts, folder }, parts.table ?? openProcessTable());
  }

  /** None: what is not in the configuration is not ours. */
  async discover(): Promise<readonly Target[]> {
    return [];
  }

  async instances(target: Target, signal: AbortSignal): Promise<readonly Instance[]> {
    checkInTime(signal);
    if (target.selector.by !== 'process') return [];
    const managed = await this.#managed(target.name, target.selector.process);
    return [await managed.look()];
  }

  /**
   * Begins the care for a configured process: adopts it when it runs, else starts it, unless it ended by itself.
   * Rejects with `RuntimeError` when it cannot be started.
   */
  async ensureStarted(target: Target, signal: AbortSignal): Promise<Ensured> {
    if (target.selector.by !== 'process') {
      throw new RuntimeError('RUNTIME_FAILED', `${target.name} is no process of the configuration`, 'no');
    }
    const managed = await this.#managed(target.name, target.selector.process);
    return await managed.ensureStarted(signal);
  }

  /** Forgets a process that left the configuration. It goes on running; it is only no longer ours to touch. */
  async release(name: string): Promise<void> {
    const managed = await this.#processes.get(name);
    this.#processes.delete(name);
    await managed?.idle();
  }

  /**
   * Ends all processes that this agent cares for, each within its own stop timeout. For those who started them for
   * a while only; an agent that ends leaves its processes running.
   */
  async stopAll(signal: AbortSignal): Promise<void> {
    const all = await Promise.all(this.#processes.values());
    const ended = await Promise.allSettled(all.map((managed) => managed.stop(signal)));
    const failed = ended.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
    if (failed.length > 0) throw failed[0];
  }

  async restart(
    instance: Instance,
    { stopTimeoutMs }: { readonly stopTimeoutMs: number },
    signal: AbortSignal,
  ): Promise<void> {
    await (await this.#known(instance)).restart(stopTimeoutMs, signal);
  }

  async start(instance: Instance, signal: AbortSignal): Promise<void> {
    await (await this.#known(instance)).start(signal);
  }

  async logs(instance: Instance, options: LogOptions, signal: AbortSignal): Promise<LogText> {
    checkInTime(signal);
    return await (await this.#known(instance)).log.tail(options);
  }

  async resources(instance: Instance, signal: AbortSignal): Promise<Resources> {
    const managed = await this.#known(instance);
    return await measure(managed.run, this.#table, this.#parts.clock, signal);
  }

  async evidence(
    instance: Instance,
    found: (item: EvidencePiece) => void,
    signal: AbortSignal,
    failedAt: number | null,
  ): Promise<{ readonly missing: readonly string[] }> {
    return await gatherEvidence(instance, found, {
      inspect: async () => describe(await this.#known(instance)),
      logs: async () => {
        checkInTime(signal);
        return logEvidence((await this.#known(instance)).log, instance, failedAt);
      },
      stats: () => this.resources(instance, signal),
    });
  }

  /** Waits a while for work that has begun; leaves the processes running. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#tending;
    const all = await Promise.all(this.#processes.values());
    const enough = new AbortController();
    // What is not done by then is seen by the next agent as it was left: nothing happened, or something did.
    const patience = this.#parts.clock.sleep(CLOSE_MS, enough.signal).catch(() => undefined);
    await Promise.race([Promise.all(all.map((managed) => managed.idle())), patience]);
    enough.abort();
  }

  async #managed(name: string, definition: LocalProcess): Promise<ManagedProcess> {
    let finding = this.#processes.get(name);
    if (finding === undefined) {
      finding = this.#find(name, definition);
      this.#processes.set(name, finding);
      // A failure is told to who asked, and the next one asks anew.
      finding.catch(() => this.#processes.delete(name));
    }
    const managed = await finding;
    managed.definition = definition;
    return managed;
  }

  #find(name: string, definition: LocalProcess): Promise<ManagedProcess> {
    const { folder, clock, warn, logBytesMax } = this.#parts;
    return ManagedProcess.find({
      name,
      definition,
      markerPrefix: markerPrefix(folder, name),
      log: new LogFile(join(folder, `${fileNameOf(name)}.log`), logBytesMax ?? LOG_BYTES_MAX),
      clock,
      table: this.#table,
      records: this.#records,
      warn,
    });
  }

  async #known({ id, name }: Instance): Promise<ManagedProcess> {
    const managed = await this.#processes.get(name);
    if (managed === undefined || managed.id !== id) {
      throw new RuntimeError('RUNTIME_GONE', `no process ${id} is configured`, 'no');
    }
    return managed;
  }

  async #tend(): Promise<void> {
    const { clock, warn } = this.#parts;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      for (const finding of this.#processes.values()) {
        try {
          await (await finding).tend();
        } catch (error) {
          warn(`A local process could not be looked after: ${error}`);
        }
      }
      await clock.sleep(TEND_MS, signal).catch(() => undefined); // Closing ends the sleep and the loop.
    }
  }
}
