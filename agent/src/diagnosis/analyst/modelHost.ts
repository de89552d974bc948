import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { AnalystSettings } from '../../analystSettings.ts';
import type { Clock } from '../../ports.ts';
import { ModelGate } from './modelGate.ts';
import { launchOptions, PROCESS_FILE } from './modelLaunch.ts';
import {
  type FromModel,
  fromModelSchema,
  type Spent,
  type Talk,
  type TalkResult,
  type ToModel,
} from './protocol.ts';
import { billOf, type Course, explain, NOT_BEGUN, type TalkOutcome } from './talkOutcome.ts';

/** A process that nobody talks to for so long is ended, and its memory is free again, milliseconds. */
const IDLE_MS = 60_000;
/** A conversation that was called off must end in this time, or its process is killed, milliseconds. */
const LETTING_GO_MS = 1_000;
/** How much of what the process writes on its standard error is kept, for the reason why it ended. */
const LAST_WORDS_MAX = 2_000;

type UseTool = (name: string, args: unknown, signal: AbortSignal) => Promise<string>;

/** Something that holds conversations with a model. */
export interface ModelTalker {
  /**
   * Holds one conversation. Never rejects; when the signal aborts it ends at once, whatever the library does.
   */
  talk(what: Talk, useTool: UseTool, signal: AbortSignal): Promise<TalkOutcome>;
  close(): void;
}

type Conversation = {
  readonly useTool: UseTool;
  /** Ends its calls and tools. */
  readonly over: AbortController;
  /** Aborts when the process let go of it. */
  readonly gone: AbortController;
  readonly ended: (result: TalkOutcome['result']) => void;
} & Course;

const CALLED_OFF = { kind: 'failed', code: 'unavailable', reason: 'called off' } as const;

/**
 * Runs the model's library in a process of its own: started at the first question and ended when it was idle for a
 * while, so that an agent without incidents pays nothing for it; killed when it does not let go, so that a library
 * that hangs, leaks or crashes is nothing that the agent notices; and, by Node's permission model, with no network, no
 * files but its own code, no other program, and an environment of our making.
 */
export class ModelHost implements ModelTalker {
  readonly #gate: ModelGate;
  readonly #clock: Clock;
  readonly #talks = new Map<number, Conversation>();
  readonly #calls = new Map<number, AbortController>();
  #child: ChildProcess | null = null;
  #idle = new AbortController();
  #next = 0;

  constructor(settings: Pick<AnalystSettings, 'provider' | 'baseUrl' | 'apiKey'>, clock: Clock) {
    this.#gate = new ModelGate(settings.provider, settings.baseUrl, settings.apiKey);
    this.#clock = clock;
  }

