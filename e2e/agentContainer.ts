import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { buildAgentImage } from '../scripts/agentImage.ts';
import type { JournalEntry, ListedIncident } from './agentProcess.ts';
import type { ContainerLab } from './lab/container.ts';
import type { Engine } from './lab/engine.ts';
import { freePort } from './lab/freePort.ts';
import { baseImage } from './lab/image.ts';
import { waitFor } from './lab/waitFor.ts';

/** The image under test; it stays for the next run, and what has not changed in it is not built again. */
const AGENT_IMAGE = 'mpa-lab/agent:test';
/** What it asks for, of senders and of people. */
export const TOKEN = 'of-the-image-test';
const REQUEST_MS = 5_000;
/** After a storm there is much of a journal to fold. */
const READY_MS = 90_000;

/** Builds the image of the sources as they are now, on the lab's base. */
export async function ensureAgentImage({ docker, dockerHost }: Engine): Promise<void> {
  const environment = { ...process.env, DOCKER_HOST: dockerHost };
  await buildAgentImage({ tag: AGENT_IMAGE, base: baseImage, labels: { 'mpa.lab': '1' }, environment });
  // The one of the run before has lost its name with the build.
  await docker.pruneImages({ filters: { dangling: ['true'], label: ['mpa.lab=1'] } });
}

/** How the agent's container differs from the one that the documentation asks for. */
export type AgentContainerOptions = {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  /** Default true. */
  readonly init?: boolean;
  /** Whether the group that owns the socket is given to it. Default true. */
  readonly socketGroup?: boolean;
  /** Socket on this machine in place of the engine's own. */
  readonly socketPath?: string;
  readonly restartPolicy?: 'no' | 'always';
  readonly env?: readonly string[];
  /** Limit of its memory, bytes; default: none. */
  readonly memoryBytes?: number;
  /** Further files of this machine, as Docker's binds. */
  readonly binds?: readonly string[];
};

/** The agent as its users run it: the image, not root, a read-only root file system, the engine's socket. */
export class AgentContainer implements AsyncDisposable {
  readonly container: Docker.Container;
  readonly url: string;
  readonly name: string;
  readonly #folder: string;

  private constructor(container: Docker.Container, name: string, port: number, folder: string) {
    this.container = container;
    this.name = name;
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = folder;
  }

