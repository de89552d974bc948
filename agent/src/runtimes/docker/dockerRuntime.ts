import { assert } from '../../core/assert.ts';
import type { EvidencePiece } from '../../core/evidence.ts';
import type { Instance, Target } from '../../core/target.ts';
import { MpaError, RuntimeError } from '../../errors.ts';
import type { Excerpt, LogOptions, Resources, Runtime } from '../../ports.ts';
import { inspectContainer, listContainers, pathOf, readStats } from './containers.ts';
import { type DiscoveryContext, type DiscoveryOptions, discoverTargets } from './discovery.ts';
import type { EngineClient } from './engineClient.ts';
import type { Inspected } from './engineSchema.ts';
import { readEvents } from './events.ts';
import { healthEvidence, inspectEvidence, logEvidence, statsEvidence } from './evidence.ts';
import { toInstance } from './instance.ts';
import { isOneoff, isSwarmTask, TARGET_LABEL } from './labels.ts';
import { LogCollector } from './logText.ts';
import { NO_RESOURCES, toResources } from './resources.ts';
import { selectionOf } from './selection.ts';
import { sharedNetworkOf, strandedBy } from './sharedNetwork.ts';

/** How much of the logs is kept as evidence of one instance. */
const EVIDENCE_LOGS: LogOptions = { lines: 1_000, since: null, maxBytes: 128 * 1024 };
/** Instances of one target that are looked at; more is not a service but a mistake in its selector. */
const INSTANCES_MAX = 200;
/** Containers that are inspected at the same time. */
const CONCURRENT_MAX = 8;

/** What the runtime needs besides the engine. */
export type DockerRuntimeOptions = {
  readonly discovery: DiscoveryOptions;
  readonly context: DiscoveryContext;
};

/** Containers of one Docker Engine as instances of targets. */
export class DockerRuntime implements Runtime {
  readonly name = 'docker';
  readonly #client: EngineClient;
  readonly #options: DockerRuntimeOptions;

  constructor(client: EngineClient, options: DockerRuntimeOptions) {
    this.#client = client;
    this.#options = options;
  }

