import type { Draft, Entry } from '../core/entry.ts';
import { MpaError } from '../errors.ts';

/** A piece of deciding: runs alone, and folds what it decides. */
type Task = {
  readonly decide: () => unknown;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** Tasks that may wait; more is refused, so that a storm becomes back-pressure and not memory. */
const QUEUE_MAX = 10_000;
/** Tasks that share one durable commit. */
const BATCH_MAX = 256;
/**
 * A commit that has so many entries takes no further task: while it is written nothing else gets a turn, and a
 * message of Alertmanager alone may bring a thousand.
 */
const ENTRIES_ENOUGH = 1_000;

/**
 * One decision after the other, several decisions in one durable commit. Nothing that was decided becomes an effect
 * before its entries are durable; when they cannot be, `onFailure` throws away what was folded, and each task is told.
 */
export class Committer {
  readonly #append: (drafts: readonly Draft[]) => Promise<readonly Entry[]>;
  readonly #prepare: () => unknown;
  readonly #conclude: () => unknown;
  readonly #takeFolded: () => readonly Draft[];
  readonly #onCommitted: (entries: readonly Entry[]) => void;
  readonly #onFailure: (error: unknown) => Promise<void>;
  readonly #queue: Task[] = [];
  readonly #between: (() => void)[] = [];
  #running = false;
  #idle: Promise<void> = Promise.resolve();

  constructor(parts: {
    readonly append: (drafts: readonly Draft[]) => Promise<readonly Entry[]>;
    /** What has to be known before anything of a batch is decided. */
    readonly prepare: () => unknown;
    /** What follows for all from the decisions of a batch. */
    readonly conclude: () => unknown;
    /**
     * Everything that was folded since it was last asked. What is folded is appended, also where a task threw after
     * it had folded a part: memory and journal never say different things.
     */
    readonly takeFolded: () => readonly Draft[];
    readonly onCommitted: (entries: readonly Entry[]) => void;
    readonly onFailure: (error: unknown) => Promise<void>;
  }) {
    this.#append = parts.append;
    this.#prepare = parts.prepare;
    this.#conclude = parts.conclude;
    this.#takeFolded = parts.takeFolded;
    this.#onCommitted = parts.onCommitted;
    this.#onFailure = parts.onFailure;
  }

  /** Resolves when what was decided is durable; rejects with what the decision or the journal threw. */
  submit(decide: () => unknown): Promise<void> {
    if (this.#queue.length >= QUEUE_MAX) {
      return Promise.reject(new MpaError('OVERLOADED', `${QUEUE_MAX} decisions are waiting`));
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#queue.push({ decide, resolve, reject });
    if (!this.#running) this.#idle = this.#run();
    return promise;
  }

  /** Runs `look` when nothing is decided that is not durable: between two batches, or now. It must not throw. */
  between(look: () => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#between.push(() => {
      look();
      resolve();
    });
    if (!this.#running) this.#idle = this.#run();
    return promise;
  }

  /** Resolves when nothing is waiting any more. */
  idle(): Promise<void> {
    return this.#idle;
  }

  async #run(): Promise<void> {
    this.#running = true;
    // Gives the caller's turn to others that come at the same moment: they share the commit.
    await Promise.resolve();
    while (this.#queue.length > 0 || this.#between.length > 0) {
      for (const look of this.#between.splice(0)) look();
      if (this.#queue.length > 0) await this.#runBatch();
    }
    this.#running = false;
  }

  async #runBatch(): Promise<void> {
    const decided: Task[] = [];
    const drafts: Draft[] = [];
    this.#prepare();
    for (let taken = 0; taken < BATCH_MAX && drafts.length < ENTRIES_ENOUGH; taken += 1) {
      const task = this.#queue.shift();
      if (task === undefined) break;
      try {
        task.decide();
        decided.push(task);
      } catch (error) {
        task.reject(error);
      }
      drafts.push(...this.#takeFolded());
    }
    if (decided.length > 0) this.#conclude();
    drafts.push(...this.#takeFolded());
    if (drafts.length > 0) {
      try {
        this.#onCommitted(await this.#append(drafts));
      } catch (error) {
        for (const task of decided) task.reject(error);
        await this.#onFailure(error);
        return;
      }
    }
    for (const task of decided) task.resolve();
  }
}
