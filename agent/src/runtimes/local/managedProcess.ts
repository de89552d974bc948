import { createHash } from 'node:crypto';
import type { Instance, LocalProcess } from '../../core/target.ts';
import type { Clock } from '../../ports.ts';
import { endProcesses, factsIfSame } from './endProcesses.ts';
import { Exclusive } from './exclusive.ts';
import { KeptRecord } from './keptRecord.ts';
import { launch } from './launch.ts';
import type { LogFile } from './logFile.ts';
import { markerOf, startedAtOf } from './marker.ts';
import type { MarkedProcess, ProcessTable } from './processTable.ts';
import type { ProcessRecord, ProcessState, Run } from './record.ts';
import type { RecordStore } from './recordStore.ts';

export type ManagedProcessParts = {
  readonly name: string;
  readonly definition: LocalProcess;
  readonly markerPrefix: string;
  readonly log: LogFile;
  readonly clock: Clock;
  readonly table: ProcessTable;
  readonly records: RecordStore;
  readonly warn: (sentence: string) => void;
};

/** What became of a process when the agent began to care for it. */
export type Ensured = {
  readonly did: 'started' | 'adopted' | 'left-ended';
  readonly reason: string;
};

/** How long the leftovers of a run that ended by itself may take before they are killed, milliseconds. */
const LEFTOVER_STOP_MS = 2_000;

/** One process of the configuration, over all its runs and over restarts of the agent. */
export class ManagedProcess {
  /** As last configured; it takes effect at the next start. */
  definition: LocalProcess;
  readonly name: string;
  /** The name and a number: a process of the configuration has one instance. */
  readonly id: string;
  readonly log: LogFile;
  readonly #parts: ManagedProcessParts;
  readonly #turns: Exclusive;
  readonly #record: KeptRecord;
  /** Settles when the last run that is our own child has ended and is recorded. */
  #exit: Promise<void> | null = null;