  /** @param configuration Everything but `server`, which is the suite's own; JSON is YAML. */
  static async create(
    { dockerHost }: Engine,
    lab: ContainerLab,
    configuration: object,
    options: AgentContainerOptions,
  ): Promise<AgentContainer> {
    const folder = await mkdtemp(join(tmpdir(), 'mpa-agent-image-'));
    await using cleanup = new AsyncDisposableStack();
    cleanup.defer(() => rm(folder, { recursive: true, force: true }));
    // The agent in the container is another user.
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'token'), TOKEN);
    const tokens = ['token'];
    const server = { listen: '0.0.0.0:8787', webhook_token_files: tokens, operator_token_files: tokens };
    await writeFile(join(folder, 'mpa.yml'), JSON.stringify({ server, ...configuration }, null, 2));

    const socket = dockerHost.slice('unix://'.length);
    const { gid } = await stat(options.socketPath ?? socket);
    const port = await freePort();
    const name = `${lab.runId}-${options.name}`;
    const container = await lab.docker.createContainer({
      Image: AGENT_IMAGE,
      name,
      Labels: { ...options.labels, ...lab.labels },
      Env: [...(options.env ?? [])],
      ExposedPorts: { '8787/tcp': {} },
      ...(options.hostname === undefined ? {} : { Hostname: options.hostname }),
      HostConfig: {
        Init: options.init ?? true,
        ...(options.memoryBytes === undefined
          ? {}
          : { Memory: options.memoryBytes, MemorySwap: options.memoryBytes }),
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        Tmpfs: { '/tmp': 'rw,noexec,nosuid,size=16m' },
        GroupAdd: options.socketGroup === false ? [] : [String(gid)],
        PortBindings: { '8787/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
        RestartPolicy: { Name: options.restartPolicy ?? 'no' },
        Binds: [
          `${folder}:/etc/mpa:ro`,
          `${options.socketPath ?? socket}:/var/run/docker.sock`,
          ...(options.binds ?? []),
        ],
        // Its own volume, as Compose would make it; removed with the container.
        Mounts: [{ Type: 'volume', Source: `${name}-data`, Target: '/data', VolumeOptions: labelled(lab) }],
      },
    });
    cleanup.move();
    return new AgentContainer(container, name, port, folder);
  }

  get id(): string {
    return this.container.id;
  }

  inspect(): Promise<Docker.ContainerInspectInfo> {
    return this.container.inspect();
  }

  /** Until it takes signals; fails with what it said when it ends before that. */
  async whenReady(): Promise<void> {
    const look = async (signal: AbortSignal) => {
      const { State } = await this.inspect();
      if (State.Status === 'exited') throw new Error(`it ended (${State.ExitCode}): ${await this.log()}`);
      return (await fetch(`${this.url}/-/ready`, { signal })).ok;
    };
    await waitFor(`${this.name} to be ready`, look, (ready) => ready, { deadlineMs: READY_MS });
  }

  /** Until its container has ended for good; answers with the exit code. */
  async whenEnded(): Promise<number> {
    const look = async () => (await this.inspect()).State;
    const { ExitCode } = await waitFor(`${this.name} to end`, look, ({ Status }) => Status === 'exited', {
      deadlineMs: READY_MS,
    });
    return ExitCode;
  }

  /** What it logged so far, on both of its outputs. */
  async log(): Promise<string> {
    // Without `follow` it is the whole answer; frames of 8 bytes stand between the lines, which no test minds.
    const bytes = (await this.container.logs({ stdout: true, stderr: true, follow: false })) as Buffer;
    return bytes.toString('utf8');
  }

  async text(path: string): Promise<string> {
    return (await this.#call(path, {})).text();
  }

  async get(path: string): Promise<unknown> {
    return (await this.#call(path, {})).json();
  }

  async post(path: string, body: object): Promise<Response> {
    return this.#call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** Sends alerts as Alertmanager would. */
  async alert(...labels: readonly Readonly<Record<string, string>>[]): Promise<void> {
    const startsAt = new Date().toISOString();
    const alerts = labels.map((each) => ({
      status: 'firing',
      labels: each,
      annotations: {},
      startsAt,
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: '',
      fingerprint: `lab-${JSON.stringify(each)}`,
    }));
    const group = {
      groupKey: '{}',
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      externalURL: '',
    };
    const message = {
      version: '4',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'agent',
      ...group,
      alerts,
    };
    await (await this.post('/webhooks/alertmanager', message)).text();
  }

  async incidents(): Promise<readonly ListedIncident[]> {
    // The API's own schema is proved elsewhere; here its fields are only compared.
    return ((await this.get('/api/v1/incidents')) as { incidents: ListedIncident[] }).incidents;
  }

  async journal(incident: string): Promise<readonly JournalEntry[]> {
    return ((await this.get(`/api/v1/incidents/${incident}`)) as { entries: JournalEntry[] }).entries;
  }

  /** Waits until a target's newest incident is as wanted, and answers it. */
  async whenIncident(
    target: string | null,
    accept: (incident: ListedIncident) => boolean,
    deadlineMs = 60_000,
  ): Promise<ListedIncident> {
    const newest = async () => (await this.incidents()).filter((incident) => incident.target === target);
    const [found] = await waitFor(
      `an incident of ${target}`,
      newest,
      ([first]) => first !== undefined && accept(first),
      { deadlineMs },
    );
    if (found === undefined) throw new Error('accepted above');
    return found;
  }

  /** The value of the first series whose line fits. */
  async metric(line: RegExp): Promise<number> {
    const text = await (await this.#call('/metrics', {})).text();
    return Number(
      text
        .split('\n')
        .find((candidate) => line.test(candidate))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  }

  async #call(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(`${this.url}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${TOKEN}` },
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response;
  }

  /** The container goes with its lab; this removes what lies on this machine. */
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function labelled({ labels }: ContainerLab): Docker.MountSettings['VolumeOptions'] {
  return { NoCopy: false, Labels: { ...labels }, DriverConfig: { Name: 'local', Options: {} } };
}
