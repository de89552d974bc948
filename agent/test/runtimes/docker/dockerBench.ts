import { ContainerLab } from '../../../../e2e/lab/container.ts';
import { openEngine } from '../../../../e2e/lab/engine.ts';
import type { ServiceOptions } from '../../../../e2e/lab/serviceOptions.ts';
import { waitFor } from '../../../../e2e/lab/waitFor.ts';
import { DEFAULT_VERIFICATION } from '../../../src/core/settings.ts';
import type { Instance, Selector, Target } from '../../../src/core/target.ts';
import { type DiscoveryOptions, NO_DISCOVERY } from '../../../src/runtimes/docker/discovery.ts';
import { DockerRuntime } from '../../../src/runtimes/docker/dockerRuntime.ts';
import { EngineClient } from '../../../src/runtimes/docker/engineClient.ts';
import { parseDockerHost } from '../../../src/runtimes/docker/host.ts';
import type { RuntimeBench, ServiceUnderTest, ServiceWish } from '../../contracts/runtime.ts';
import { sampleTarget } from '../../fakes/target.ts';

/** Ample time for one call to the engine. */
export const soon = () => AbortSignal.timeout(20_000);

/** A target with nothing but its selector. */
export function targetOf(name: string, selector: Selector): Target {
  return sampleTarget({ name, selector });
}

/** The Docker runtime on a real engine, and containers of this run for it to look after. */
export class DockerBench implements RuntimeBench {
  readonly lab: ContainerLab;
  /** As DOCKER_HOST says it. */
  readonly dockerHost: string;
  readonly client: EngineClient;
  readonly runtime: DockerRuntime;
  readonly absent: Target;
  readonly #cleanup: AsyncDisposableStack;

  private constructor(lab: ContainerLab, dockerHost: string, cleanup: AsyncDisposableStack) {
    this.lab = lab;
    this.dockerHost = dockerHost;
    this.client = new EngineClient(parseDockerHost(dockerHost, {}));
    this.runtime = this.runtimeWith(NO_DISCOVERY);
    this.absent = this.byName(`${lab.runId}-absent`);
    this.#cleanup = cleanup;
  }

  static async open(): Promise<DockerBench> {
    await using cleanup = new AsyncDisposableStack();
    const engine = cleanup.use(await openEngine());
    const lab = cleanup.use(await ContainerLab.open(engine));
    return new DockerBench(lab, engine.dockerHost, cleanup.move());
  }

  runtimeWith(discovery: DiscoveryOptions): DockerRuntime {
    return new DockerRuntime(this.client, {
      discovery,
      context: { configured: [], verification: DEFAULT_VERIFICATION },
    });
  }

  byName(name: string): Target {
    return targetOf(name, { by: 'container-name', name });
  }

  /** Runs a shell script as a container and answers with its only instance. */
  async runScript(script: string, options: ServiceOptions = {}): Promise<Instance> {
    const command = ['sh', '-c', script];
    const { name } = await this.lab.runService({ healthcheck: 'none', publish: false, ...options, command });
    return await this.look(name);
  }

  /** The instance of this container name as it is now. */
  async look(name: string): Promise<Instance> {
    const [instance] = await this.runtime.instances(this.byName(name), soon());
    if (instance === undefined) throw new Error(`there is no container ${name}`);
    return instance;
  }

  /** Runs a shell script inside of a running container, and does not wait for its end. */
  async exec(instance: Instance, script: string): Promise<void> {
    const exec = await this.lab.docker.getContainer(instance.id).exec({ Cmd: ['sh', '-c', script] });
    // An answer that nobody reads would keep its connection, and the test process, open.
    (await exec.start({ Detach: true })).resume();
  }

  async run(wish: ServiceWish): Promise<ServiceUnderTest> {
    const instance = await this.runScript(scriptOf(wish));
    const crash = () => this.exec(instance, ': > /tmp/crash');
    return { target: this.byName(instance.name), crash };
  }

  async vanished(): Promise<Instance> {
    const instance = await this.runScript('sleep 60');
    await this.lab.docker.getContainer(instance.id).remove({ force: true });
    return instance;
  }

  deadline(ms: number): AbortSignal {
    return AbortSignal.timeout(ms);
  }

  eventually<T>(what: string, look: () => Promise<T>, accept: (seen: T) => boolean): Promise<T> {
    return waitFor(what, look, accept, { deadlineMs: 20_000 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cleanup.disposeAsync();
  }
}

/** PID 1 has no default for SIGTERM: without a trap it would ignore it. */
function scriptOf({ prints, ignoresSigterm }: ServiceWish): string {
  return [
    `trap 'echo SIGTERM; ${ignoresSigterm ? ':' : 'exit 0'}' TERM`,
    ...prints.map((line) => `echo ${line}`),
    'while :; do',
    '  if [ -e /tmp/crash ]; then rm /tmp/crash; exit 3; fi',
    '  sleep 0.05',
    'done',
  ].join('\n');
}
