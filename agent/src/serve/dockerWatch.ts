import type { Target } from '../core/target.ts';
import { JournalError, MpaError } from '../errors.ts';
import type { Clock, Control, Runtime, RuntimeEvent } from '../ports.ts';
import { isSelected, type Selectable } from '../runtimes/docker/selection.ts';
import type { DockerEvent } from '../sources/dockerEvent.ts';
import { DockerEvents, type EventEngine, type EventStreamNews } from '../sources/dockerEvents.ts';
import { ContainerFates, type Fate } from './containerFates.ts';

/** Events that wait for a journal that cannot be written; what is over is told as lost. */
const WAITING_MAX = 1_000;
/** A journal that could not be written is tried again after this long, milliseconds. */
const RETRY_MS = 1_000;
/** The look at who shared a network may take this long, milliseconds. */
const LOOK_MS_MAX = 10_000;

/** What the watch tells about itself, for metrics and the log. */
type DockerWatchTelemetry = {
  readonly eventStream: (news: EventStreamNews) => void;
  /** Time from an event on the engine to its arrival here, by both their clocks; milliseconds. */
  readonly containerEvent: (lagMs: number) => void;
};

type DockerWatchOptions = {
  readonly engine: EventEngine;
  readonly clock: Clock;
  readonly control: Pick<Control, 'hearRuntime'>;
  /** All targets known now. */
  readonly targets: () => readonly Target[];
  /** The instances of a target as the runtime sees them now. */
  readonly instances: Runtime['instances'];
  /** Called when a container starts that belongs to no target: it may be one that discovery has not seen yet. */
  readonly stranger: () => void;
  /** From when on events are wanted, milliseconds since the epoch; the engine keeps the last 256. */
  readonly since: number;
  readonly telemetry: DockerWatchTelemetry;
  /** What could not be told the engine: a defect, or more than can wait. */
  readonly failed: (event: RuntimeEvent, error: unknown) => void;
  readonly signal: AbortSignal;
};

/**
 * Hears what happens to the containers of targets, until the signal aborts. What was down before `since` is told by
 * alerts and probes. Rejects only with a defect.
 */
export async function watchDocker(options: DockerWatchOptions): Promise<void> {
  const { engine, clock, targets, stranger, since, telemetry, signal } = options;
  const queue = new Queue(options);
  const fates = new ContainerFates(clock, (fate) => tell(fate), signal);
  const tell = (fate: Fate) => {
    const target = targetOf(fate.event, targets());
    if (target !== null) queue.push(eventFor(target, fate));
    else if (fate.what === 'started') stranger();
    if (fate.event.action === 'start') void tellStranded(fate.event);
  };
  const tellStranded = async (parent: DockerEvent) => {
    for (const { target, instance } of await strandedBy(parent, options)) {
      const event = { ...parent, container: instance.id, name: instance.name };
      queue.push(eventFor(target, { event, what: 'unhealthy', reason: instance.stranded ?? '' }));
    }
  };
  const source = new DockerEvents(engine, clock, {
    since,
    onEvent: (event) => {
      if (event.seenBy === 'stream') telemetry.containerEvent(Math.max(0, clock.now() - event.at));
      fates.take(event);
    },
    onNews: telemetry.eventStream,
  });
  await source.run(signal);
}

/** Instances that lost their network when this container, whose network they shared, was started anew. */
async function strandedBy(parent: DockerEvent, options: DockerWatchOptions) {
  const { engine, clock, signal, targets, instances } = options;
  const answered = new AbortController();
  const late = new AbortController();
  const deadline = clock.sleep(LOOK_MS_MAX, AbortSignal.any([signal, answered.signal]));
  deadline.then(
    () => late.abort(new Error('no answer in time')),
    () => undefined, // Answered, or the end.
  );
  const ended = AbortSignal.any([signal, late.signal]);
  try {
    const sharing = (await engine.list(ended)).filter(
      ({ sharesNetworkOf }) => sharesNetworkOf === parent.container,
    );
    const concerned = new Set(sharing.flatMap((container) => targetOf(container, targets()) ?? []));
    const looks = [...concerned].map(async (target) =>
      (await instances(target, ended)).map((instance) => ({ target, instance })),
    );
    return (await Promise.all(looks)).flat().filter(({ instance }) => instance.stranded !== undefined);
  } catch {
    // The next look at these targets shows it as well.
    return [];
  } finally {
    answered.abort();
  }
}

/** The first target that selects it; configuration refuses two that select the same. */
function targetOf({ name, labels }: Selectable, targets: readonly Target[]): Target | null {
  return targets.find(({ selector }) => isSelected(selector, { name, labels })) ?? null;
}

function eventFor(target: Target, { event, what, reason }: Fate): RuntimeEvent {
  return {
    target: target.name,
    instance: event.name,
    instanceId: event.container,
    what,
    happenedAt: event.at,
    reason,
  };
}

/** Nobody sends an event twice: it waits, in its order, until the journal took it. */
class Queue {
  readonly #options: DockerWatchOptions;
  readonly #waiting: RuntimeEvent[] = [];
  #emptying = false;

  constructor(options: DockerWatchOptions) {
    this.#options = options;
  }

  push(event: RuntimeEvent): void {
    if (this.#waiting.length >= WAITING_MAX) {
      this.#options.failed(event, new MpaError('OVERLOADED', `${WAITING_MAX} events wait for the journal`));
      return;
    }
    this.#waiting.push(event);
    if (!this.#emptying) void this.#empty();
  }

  async #empty(): Promise<void> {
    const { control, clock, signal, failed } = this.#options;
    this.#emptying = true;
    for (let [event] = this.#waiting; event !== undefined && !signal.aborted; [event] = this.#waiting) {
      try {
        await control.hearRuntime(event);
        this.#waiting.shift();
      } catch (error) {
        if (isPassing(error)) {
          await clock.sleep(RETRY_MS, signal).catch(() => undefined); // Aborted: the loop ends.
        } else {
          this.#waiting.shift();
          failed(event, error);
        }
      }
    }
    this.#emptying = false;
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof JournalError || (error instanceof MpaError && error.code === 'OVERLOADED');
}
