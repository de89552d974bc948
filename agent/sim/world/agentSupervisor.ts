import type { Settings } from '../../src/core/settings.ts';
import type { AlertMessage } from '../../src/ports.ts';
import type { SimTime } from '../time.ts';
import { AgentProcess, type Surroundings } from './agent.ts';
import type { Chronicle } from './chronicle.ts';

/** An agent that could not start is started again after this long, milliseconds. */
const RESTART_MS = 5_000;
/** A stopping agent lets a running step finish for so long, milliseconds. */
const GRACE_MS = 10_000;

/** Keeps the agent running as Docker would: starts it, and starts it again when it died. */
export class AgentSupervisor {
  readonly #around: Surroundings;
  readonly #time: SimTime;
  readonly #chronicle: Chronicle;
  readonly #onDied: () => void;
  readonly #jump: (byMs: number) => void;
  #settings: Settings;
  #settingsSince = 0;
  #process: AgentProcess | null = null;
  #requests = new Set<() => void>();
  #deadSince: number | null = 0;
  #deadMs = 0;
  #downMs = RESTART_MS;
  #jumpMs = 0;
  deaths = 0;

  constructor(parts: {
    readonly around: Surroundings;
    readonly chronicle: Chronicle;
    readonly settings: Settings;
    readonly onDied: () => void;
    readonly jump: (byMs: number) => void;
  }) {
    const { around, chronicle, settings, onDied, jump } = parts;
    this.#around = around;
    this.#time = around.time;
    this.#chronicle = chronicle;
    this.#settings = settings;
    this.#onDied = onDied;
    this.#jump = jump;
  }

  get process(): AgentProcess | null {
    return this.#process;
  }

  get settings(): { readonly current: Settings; readonly since: number } {
    return { current: this.#settings, since: this.#settingsSince };
  }

  /** True time that no process was ready, in all; milliseconds. */
  get lostMs(): number {
    return this.#deadMs + (this.#deadSince === null ? 0 : this.#time.now - this.#deadSince);
  }

  start(): void {
    if (this.#process !== null) return;
    const settings = this.#settings;
    const process = new AgentProcess(this.#around, settings, () => this.#died(process));
    this.#process = process;
    process.engine.start().then(
      () => {
        if (!process.life.alive) return;
        process.ready = true;
        if (this.#deadSince !== null) this.#deadMs += this.#time.now - this.#deadSince;
        this.#deadSince = null;
        // Somebody changed the configuration while it started: a process that is not there yet cannot be told.
        if (this.#settings !== settings) void this.reload(this.#settings);
      },
      () => {
        this.#downMs = RESTART_MS;
        process.life.kill();
      },
    );
  }

  /** Lets the process die at the so-many-th time that it touches the outside. */
  arm(crossings: number, written: boolean, downMs: number, jumpMs: number): void {
    this.#downMs = downMs;
    this.#jumpMs = jumpMs;
    this.#process?.life.arm(crossings, written);
  }

  /** Ends the process as an operator does. */
  stop(downMs: number): void {
    const process = this.#process;
    if (process === null) return;
    this.#chronicle.tell(() => 'somebody stops the agent');
    process.ready = false;
    this.#deadSince ??= this.#time.now;
    process.engine.stop('somebody stops it', GRACE_MS).then(
      () => {
        this.#downMs = downMs;
        process.life.kill();
      },
      () => process.life.kill(),
    );
  }

  async reload(settings: Settings): Promise<void> {
    this.#settings = settings;
    this.#settingsSince = this.#time.now;
    const process = this.#process;
    if (process?.ready === true) await process.engine.reload(settings, process.notifiers(settings));
  }

  /** Posts a message to the webhook; refused where nobody answers, or the answer is no success. */
  post(message: AlertMessage): Promise<'acknowledged' | 'refused'> {
    return this.ask((process) => process.engine.hearAlerts(message));
  }

  ask(request: (process: AgentProcess) => Promise<unknown>): Promise<'acknowledged' | 'refused'> {
    const process = this.#process;
    if (process === null || !process.ready) return Promise.resolve('refused');
    return new Promise((resolve) => {
      const refuse = () => {
        this.#requests.delete(refuse);
        resolve('refused');
      };
      this.#requests.add(refuse);
      request(process).then(() => {
        if (!process.life.alive) return;
        this.#requests.delete(refuse);
        resolve('acknowledged');
      }, refuse);
    });
  }

  #died(process: AgentProcess): void {
    if (this.#process !== process) return;
    this.#process = null;
    this.deaths += 1;
    this.#deadSince ??= this.#time.now;
    this.#chronicle.tell(() => 'THE AGENT DIES');
    this.#onDied();
    for (const refuse of [...this.#requests]) refuse();
    const downMs = this.#downMs;
    this.#downMs = RESTART_MS;
    this.#time.after(downMs, () => {
      this.#chronicle.tell(() => 'the agent is started');
      this.start();
      // The process runs, and has decided nothing yet.
      if (this.#jumpMs !== 0) this.#jump(this.#jumpMs);
      this.#jumpMs = 0;
    });
  }
}
