import { EngineClient } from '../agent/src/runtimes/docker/engineClient.ts';
import { parseDockerHost } from '../agent/src/runtimes/docker/host.ts';
import { ContainerLab } from '../e2e/lab/container.ts';
import { openEngine } from '../e2e/lab/engine.ts';
import type { RunningService } from '../e2e/lab/runningService.ts';

const CALL_MS_MAX = 30_000;

/** A Docker Engine with containers of this bench, all removed at its end, and calls to it that nothing is wrapped around. */
export class RealEngine implements AsyncDisposable {
  readonly lab: ContainerLab;
  readonly dockerHost: string;
  readonly #client: EngineClient;
  readonly #opened: AsyncDisposableStack;

  private constructor(lab: ContainerLab, dockerHost: string, opened: AsyncDisposableStack) {
    this.lab = lab;
    this.dockerHost = dockerHost;
    this.#client = new EngineClient(parseDockerHost(dockerHost, {}));
    this.#opened = opened;
  }

  static async open(): Promise<RealEngine> {
    await using opened = new AsyncDisposableStack();
    const engine = opened.use(await openEngine());
    const lab = opened.use(await ContainerLab.open(engine));
    return new RealEngine(lab, engine.dockerHost, opened.move());
  }

  /** `POST /containers/{id}/start`, or `restart?t=0`; resolves when the engine answered. */
  async call(id: string, what: 'start' | 'restart'): Promise<void> {
    const query = what === 'restart' ? { t: 0 } : {};
    await this.#client.act(
      { what, path: `/containers/${id}/${what}`, query },
      AbortSignal.timeout(CALL_MS_MAX),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

/** A target's configuration: the container, and a probe that says when it is well. */
export function targetFor(service: RunningService): object {
  return {
    container: service.name,
    probes: [{ type: 'http', name: 'health', url: `${service.url}/health`, timeout: '1s' }],
  };
}