  private constructor(parts: ManagedProcessParts, record: ProcessRecord) {
    this.name = parts.name;
    this.id = `${parts.name}/1`;
    this.definition = parts.definition;
    this.log = parts.log;
    this.#parts = parts;
    this.#record = new KeptRecord(parts.records, record, parts.warn);
    this.#turns = new Exclusive((error) =>
      parts.warn(`Work on process ${parts.name} failed after nobody waited for it: ${error}`),
    );
  }

  /** Finds the process again if it runs, with its record or without. Starts nothing. */
  static async find(parts: ManagedProcessParts): Promise<ManagedProcess> {
    const { clock, records, table, name } = parts;
    const known = await records.read(name);
    const record = known ?? {
      v: 1,
      name,
      createdAt: clock.now(),
      state: { kind: 'created' },
      launching: null,
    };
    const found = new ManagedProcess(parts, record);
    const { state } = record;
    if (state.kind === 'running' && record.launching === null && factsIfSame(table, state.run) !== null) {
      return found;
    }
    // Written half, lost, or out of date: what carries our marker tells how it really is.
    const leader = newestLeader(await table.marked(parts.markerPrefix), parts.markerPrefix);
    if (leader !== null) await found.#record.save({ kind: 'running', run: found.#runOf(leader) }, null);
    else if (record.launching !== null || state.kind === 'running')
      await found.#record.save(found.#seen(), null);
    return found;
  }

  /**
   * Starts the process unless it runs. One that ended by itself in this boot is left as it is: bringing it back is a
   * recovery, with its guards and its record, and no matter of the agent's own start.
   */
  async ensureStarted(signal: AbortSignal): Promise<Ensured> {
    return await this.#turns.run(signal, async () => {
      const state = this.#seen();
      if (state.kind === 'running') return { did: 'adopted', reason: `it runs as process ${state.run.pid}` };
      if (state.kind === 'ended' && state.by === 'itself' && this.#sameBoot(state.run)) {
        return { did: 'left-ended', reason: `it ended by itself${inBrackets(state)}` };
      }
      const reason =
        state.kind === 'created' ? 'it has never run' : 'it was stopped with the agent or the machine';
      await this.#start();
      return { did: 'started', reason };
    });
  }

  /** Does nothing when it runs. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#turns.run(signal, async () => {
      if (this.#seen().kind !== 'running') await this.#start();
    });
  }

  async restart(stopTimeoutMs: number, signal: AbortSignal): Promise<void> {
    await this.#turns.run(signal, async () => {
      await this.#end(stopTimeoutMs);
      await this.#start();
    });
  }

  /** Ends it by order: the next start of the agent starts it again. */
  async stop(signal: AbortSignal): Promise<void> {
    await this.#turns.run(signal, async () => {
      await this.#end(this.definition.stopTimeoutMs);
      const state = this.#seen();
      if (state.kind === 'ended') await this.#record.save({ ...state, by: 'order' }, null);
    });
  }

  /** Keeps the log within its limit, and records the end of a process that is no child of ours. */
  async tend(): Promise<void> {
    await this.log.bound(this.#parts.clock.now());
    await this.look();
  }

  async look(): Promise<Instance> {
    if (!this.#turns.busy) await this.#keep();
    return this.#instance();
  }

  async idle(): Promise<void> {
    await this.#turns.idle();
  }

  /** The run that lives now; `null` when none does. */
  get run(): Run | null {
    const state = this.#seen();
    return state.kind === 'running' ? state.run : null;
  }

  #instance(): Instance {
    const state = this.#seen();
    const run = state.kind === 'created' ? null : state.run;
    return {
      id: this.id,
      name: this.name,
      status: state.kind === 'running' ? 'running' : this.#turns.busy ? 'restarting' : statusOf(state),
      health: 'none',
      startedAt: run?.startedAt ?? null,
      finishedAt: state.kind === 'ended' ? state.finishedAt : null,
      createdAt: this.#record.current.createdAt,
      exitCode: state.kind === 'ended' ? state.exitCode : null,
      oomKilled: false,
      supervised: false,
      startPeriodMs: 0,
      revision: run?.revision ?? revisionOf(this.definition),
    };
  }

  /** Called with the turn taken. What a former run left behind is ended first: it may hold the port. */
  async #start(): Promise<void> {
    const { markerPrefix, clock, table, log } = this.#parts;
    await endProcesses({ table, clock, leader: null, markerPrefix, stopTimeoutMs: LEFTOVER_STOP_MS });
    const state = this.#seen();
    // The start time is the identity of the run, so two runs never share it, whatever the wall clock does.
    const former = state.kind === 'created' ? 0 : state.run.startedAt;
    const now = clock.now();
    const startedAt = now === former ? now + 1 : now;
    const revision = revisionOf(this.definition);
    // Durable before the spawn: after a crash here the marker is looked for.
    await this.#record.launching(state, startedAt);
    // What is in the log by now is of former runs; that this is not known exactly keeps nobody from starting.
    await log.bound(startedAt).catch((error: unknown) => {
      this.#parts.warn(`The log of process ${this.name} could not be looked after: ${error}`);
    });
    const launched = await launch(this.definition, markerOf(markerPrefix, startedAt), log.path).catch(
      async (error: unknown) => {
        await this.#record.save(this.#seen(), null);
        throw error;
      },
    );
    const identity = table.facts(launched.pid)?.identity ?? 'ended before it was seen';
    const run: Run = { startedAt, pid: launched.pid, identity, boot: table.bootId(), revision };
    this.#exit = launched.exit.then((exitCode) => this.#ended(run, exitCode));
    await this.#record.save({ kind: 'running', run }, null);
  }

  /** Called with the turn taken. */
  async #end(stopTimeoutMs: number): Promise<void> {
    const { table, clock, markerPrefix } = this.#parts;
    await endProcesses({ table, clock, leader: this.run, markerPrefix, stopTimeoutMs });
    await this.#keep();
  }

  async #ended(run: Run, exitCode: number | null): Promise<void> {
    const { state } = this.#record.current;
    // The end of a run that is no longer the last one is old news.
    if (state.kind === 'created' || state.run.startedAt !== run.startedAt) return;
    const finishedAt = state.kind === 'ended' ? state.finishedAt : this.#parts.clock.now();
    const by = state.kind === 'ended' ? state.by : 'itself';
    await this.#record.save({ kind: 'ended', run, finishedAt, exitCode, by }, this.#record.current.launching);
  }

  /** The state as it is at this moment: a recorded process that is no longer there has ended. */
  #seen(): ProcessState {
    const { state } = this.#record.current;
    if (state.kind !== 'running' || factsIfSame(this.#parts.table, state.run) !== null) return state;
    return {
      kind: 'ended',
      run: state.run,
      finishedAt: this.#parts.clock.now(),
      exitCode: null,
      by: 'itself',
    };
  }

  /** Records the end of a process that nobody told us of. Of a child of ours the system tells, with the exit code. */
  async #keep(): Promise<void> {
    if (this.#record.current.state.kind === 'running' && this.run === null) await this.#exit;
    const state = this.#seen();
    if (state !== this.#record.current.state) await this.#record.save(state, this.#record.current.launching);
  }

  #sameBoot(run: Run): boolean {
    return run.boot === this.#parts.table.bootId();
  }

  #runOf({ pid, identity, marker }: MarkedProcess): Run {
    const startedAt = startedAtOf(this.#parts.markerPrefix, marker) ?? this.#parts.clock.now();
    const boot = this.#parts.table.bootId();
    return { startedAt, pid, identity, boot, revision: revisionOf(this.definition) };
  }
}

/** The one that was started last, of those that lead a group: children carry the marker too and lead none. */
function newestLeader(marked: readonly MarkedProcess[], prefix: string): MarkedProcess | null {
  const leaders = marked.filter(({ pid, group }) => pid === group);
  const age = ({ marker }: MarkedProcess) => startedAtOf(prefix, marker) ?? 0;
  return leaders.sort((one, other) => age(other) - age(one) || one.pid - other.pid)[0] ?? null;
}

function statusOf(state: ProcessState): Instance['status'] {
  return state.kind === 'created' ? 'created' : 'exited';
}

function inBrackets({ exitCode }: { readonly exitCode: number | null }): string {
  return exitCode === null ? '' : ` (exit code ${exitCode})`;
}

/** A change of what is run is a deploy. */
function revisionOf({ command, cwd, env }: LocalProcess): string {
  return createHash('sha256')
    .update(JSON.stringify([command, cwd, env]))
    .digest('hex')
    .slice(0, 12);
}
