import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProgram } from './lab/childProgram.ts';
import { getJson } from './lab/getJson.ts';
import { repositoryFolder } from './lab/labFolder.ts';
import { waitFor } from './lab/waitFor.ts';

/** One entry of the journal as the API gives it. */
export type JournalEntry = {
  readonly seq: number;
  readonly at: number;
  readonly body: { readonly type: string; readonly [key: string]: unknown };
};
/** One incident of the list. */
export type ListedIncident = {
  readonly id: string;
  readonly target: string | null;
  readonly phase: string;
  readonly outcome: string | null;
  readonly escalated: boolean;
};

/** Flags of Node for the agent, as the image gives them, where a measurement wants them; separated by blanks. */
const NODE_FLAGS = (process.env['MPA_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
/** After a storm there is much of it to fold. */
const READY_MS = 90_000;
const STOP_MS = 15_000;

/**
 * A real agent: its own process, its own journal on disk, reached over HTTP alone. It can be killed and started again
 * on the same journal.
 */
export class AgentProcess implements AsyncDisposable {
  readonly url: string;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #program: ChildProgram | null = null;

  private constructor(folder: string, port: number, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#env = env;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** @param configuration Everything but `server` and `journal`, which are the suite's own; JSON is YAML. */
  static async start(
    port: number,
    configuration: object,
    env: NodeJS.ProcessEnv = process.env,
  ): Promise<AgentProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'mpa-agent-'));
    const agent = new AgentProcess(folder, port, env);
    const whole = {
      server: { listen: `127.0.0.1:${port}` },
      journal: { path: join(folder, 'journal.sqlite') },
      ...configuration,
    };
    await writeFile(join(folder, 'mpa.yml'), JSON.stringify(whole, null, 2));
    try {
      await agent.launch();
    } catch (error) {
      await agent[Symbol.asyncDispose]();
      throw error;
    }
    return agent;
  }

  get pid(): number {
    if (this.#program === null) throw new Error('the agent does not run');
    return this.#program.pid;
  }

  /** Starts it, on whatever journal is there, and waits until it is ready. */
  async launch(): Promise<void> {
    this.#program = await ChildProgram.start({
      command: process.execPath,
      args: [
        ...NODE_FLAGS,
        join(repositoryFolder, 'agent', 'src', 'main.ts'),
        'serve',
        '--config',
        join(this.#folder, 'mpa.yml'),
      ],
      env: this.#env,
      logPath: join(this.#folder, 'agent.log'),
      stopTimeoutMs: STOP_MS,
    });
    await this.#program.whenReady(async (signal) => (await fetch(`${this.url}/-/ready`, { signal })).ok, {
      deadlineMs: READY_MS,
    });
  }

  /** Ends it in order; its journal stays. */
  async stop(): Promise<void> {
    const program = this.#program;
    this.#program = null;
    await program?.[Symbol.asyncDispose]();
  }

  /** Ends it at once, as a power cut would; its journal stays as it is. */
  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    await this.stop();
  }

  async incidents(): Promise<readonly ListedIncident[]> {
    // The API's own schema is proved elsewhere; here its fields are only compared.
    const { incidents } = (await getJson(`${this.url}/api/v1/incidents`)) as { incidents: ListedIncident[] };
    return incidents;
  }

  async journal(incident: string): Promise<readonly JournalEntry[]> {
    const { entries } = (await getJson(`${this.url}/api/v1/incidents/${incident}`)) as {
      entries: JournalEntry[];
    };
    return entries;
  }

  /** Waits until a target's newest incident is in the wanted state, and answers it. */
  async whenIncident(
    target: string | null,
    accept: (incident: ListedIncident) => boolean,
    deadlineMs = 60_000,
  ): Promise<ListedIncident> {
    const newest = async () =>
      (await this.incidents()).find((incident) => incident.target === target) ?? null;
    const found = await waitFor(
      `an incident of ${target}`,
      newest,
      (incident) => incident !== null && accept(incident),
      { deadlineMs },
    );
    if (found === null) throw new Error('accepted above');
    return found;
  }

  async metric(line: RegExp): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const found = text.split('\n').find((candidate) => line.test(candidate));
    return found === undefined ? 0 : Number(found.split(' ').at(-1));
  }

  /** What it logged so far. */
  async log(): Promise<string> {
    return readFile(join(this.#folder, 'agent.log'), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
