import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { JournalEntry, ListedIncident } from '../agentProcess.ts';
import { compose } from '../lab/compose.ts';
import { ContainerLab } from '../lab/container.ts';
import type { Engine } from '../lab/engine.ts';
import { freePort } from '../lab/freePort.ts';
import { getJson } from '../lab/getJson.ts';
import { happenedTo } from '../lab/happenedTo.ts';
import { repositoryFolder } from '../lab/labFolder.ts';
import { waitFor } from '../lab/waitFor.ts';
import { ensureStackImages } from './images.ts';
import { writeStackFiles } from './stackFiles.ts';

export type StackService =
  | 'market-programmer-agent'
  | 'socket-proxy'
  | 'market-predictor'
  | 'prometheus'
  | 'alertmanager'
  | 'receiver';

/** What somebody outside was told. */
export type Told = {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Name of the secret that holds the address. */
  readonly to: string;
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly startsAt: string;
  }[];
};

const REQUEST_MS = 10_000;
const PORTS = {
  MPA_PORT: 'market-programmer-agent',
  PREDICTOR_PORT: 'market-predictor',
  PROMETHEUS_PORT: 'prometheus',
  ALERTMANAGER_PORT: 'alertmanager',
  MPA_LAB_RECEIVER_PORT: 'receiver',
} as const;

/** The stack of docker-compose.yml, brought up by Compose on the lab's engine; it is gone after its disposal. */
export class Stack implements AsyncDisposable {
  readonly docker: Docker;
  readonly project: string;
  readonly #engine: Engine;
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(engine: Engine, project: string, folder: string, environment: Record<string, string>) {
    this.#engine = engine;
    this.docker = engine.docker;
    this.project = project;
    this.#folder = folder;
    this.#environment = environment;
  }

  /** Builds the images, and brings everything up until it is healthy. */
  static async up(engine: Engine): Promise<Stack> {
    await ensureStackImages(engine);
    await using cleanup = new AsyncDisposableStack();
    const lab = cleanup.use(await ContainerLab.open(engine));
    const folder = await mkdtemp(join(tmpdir(), 'mpa-stack-'));
    cleanup.defer(() => rm(folder, { recursive: true, force: true }));
    await writeStackFiles(folder);
    const ports = await Promise.all(Object.keys(PORTS).map(async (name) => [name, String(await freePort())]));
    const environment: Record<string, string> = {
      ...Object.fromEntries(ports),
      MPA_LAB_RUN: lab.runId,
      MPA_LAB_FOLDER: folder,
      MPA_DOCKER_SOCKET: engine.dockerHost.slice('unix://'.length),
      COMPOSE_PROFILES: '',
      PREDICTOR_SAMPLE: 'true',
      PREDICTOR_CLOCK_AT: '2020-04-18T00:00:00Z',
      PREDICTOR_ALLOW_FAULTS: 'true',
    };
    const stack = new Stack(engine, lab.runId, folder, environment);
    try {
      await stack.compose('up', '--detach', '--no-build', '--wait', '--wait-timeout', '90');
    } catch (error) {
      // Compose names the one that did not become healthy; why, it said itself.
      throw new Error(await stack.compose('logs', '--tail', '20', '--no-color'), { cause: error });
    }
    const owned = cleanup.move();
    stack.#dispose = () => owned.disposeAsync();
    return stack;
  }
  #dispose: () => Promise<void> = async () => undefined;