  /** Process id of the library's process; `undefined` while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async talk(what: Talk, useTool: UseTool, signal: AbortSignal): Promise<TalkOutcome> {
    if (signal.aborted) return { spent: billOf(NOT_BEGUN), result: CALLED_OFF };
    const { promise, resolve } = Promise.withResolvers<TalkOutcome['result']>();
    const [over, gone] = [new AbortController(), new AbortController()];
    const talk: Conversation = { ...NOT_BEGUN, useTool, over, gone, ended: resolve };
    const id = this.#next++;
    this.#talks.set(id, talk);
    const letGo = () => {
      resolve(CALLED_OFF);
      over.abort(signal.reason);
      this.#send({ kind: 'abort', talk: id });
      void this.#killUnlessGone(gone.signal);
    };
    signal.addEventListener('abort', letGo, { once: true });
    this.#idle.abort(new Error('there is something to say'));
    try {
      this.#child ??= this.#launch();
      this.#send({ kind: 'talk', talk: id, what });
    } catch (error) {
      this.#end(id, {
        kind: 'failed',
        code: 'unavailable',
        reason: `its process cannot run: ${String(error)}`,
      });
    }
    const result = await promise;
    signal.removeEventListener('abort', letGo);
    return { spent: billOf(talk), result };
  }

  close(): void {
    this.#idle.abort(new Error('closed'));
    this.#child?.kill('SIGKILL');
  }

  #send(message: ToModel): void {
    // Why it could not be delivered is told by the end of the process.
    if (this.#child?.connected === true) this.#child.send(message, () => undefined);
  }

  #launch(): ChildProcess {
    const child = fork(PROCESS_FILE, launchOptions(process.env));
    // Neither it nor what it may still say keeps the agent from ending.
    child.unref();
    child.channel?.unref();
    // Node makes the pipe a socket.
    (child.stderr as Socket | null)?.unref();
    let words = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-LAST_WORDS_MAX);
    });
    child.on('message', (message) => this.#hear(child, message));
    const gone = (why: string) => this.#gone(child, `${why}${words === '' ? '' : `: ${words.trim()}`}`);
    child.on('error', (error) => {
      gone(`its process cannot run: ${error.message}`);
      child.kill('SIGKILL');
    });
    child.on('exit', (code, killedBy) => gone(`its process ended (${killedBy ?? `exit code ${code}`})`));
    return child;
  }

  #gone(child: ChildProcess, reason: string): void {
    if (this.#child !== child) return;
    this.#child = null;
    for (const call of this.#calls.values()) call.abort(new Error(reason));
    this.#calls.clear();
    for (const id of this.#talks.keys()) this.#end(id, { kind: 'failed', code: 'unavailable', reason });
  }

  #hear(child: ChildProcess, message: unknown): void {
    const parsed = fromModelSchema.safeParse(message);
    // What it says is said by code of others: nonsense ends the process with all of its conversations.
    if (!parsed.success) child.kill('SIGKILL');
    else if (this.#child === child) this.#heed(parsed.data);
  }

  #heed(said: FromModel): void {
    switch (said.kind) {
      case 'spent':
        this.#note(said.talk, said.spent);
        break;
      case 'tool':
        void this.#answer(said.talk, said.call, said.name, said.args);
        break;
      case 'http':
        void this.#carry(said);
        break;
      case 'http-abort':
        this.#calls.get(said.call)?.abort(new Error('called off'));
        break;
      case 'done':
        this.#note(said.talk, said.spent);
        this.#finish(said.talk, said.result);
        break;
      default:
        said satisfies never;
    }
  }

  #note(id: number, spent: Spent): void {
    const talk = this.#talks.get(id);
    if (talk !== undefined) talk.spent = spent;
  }

  #finish(id: number, result: TalkResult): void {
    const talk = this.#talks.get(id);
    if (talk === undefined) return;
    this.#end(id, result.kind === 'failed' ? explain(result, talk.wire) : result);
    if (this.#talks.size > 0 || this.#child === null) return;
    this.#idle = new AbortController();
    const child = this.#child;
    this.#clock.sleep(IDLE_MS, this.#idle.signal).then(
      () => void child.kill('SIGKILL'),
      () => undefined, // There was something to say, or it was closed.
    );
  }

  /** Nothing more is heard or asked for this conversation. */
  #end(id: number, result: TalkOutcome['result']): void {
    const talk = this.#talks.get(id);
    if (talk === undefined) return;
    this.#talks.delete(id);
    talk.ended(result);
    talk.over.abort(new Error('over'));
    talk.gone.abort(new Error('over'));
  }

  async #killUnlessGone(gone: AbortSignal): Promise<void> {
    const child = this.#child;
    try {
      await this.#clock.sleep(LETTING_GO_MS, gone);
      child?.kill('SIGKILL');
    } catch {
      // It let go.
    }
  }

  async #answer(id: number, call: number, name: string, args: unknown): Promise<void> {
    const talk = this.#talks.get(id);
    if (talk === undefined) return;
    this.#send({ kind: 'told', call, text: await talk.useTool(name, args, talk.over.signal) });
  }

  async #carry(said: FromModel & { kind: 'http' }): Promise<void> {
    const { talk: id, call, ...request } = said;
    const talk = this.#talks.get(id);
    if (talk === undefined) return;
    const own = new AbortController();
    this.#calls.set(call, own);
    talk.wire = await this.#gate.call(
      request,
      {
        head: (status, headers) => this.#send({ kind: 'http-head', call, status, headers }),
        chunk: (bytes) => this.#send({ kind: 'http-chunk', call, bytes }),
        end: (broken) => this.#send({ kind: 'http-end', call, broken }),
      },
      AbortSignal.any([own.signal, talk.over.signal]),
    );
    this.#calls.delete(call);
  }
}
