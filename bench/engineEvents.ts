import { createInterface } from 'node:readline';
import type { ContainerLab } from '../e2e/lab/container.ts';
import { within } from './time.ts';

const EVENT_MS_MAX = 15_000;

type Happened = { readonly id: string; readonly action: string; readonly wallMs: number };

/** What a Docker Engine tells of the containers of a lab, with the engine's own times. */
export class EngineEvents implements Disposable {
  readonly #stream: NodeJS.ReadableStream;
  readonly #waiting = new Map<string, (event: Happened) => void>();

  private constructor(stream: NodeJS.ReadableStream) {
    this.#stream = stream;
    stream.on('error', () => undefined); // Whoever waits for an event has a deadline.
    createInterface({ input: stream }).on('line', (line) => this.#take(line));
  }

  static async open(lab: ContainerLab): Promise<EngineEvents> {
    const filters = JSON.stringify({ type: ['container'], label: [`mpa.lab=${lab.runId}`] });
    return new EngineEvents(await lab.docker.getEvents({ filters }));
  }

  /** The wall-clock time, milliseconds, of the next event of this kind of the container. */
  async next(id: string, action: string): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<Happened>();
    this.#waiting.set(`${action} ${id}`, resolve);
    return (await within(EVENT_MS_MAX, `the event ${action}`, promise)).wallMs;
  }

  #take(line: string): void {
    // What Docker says of an event, as far as it is used here.
    const { id, Action, timeNano } = JSON.parse(line) as { id: string; Action: string; timeNano: number };
    const key = `${Action} ${id}`;
    this.#waiting.get(key)?.({ id, action: Action, wallMs: timeNano / 1e6 });
    this.#waiting.delete(key);
  }

  [Symbol.dispose](): void {
    if ('destroy' in this.#stream && typeof this.#stream.destroy === 'function') this.#stream.destroy();
  }
}
