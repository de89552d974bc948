import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { choosePort } from '../demo/choosePort.ts';
import { readDemoState, writeDemoState } from '../demo/demoState.ts';
import { DockerCommand } from '../demo/dockerCommand.ts';
import { greeting } from '../demo/greeting.ts';
import type { Handover } from '../demo/handover.ts';
import { findSample, removeSample, runSample } from '../demo/sampleContainer.ts';
import { ensureSampleImage, SAMPLE_BASES } from '../demo/sampleImage.ts';
import type { Clock } from '../ports.ts';
import { DEFAULT_URL } from './apiCommand.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type DemoOptions = {
  /** Root of the repository. */
  readonly root: string;
  readonly environment: Environment;
  readonly clock: Clock;
  /** Whether a process of the sample runs, started by an agent that was killed; `folder` is that of the local runtime. */
  readonly isRunningLocally: (folder: string, name: string) => Promise<boolean>;
  /** Says what takes long or why a choice was made; one sentence. */
  readonly say: (sentence: string) => void;
  /** Images to build the sample's on, for a machine that has none of the usual ones. Default: the official ones of Node. */
  readonly bases?: readonly string[];
};

/** What `npm start` runs. */
export type Demo = {
  readonly configFile: string;
  /** The environment with which the configuration is to be loaded. */
  readonly environment: Environment;
  readonly runtime: 'docker' | 'local';
  /** Where the journal, records and logs are; ignored by Git. */
  readonly stateFolder: string;
  /** Where the local runtime keeps its records, beside the journal. */
  readonly localFolder: string;
  /** Name of the sample's target. */
  readonly target: string;
  /** To be shown when the agent listens; with what an earlier run gave to a person, or null. */
  readonly greeting: (handover: Handover | null) => string;
  /**
   * Removes the sample's container; processes are ended by the local runtime's `stopAll`. To be called only by an
   * agent that had really begun: one that found another at work must leave that one's sample alone.
   */
  readonly stop: () => Promise<void>;
};

const SAMPLE = 'sample';
const AGENT_PORT = 8787;
const SAMPLE_PORT = 8788;

/**
 * Chooses how the sample service is run and prepares it: as a container where a Docker Engine of this machine answers
 * and the image can be had, else as a process, which the agent starts itself. A sample that is left of an agent that
 * was killed is kept as it is, also when it is broken: its recovery goes on.
 */
export async function prepareDemo(options: DemoOptions): Promise<Demo> {
  const root = await realpath(options.root);
  const stateFolder = join(root, '.mpa');
  const localFolder = join(stateFolder, 'processes');
  const id = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const sample = await placeSample({ ...options, root, stateFolder, localFolder, id });
  await writeDemoState(stateFolder, sample);

  const { environment } = options;
  const listen = environment['MPA_LISTEN'] || `127.0.0.1:${await choosePort(AGENT_PORT)}`;
  const agentUrl = `http://${listen}`;
  return {
    configFile: join(root, 'mpa.yml'),
    environment: {
      ...environment,
      MPA_LISTEN: listen,
      MPA_SAMPLE_RUNTIME: sample.runtime,
      MPA_SAMPLE_PORT: String(sample.samplePort),
      MPA_SAMPLE_ID: id,
      // The one that runs us: another on the PATH may be too old for the sample.
      MPA_NODE: process.execPath,
    },
    runtime: sample.runtime,
    stateFolder,
    localFolder,
    target: SAMPLE,
    greeting: (handover) =>
      greeting(
        {
          agentUrl,
          sampleUrl: `http://127.0.0.1:${sample.samplePort}`,
          where: sample.where,
          target: SAMPLE,
          isUsualUrl: (environment['MPA_URL'] ?? DEFAULT_URL) === agentUrl,
        },
        handover,
      ),
    stop: async () => {
      if (sample.runtime === 'docker') await removeSample(new DockerCommand(environment), id);
    },
  };
}

type Placing = DemoOptions & {
  readonly stateFolder: string;
  readonly localFolder: string;
  readonly id: string;
};

type Placed = {
  readonly runtime: 'docker' | 'local';
  readonly samplePort: number;
  readonly where: string;
};

async function placeSample(placing: Placing): Promise<Placed> {
  const { environment, localFolder, stateFolder, isRunningLocally } = placing;
  const last = await readDemoState(stateFolder);
  if (last?.runtime === 'local' && (await isRunningLocally(localFolder, SAMPLE))) {
    return { ...last, where: 'a process of this machine that was still running' };
  }
  try {
    return await placeInContainer(placing);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const samplePort = Number(environment['MPA_SAMPLE_PORT']) || (await choosePort(SAMPLE_PORT));
    placing.say(`The sample is run as a process, not as a container: ${why}.`);
    return { runtime: 'local', samplePort, where: 'a process of this machine' };
  }
}

/** Rejects with the reason why it cannot be a container. */
async function placeInContainer({ environment, clock, say, root, id, ...rest }: Placing): Promise<Placed> {
  if (environment['MPA_SAMPLE_RUNTIME'] === 'local') throw new Error('MPA_SAMPLE_RUNTIME says so');
  const docker = new DockerCommand(environment);
  const found = await findSample(docker, id).catch((error: unknown) => {
    throw new Error(`no Docker Engine answers (${error instanceof Error ? error.message : error})`);
  });
  const folder = join(root, 'agent', 'sample');
  const image = await ensureSampleImage({ docker, folder, bases: rest.bases ?? SAMPLE_BASES, say });
  if (found?.image === image && found.port > 0) {
    return { runtime: 'docker', samplePort: found.port, where: `the container mpa-sample-${id}` };
  }
  await removeSample(docker, id);
  const port = Number(environment['MPA_SAMPLE_PORT']) || (await choosePort(SAMPLE_PORT));
  await runSample(docker, { id, image, port, clock });
  return { runtime: 'docker', samplePort: port, where: `the container mpa-sample-${id}` };
}
