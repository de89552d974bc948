import type { Clock } from '../ports.ts';
import { ContainerBook, type ListedContainer } from './containerBook.ts';
import { DOCKER_EVENT_FILTER, type DockerEvent, readDockerEvent } from './dockerEvent.ts';
import { type EngineHistory, engineStops } from './engineStops.ts';
import { linesOf } from './lines.ts';

/** What the source needs of an engine. */
export type EventEngine = {
  /** `GET /events` with these parameters; resolves when the engine has begun to answer. */
  events(
    query: { readonly filters?: string; readonly since: string; readonly until?: string },
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>>;
  endsSurvivors: EngineHistory['endsSurvivors'];
  /** All containers, running or not. */
  list(signal: AbortSignal): Promise<readonly ListedContainer[]>;
};

/** What becomes of the stream, for metrics and logs. */
export type EventStreamNews =
  | { readonly kind: 'connected' }
  /** It ended or could not be opened; it is tried again after `retryMs`. */
  | { readonly kind: 'disconnected'; readonly reason: string; readonly retryMs: number }
  /** Lists showed events that the stream had lost. */
  | { readonly kind: 'lost'; readonly count: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

export type DockerEventsOptions = {
  /** From when on events are wanted, milliseconds since the epoch: the engine keeps the last 256. */
  readonly since: number;
  /** Called for each event, in the order in which it comes. What it throws ends the source. */
  readonly onEvent: (event: DockerEvent) => void;
  readonly onNews: (news: EventStreamNews) => void;
};

const OPEN_MS_MAX = 10_000;
const LIST_MS_MAX = 10_000;
/** Were the engine's clock behind ours, what it has kept would not come to its end. */
const HISTORY_MS_MAX = 2_000;
const LIST_EVERY_MS = 30_000;
/** When a list shows what no event told, the next one follows soon. */
const LIST_AGAIN_MS = 1_000;
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;
/** Each reconnection asks for this much again: events of the last moments may not have been sent. */
const OVERLAP_MS = 5_000;
/** The engine keeps 256 events, so no more than these can come twice. */
const IDENTITIES_MAX = 1_024;

/**
 * Follows what happens to an engine's containers. The stream loses events and ends when the engine restarts or a
 * proxy cuts it; so it is taken up again, without twins, and lists of all containers show what it has lost.
 */
export class DockerEvents {
  readonly #engine: EventEngine;
  readonly #clock: Clock;
  readonly #options: DockerEventsOptions;
  readonly #book = new ContainerBook();
  /** Insertion order is age. */
  readonly #identities = new Set<string>();
  #since: number;
  #byEngine: ReadonlySet<string> = new Set();
  #thrown: { readonly error: unknown } | null = null;

  constructor(engine: EventEngine, clock: Clock, options: DockerEventsOptions) {
    this.#engine = engine;
    this.#clock = clock;
    this.#options = options;
    this.#since = options.since;
  }

  /** Follows until the signal aborts; then it resolves. Rejects only with what `onEvent` threw. */
  async run(signal: AbortSignal): Promise<void> {
    let retryMs = RETRY_MS_MIN;
    while (!signal.aborted) {
      const failure = await this.#connection(signal, () => {
        retryMs = RETRY_MS_MIN;
      });
      if (signal.aborted) return;
      this.#options.onNews({ kind: 'disconnected', reason: failure, retryMs });
      await this.#clock.sleep(retryMs, signal).catch(endedBySignal);
      retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
    }
  }

  /** One connection from its opening to its end; answers with why it ended. */
  async #connection(signal: AbortSignal, established: () => void): Promise<string> {
    const controller = new AbortController();
    const ended = AbortSignal.any([signal, controller.signal]);
    let reason = 'the stream ended';
    const end = (why: string) => {
      if (controller.signal.aborted) return;
      reason = why;
      controller.abort(new Error(why));
    };
    try {
      const chunks = await this.#open(ended, end);
      this.#options.onNews({ kind: 'connected' });
      this.#byEngine = await this.#engineStops(ended);
      const listing = this.#keepListing(ended, established, end);
      await this.#follow(chunks, ended, end);
      end(reason);
      await listing;
    } catch (error) {
      end(sentenceOf(error));
    }
    if (this.#thrown !== null) throw this.#thrown.error;
    return reason;
  }

  async #open(ended: AbortSignal, end: (why: string) => void): Promise<AsyncIterable<Uint8Array>> {
    const opened = new AbortController();
    const late = this.#clock.sleep(OPEN_MS_MAX, AbortSignal.any([ended, opened.signal]));
    late.then(() => end(`no answer within ${OPEN_MS_MAX} ms`), endedBySignal);
    try {
      const since = Math.max(0, this.#since - OVERLAP_MS);
      const query = { filters: JSON.stringify(DOCKER_EVENT_FILTER), since: (since / 1_000).toFixed(3) };
      return await this.#engine.events(query, ended);
    } finally {
      opened.abort();
    }
  }

  async #engineStops(ended: AbortSignal): Promise<ReadonlySet<string>> {
    const read = new AbortController();
    const tooLong = new AbortController();
    const late = this.#clock.sleep(HISTORY_MS_MAX, AbortSignal.any([ended, read.signal]));
    late.then(() => tooLong.abort(new Error(`not read within ${HISTORY_MS_MAX} ms`)), endedBySignal);
    const signal = AbortSignal.any([ended, tooLong.signal]);
    return engineStops(this.#engine, this.#clock.now(), signal).finally(() => read.abort());
  }

  async #follow(
    chunks: AsyncIterable<Uint8Array>,
    ended: AbortSignal,
    end: (why: string) => void,
  ): Promise<void> {
    try {
      for await (const line of linesOf(chunks)) {
        if (ended.aborted) return;
        if (line.trim() !== '') this.#take(line);
      }
    } catch (error) {
      end(sentenceOf(error));
    }
  }

  #take(line: string): void {
    let read: ReturnType<typeof readDockerEvent>;
    try {
      read = readDockerEvent(line);
    } catch (error) {
      // A proxy's page, or a version to come: the lists still show what happened.
      this.#options.onNews({ kind: 'unreadable', reason: sentenceOf(error) });
      return;
    }
    if (read === null || this.#identities.has(read.identity)) return;
    this.#identities.add(read.identity);
    for (const oldest of this.#identities) {
      if (this.#identities.size <= IDENTITIES_MAX) break;
      this.#identities.delete(oldest);
    }
    this.#since = Math.max(this.#since, read.event.at);
    // Its death remains, and says by itself that it failed.
    if (this.#byEngine.has(read.identity)) return;
    this.#book.apply(read.event);
    this.#tell(read.event);
  }

  /** Lists at once and now and then, until the connection ends; a list that fails ends it. */
  async #keepListing(ended: AbortSignal, established: () => void, end: (why: string) => void): Promise<void> {
    try {
      while (!ended.aborted) {
        const { lost, suspicious } = await this.#list(ended);
        established();
        // A stream that loses events may be dead without a word: another one is opened.
        if (lost > 0) return end(`the stream lost ${lost} events`);
        await this.#clock.sleep(suspicious ? LIST_AGAIN_MS : LIST_EVERY_MS, ended);
      }
    } catch (error) {
      end(sentenceOf(error));
    }
  }

  async #list(ended: AbortSignal): Promise<{ readonly lost: number; readonly suspicious: boolean }> {
    const answered = new AbortController();
    const deadline = new AbortController();
    const late = this.#clock.sleep(LIST_MS_MAX, AbortSignal.any([ended, answered.signal]));
    late.then(() => deadline.abort(new Error(`no list within ${LIST_MS_MAX} ms`)), endedBySignal);
    try {
      const containers = await this.#engine.list(AbortSignal.any([ended, deadline.signal]));
      const { lost, suspicious } = this.#book.compare(containers, this.#clock.now());
      if (lost.length > 0) this.#options.onNews({ kind: 'lost', count: lost.length });
      for (const event of lost) this.#tell(event);
      return { lost: lost.length, suspicious };
    } finally {
      answered.abort();
    }
  }

  /** What the listener throws is a defect, and no trouble of the connection. */
  #tell(event: DockerEvent): void {
    try {
      this.#options.onEvent(event);
    } catch (error) {
      this.#thrown = { error };
      throw error;
    }
  }
}

/** Whoever aborted knows why; the loops look at their signals. */
function endedBySignal(): void {}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