  /** Runs a command of `docker compose` on this project. */
  compose(...args: readonly string[]): Promise<string> {
    const files = ['docker-compose.yml', 'e2e/stack/compose.lab.yml'].flatMap((file) => [
      '--file',
      join(repositoryFolder, file),
    ]);
    // A .env of whoever works here is not the suite's.
    const all = ['--project-name', this.project, '--env-file', '/dev/null', ...files, ...args];
    return compose(this.#engine, all, this.#environment);
  }

  /** Where a service is reached from here. */
  url(service: StackService): string {
    const name = Object.entries(PORTS).find(([, published]) => published === service)?.[0];
    if (name === undefined) throw new Error(`${service} is not published`);
    return `http://127.0.0.1:${this.#environment[name]}`;
  }

  secret(name: string): string {
    return readFileSync(join(this.#folder, 'secrets', name), 'utf8').trim();
  }

  container(service: StackService): Docker.Container {
    return this.docker.getContainer(`${this.project}-${service}-1`);
  }

  inspect(service: StackService): Promise<Docker.ContainerInspectInfo> {
    return this.container(service).inspect();
  }

  /** What the engine did to a service's container since then (seconds since the epoch), in order. */
  async happened(service: StackService, since: number): Promise<readonly string[]> {
    const all = await happenedTo(this.docker, `${this.project}-${service}-1`, since);
    return all.map(({ action }) => action);
  }

  async whenHealthy(service: StackService): Promise<void> {
    const look = async () => (await this.inspect(service)).State;
    const healthy = (state: Docker.ContainerInspectInfo['State']) =>
      state.Status === 'running' && state.Health?.Status === 'healthy';
    await waitFor(`${service} to be healthy`, look, healthy, { deadlineMs: 60_000, everyMs: 100 });
  }

  /** Until the predictor is healthy, nothing fires that the agent is sent, and it is idle. */
  async whenWell(): Promise<void> {
    await this.whenHealthy('market-predictor');
    const look = async () => ({
      firing: await this.firing('recovery'),
      scraped: await this.#scraped(),
      open: (await this.incidents()).filter(({ phase }) => phase !== 'ended'),
    });
    const well = ({ firing, scraped, open }: Awaited<ReturnType<typeof look>>) =>
      firing.length === 0 && scraped && open.length === 0;
    await waitFor('everything to be well', look, well, { deadlineMs: 60_000, everyMs: 200 });
  }

  async #scraped(): Promise<boolean> {
    const query = encodeURIComponent('sum(up) == 4');
    const answer = (await getJson(`${this.url('prometheus')}/api/v1/query?query=${query}`)) as {
      data: { result: readonly unknown[] };
    };
    return answer.data.result.length > 0;
  }

  /** Gives the predictor a series more. */
  async addSeries(symbol: string, bars: readonly object[]): Promise<void> {
    await this.#call('market-predictor', `/v1/series/${symbol}/bars`, 'predictor_token', { bars });
  }

  /** Breaks the predictor. */
  async fault(body: { readonly kind: string } & Readonly<Record<string, unknown>>): Promise<void> {
    await this.#call('market-predictor', '/v1/faults', 'predictor_token', body);
  }

  /** Sets the agent's mode over the predictor; null takes it back. */
  async mode(mode: 'off' | null): Promise<void> {
    const word = { target: 'market-predictor', mode, who: 'e2e', reason: 'a repair by hand' };
    await this.#call('market-programmer-agent', '/api/v1/mode', 'mpa_operator_token', word);
  }

  async incidents(): Promise<readonly ListedIncident[]> {
    // The API's own schema is proved elsewhere; here its fields are only compared.
    const answer = (await this.#agent('/api/v1/incidents')) as { incidents: ListedIncident[] };
    return answer.incidents;
  }

  async journal(incident: string): Promise<readonly JournalEntry[]> {
    return ((await this.#agent(`/api/v1/incidents/${incident}`)) as { entries: JournalEntry[] }).entries;
  }

  /** Waits until an incident that is not among these has gone as far as wanted. */
  async whenIncident(
    known: readonly ListedIncident[],
    accept: (incident: ListedIncident) => boolean,
    deadlineMs = 90_000,
  ): Promise<ListedIncident> {
    const ids = new Set(known.map(({ id }) => id));
    const look = async () => (await this.incidents()).filter(({ id }) => !ids.has(id));
    const seen = await waitFor('a new incident', look, (found) => found.some(accept), {
      deadlineMs,
      everyMs: 100,
    });
    const incident = seen.find(accept);
    if (incident === undefined) throw new Error('accepted above');
    return incident;
  }

  /** As `whenWell`, and nothing is about to fire either: what comes next begins with nothing of what was before. */
  async whenCalm(): Promise<void> {
    await this.whenWell();
    const look = () => this.firing('recovery', ['firing', 'pending']);
    await waitFor('no alert to be pending', look, (alerts) => alerts.length === 0, { deadlineMs: 60_000 });
  }

  /** Alerts that fire now, by Prometheus; those with a label alone, where one is named. */
  async firing(label = 'alertname', states: readonly string[] = ['firing']): Promise<readonly string[]> {
    const answer = (await getJson(`${this.url('prometheus')}/api/v1/alerts`)) as {
      data: { alerts: { state: string; labels: Record<string, string> }[] };
    };
    return answer.data.alerts
      .filter(({ state, labels }) => states.includes(state) && label in labels)
      .map(({ labels }) => labels['alertname'] ?? '');
  }

  /** Everything that people, the dead man's switch and who watches the agent were told, in order. */
  async told(): Promise<readonly Told[]> {
    const messages = (await getJson(this.url('receiver'))) as {
      at: number;
      path: string;
      body: { alerts?: Told['alerts'] };
    }[];
    return messages.map(({ at, path, body }) => ({ at, to: path.slice(1), alerts: body.alerts ?? [] }));
  }

  #agent(path: string): Promise<unknown> {
    return this.#call('market-programmer-agent', path, 'mpa_operator_token');
  }

  async #call(service: StackService, path: string, token: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.url(service)}${path}`, {
      signal: AbortSignal.timeout(REQUEST_MS),
      headers: { authorization: `Bearer ${this.secret(token)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 500)}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Ends everything, and removes containers, networks, volumes and files, all of which carry the run's label. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#dispose();
  }
}
