import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Draft, EntryBody } from '../agent/src/core/entry.ts';
import { SqliteJournal } from '../agent/src/journal/sqliteJournal.ts';
import { inspectContainer } from '../agent/src/runtimes/docker/containers.ts';
import { EngineClient } from '../agent/src/runtimes/docker/engineClient.ts';
import { startBenchAgent, whenRecovered } from './benchAgent.ts';
import { RecordingEngine } from './recordingEngine.ts';
import type { Row } from './table.ts';
import { nowMs, pause, within } from './time.ts';
import { WebhookSender } from './webhook.ts';

const TARGETS = 20;
/** The first recoveries run code that was never run before; they are a row of their own. */
const COLD = 10;
const BETWEEN_MS = 10;
const CALL_MS_MAX = 10_000;

/** Webhook accepted (and sent) to the restart call seen on a Docker socket, beside one durable commit and one inspect. */
export async function acceptedToCall(recoveries: number): Promise<readonly Row[]> {
  await using opened = new AsyncDisposableStack();
  const engine = opened.use(await RecordingEngine.open(TARGETS));
  const { names, targets } = engine;
  const agent = opened.use(await startBenchAgent({ dockerHost: engine.dockerHost, targets }));
  const sender = opened.use(new WebhookSender(agent.url));
  const floor = opened.use(await Floor.open(engine.socketPath));

  const fromAccepted: number[] = [];
  const fromSent: number[] = [];
  const acceptance: number[] = [];
  const floors: number[] = [];
  for (let turn = 0; turn < COLD + recoveries; turn += 1) {
    const target = names[turn % names.length] ?? '';
    await engine.break(target);
    const restarted = engine.nextRestart(target);
    const { sentAt, answeredAt } = await sender.accepted({ target, fingerprint: `bench-${turn}` });
    const calledAt = await within(CALL_MS_MAX, `the restart of ${target}`, restarted);
    fromAccepted.push(calledAt - answeredAt);
    fromSent.push(calledAt - sentAt);
    acceptance.push(answeredAt - sentAt);
    await whenRecovered(agent, target);
    floors.push(await floor.measure(target));
    await pause(BETWEEN_MS);
  }

  const beside = { what: 'one durable commit, one inspect', samples: floors.slice(COLD) };
  return [
    {
      what: 'webhook accepted to restart call',
      samples: fromAccepted.slice(COLD),
      beside,
      wanted: 'above: p50 <= 5, p99 <= 25',
    },
    { what: 'webhook sent to restart call', samples: fromSent.slice(COLD), beside },
    { what: 'webhook sent to accepted', samples: acceptance.slice(COLD) },
    { what: `accepted to call, first ${COLD} of a process`, samples: fromAccepted.slice(0, COLD) },
  ];
}

/** The least that a durable agent must do on this machine: a journal of the same kind, and one look. */
class Floor implements AsyncDisposable {
  readonly #folder: string;
  readonly #journal: SqliteJournal;
  readonly #client: EngineClient;

  private constructor(folder: string, client: EngineClient) {
    this.#folder = folder;
    this.#journal = SqliteJournal.open(join(folder, 'floor.sqlite'));
    this.#client = client;
  }

  static async open(socketPath: string): Promise<Floor> {
    const folder = await mkdtemp(join(tmpdir(), 'mpa-bench-'));
    return new Floor(folder, new EngineClient({ kind: 'unix', path: socketPath }));
  }

  async measure(container: string): Promise<number> {
    const startedAt = nowMs();
    await this.#journal.append(entries(container), []);
    await inspectContainer(this.#client, container, AbortSignal.timeout(CALL_MS_MAX));
    return nowMs() - startedAt;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#journal.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Three entries, as a decision to act makes them. */
function entries(target: string): readonly Draft[] {
  const at = Date.now();
  const bodies: readonly EntryBody[] = [
    { type: 'look-started', index: 0, by: at, reason: 'before restart' },
    { type: 'guards-answered', index: 0, answers: [] },
    {
      type: 'mutation-started',
      index: 0,
      action: 'restart',
      instance: target,
      instanceId: 'c'.repeat(64),
      run: String(at),
      remaining: [],
      counts: true,
      until: at,
    },
  ];
  return bodies.map((body) => ({ at, incident: 'floor', target, settings: 'bench', body }));
}
