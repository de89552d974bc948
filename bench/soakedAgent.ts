import { chmod } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { AgentContainer, ensureAgentImage, TOKEN } from '../e2e/agentContainer.ts';
import { ContainerLab } from '../e2e/lab/container.ts';
import { openEngine } from '../e2e/lab/engine.ts';
import { waitFor } from '../e2e/lab/waitFor.ts';
import { type BenchSetup, type BenchTargets, benchConfiguration, startBenchAgent } from './benchAgent.ts';
import type { RecordingEngine } from './recordingEngine.ts';

const STARTED_MS = 10_000;

/** The agent whose memory is watched, wherever it runs. */
export interface SoakedAgent extends AsyncDisposable {
  readonly url: string;
  /** What it asks senders for; null: nothing. */
  readonly token: string | null;
  /** As this machine knows it; another one after it was killed. */
  readonly pid: number;
  incidentsOpen(): Promise<number>;
  /** Ends it as the kernel does where memory is short, and starts it on the journal that it left; until it is ready. */
  killAndStart(): Promise<void>;
  /** What its surroundings say of it in the end, in a sentence. */
  verdict(): Promise<string>;
}

/** As a process of its own; `MPA_NODE_FLAGS` and the environment are handed on to it. */
export async function soakedProcess(setup: BenchSetup): Promise<SoakedAgent> {
  const agent = await startBenchAgent(setup);
  return {
    url: agent.url,
    token: null,
    get pid() {
      return agent.pid;
    },
    incidentsOpen: () => agent.metric(/^mpa_incidents_open(\{| )/),
    killAndStart: async () => {
      await agent.kill();
      await agent.launch();
    },
    verdict: async () => 'it ran as a process, without a limit',
    [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose](),
  };
}

/** The image as its users run it, built of the sources as they are now, in a container with so much memory and no swap. */
export async function soakedContainer(
  recording: RecordingEngine,
  targets: BenchTargets,
  memoryBytes: number,
): Promise<SoakedAgent> {
  await using cleanup = new AsyncDisposableStack();
  const engine = cleanup.use(await openEngine());
  await ensureAgentImage(engine);
  const lab = cleanup.use(await ContainerLab.open(engine));
  // The agent in the container is another user.
  await chmod(dirname(recording.socketPath), 0o755);
  await chmod(recording.socketPath, 0o666);
  const agent = cleanup.use(
    await AgentContainer.create(engine, lab, benchConfiguration(targets), {
      name: 'soak',
      // By its name the recording engine is on the same machine, so that the agent knows it is in none of its containers.
      hostname: hostname(),
      socketPath: recording.socketPath,
      memoryBytes,
    }),
  );
  await agent.container.start();
  await agent.whenReady();
  let pid = await pidOf(agent.container);
  const opened = cleanup.move();
  return {
    url: agent.url,
    token: TOKEN,
    get pid() {
      return pid;
    },
    killAndStart: async () => {
      await agent.container.kill();
      await agent.container.start();
      pid = await pidOf(agent.container);
      await agent.whenReady();
    },
    incidentsOpen: async () => openOf(await agent.text('/metrics')),
    verdict: () => verdictOf(agent.container),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Process 1 of the container is its init, which has started the agent a moment later. */
async function pidOf(container: AgentContainer['container']): Promise<number> {
  const look = async () => {
    const { Processes, Titles } = await container.top({ ps_args: '-eo pid,args' });
    const row = Processes.find(
      (each: readonly string[]) => /\bnode\b.*main\.ts/.test(each.join(' ')) && !/init/.test(each.join(' ')),
    );
    return Number(row?.[Titles.indexOf('PID')]);
  };
  return waitFor('the agent to run in its container', look, Number.isInteger, { deadlineMs: STARTED_MS });
}

function openOf(metrics: string): number {
  return Number(/^mpa_incidents_open (\d+)/m.exec(metrics)?.[1] ?? 0);
}

async function verdictOf(container: AgentContainer['container']): Promise<string> {
  const { State } = await container.inspect();
  const { memory_stats: memory } = await container.stats({ stream: false, 'one-shot': true });
  const mib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
  const kept = memory.usage - (memory.stats.total_inactive_file ?? 0);
  const killed = State.OOMKilled || State.Status !== 'running' ? `; it was ended (${State.Status})` : '';
  return `of ${mib(memory.limit)} its container has ${mib(memory.usage)} in use, without file pages that nobody needs ${mib(kept)}${killed}`;
}