  async discover(signal: AbortSignal): Promise<readonly Target[]> {
    const { discovery, context } = this.#options;
    const isConfigured = context.configured.some(({ runtime }) => runtime === 'docker');
    if (discovery.by.length === 0 && !isConfigured) return [];
    // What a configured target depends on stands on containers that bear no label.
    const byLabel = !isConfigured && discovery.by.every((by) => by === 'label') && !discovery.importLabels;
    const containers = await listContainers(this.#client, byLabel ? [TARGET_LABEL] : [], signal);
    return discoverTargets(containers, discovery, context);
  }

  async instances(target: Target, signal: AbortSignal): Promise<readonly Instance[]> {
    const selection = selectionOf(target.selector);
    const containers =
      selection.by === 'name'
        ? await this.#byName(selection.name, signal)
        : await this.#byLabels(selection.labels, target.name, signal);
    const wanted = containers.filter(({ Config }) => !isOneoff(Config.Labels));
    const instances = await Promise.all(wanted.map((container) => this.#withNetwork(container, signal)));
    return instances.sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async evidence(
    instance: Instance,
    found: (item: EvidencePiece) => void,
    signal: AbortSignal,
    failedAt: number | null,
  ): Promise<{ readonly missing: readonly string[] }> {
    const missing: string[] = [];
    const piece = async (name: string, gather: () => Promise<void>) => {
      try {
        await gather();
      } catch (error) {
        if (!(error instanceof MpaError)) throw error;
        missing.push(`${name} of ${instance.name}: ${error.detail}`);
      }
    };
    const inspecting = inspectContainer(this.#client, instance.id, signal);
    await Promise.all([
      piece('state', async () => {
        const container = await inspecting;
        found(inspectEvidence(instance, container));
        const health = healthEvidence(instance, container);
        if (health !== null) found(health);
      }),
      piece('logs', async () => {
        const collector = await this.#collect(instance, inspecting, EVIDENCE_LOGS, failedAt !== null, signal);
        for (const logs of logEvidence(instance, collector, EVIDENCE_LOGS.lines, failedAt)) found(logs);
      }),
      piece('stats', async () => {
        const { State, HostConfig } = await inspecting;
        if (State.Status !== 'running') return;
        found(
          statsEvidence(
            instance,
            await readStats(this.#client, instance.id, true, signal),
            HostConfig.Memory,
          ),
        );
      }),
    ]);
    return { missing };
  }

  async logs(instance: Instance, options: LogOptions, signal: AbortSignal): Promise<Excerpt> {
    const inspecting = inspectContainer(this.#client, instance.id, signal);
    const collector = await this.#collect(instance, inspecting, options, false, signal);
    return collector.finish(options.lines);
  }

  events(
    instance: Instance,
    range: { readonly fromMs: number; readonly toMs: number },
    signal: AbortSignal,
  ): Promise<Excerpt> {
    return readEvents(this.#client, instance, range, signal);
  }

  async resources(instance: Instance, signal: AbortSignal, only?: 'memory'): Promise<Resources> {
    const { State, HostConfig } = await inspectContainer(this.#client, instance.id, signal);
    if (State.Status !== 'running') return NO_RESOURCES;
    const stats = await readStats(this.#client, instance.id, only === 'memory', signal);
    return toResources(stats, HostConfig.Memory);
  }

  /** The stop timeout is always sent: without it the container's own holds, which can be anything, or for ever. */
  async restart(
    instance: Instance,
    { stopTimeoutMs }: { readonly stopTimeoutMs: number },
    signal: AbortSignal,
  ): Promise<void> {
    assert(stopTimeoutMs >= 0 && Number.isFinite(stopTimeoutMs), 'a stop timeout is not negative');
    const query = { t: Math.ceil(stopTimeoutMs / 1_000) };
    const call = { what: `restart ${instance.name}`, path: pathOf(instance.id, 'restart'), query };
    await this.#client.act(call, signal);
  }

  /**
   * Resolves only when a process runs: to a container that its restart policy holds back, the engine says
   * "already started".
   */
  async start(instance: Instance, signal: AbortSignal): Promise<void> {
    const what = `start ${instance.name}`;
    const status = await this.#client.act({ what, path: pathOf(instance.id, 'start') }, signal);
    if (status !== 304) return;
    const { State } = await inspectContainer(this.#client, instance.id, signal);
    if (State.Status === 'running') return;
    const why =
      State.Status === 'restarting'
        ? 'the restart policy holds it back between two attempts; a restart ends that'
        : `it is ${State.Status}`;
    throw new RuntimeError('RUNTIME_FAILED', `${what}: nothing was started, ${why}`, 'no');
  }

  /** Nothing is kept open between calls. */
  async close(): Promise<void> {}

  /** Where it shares another's network, that one is looked at, too: its end is the end of both their networks. */
  async #withNetwork(container: Inspected, signal: AbortSignal): Promise<Instance> {
    const parent = sharedNetworkOf(container.HostConfig.NetworkMode);
    if (parent === null) return toInstance(container);
    const stranded = strandedBy(container, await this.#unlessGone(parent, signal));
    return { ...toInstance(container), ...(stranded === null ? {} : { stranded }) };
  }

  async #byName(name: string, signal: AbortSignal): Promise<readonly Inspected[]> {
    const container = await this.#unlessGone(name, signal);
    // The engine also takes the beginning of an id for a name.
    return container?.Name === name ? [container] : [];
  }

  async #byLabels(
    labels: readonly string[],
    target: string,
    signal: AbortSignal,
  ): Promise<readonly Inspected[]> {
    assert(labels.length > 0, 'a selection without a filter would be all containers');
    const found = await listContainers(this.#client, labels, signal);
    // Swarm replaces the containers of its tasks itself; whoever names one outright may have it all the same.
    const ids = found.filter(({ Labels }) => !isOneoff(Labels) && !isSwarmTask(Labels)).map(({ Id }) => Id);
    if (ids.length > INSTANCES_MAX) {
      const detail = `${target} has ${ids.length} instances; more than ${INSTANCES_MAX} are not looked after`;
      throw new RuntimeError('RUNTIME_FAILED', detail, 'no');
    }
    const containers: Inspected[] = [];
    for (let at = 0; at < ids.length; at += CONCURRENT_MAX) {
      const some = ids.slice(at, at + CONCURRENT_MAX).map((id) => this.#unlessGone(id, signal));
      for (const container of await Promise.all(some)) if (container !== null) containers.push(container);
    }
    return containers;
  }

  async #unlessGone(idOrName: string, signal: AbortSignal): Promise<Inspected | null> {
    try {
      return await inspectContainer(this.#client, idOrName, signal);
    } catch (error) {
      // Removed since it was listed, or never there: it is no instance, and that is the answer.
      if (error instanceof RuntimeError && error.code === 'RUNTIME_GONE') return null;
      throw error;
    }
  }

  async #collect(
    instance: Instance,
    inspecting: Promise<Inspected>,
    { lines, since, until, maxBytes }: LogOptions,
    timestamps: boolean,
    signal: AbortSignal,
  ): Promise<LogCollector> {
    const query = {
      stdout: true,
      stderr: true,
      // One more than wanted tells whether there was more.
      tail: lines + 1,
      since: since === null ? undefined : (since / 1_000).toFixed(3),
      until: until === undefined ? undefined : (until / 1_000).toFixed(3),
      timestamps: timestamps ? true : undefined,
    };
    const call = { what: `logs of ${instance.name}`, path: pathOf(instance.id, 'logs'), query };
    // Both at once, for this is on the way to the restart; the stream has an end of its own if the other call fails.
    const over = new AbortController();
    try {
      const opening = this.#client.stream(call, AbortSignal.any([signal, over.signal]));
      const [{ Config }, chunks] = await Promise.all([inspecting, opening]);
      const bounds = { framed: !Config.Tty, bytesMax: maxBytes };
      const collector = new LogCollector(timestamps ? { ...bounds, timestamped: { lines } } : bounds);
      for await (const chunk of chunks) collector.push(chunk);
      return collector;
    } finally {
      over.abort(new Error('the logs are read'));
    }
  }
}
