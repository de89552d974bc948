import type { Clock, RuntimeEvent } from '../ports.ts';
import type { DockerEvent } from '../sources/dockerEvent.ts';

/** What became of a container, in the words of the engine's port. */
export type Fate = Pick<RuntimeEvent, 'what' | 'reason'> & { readonly event: DockerEvent };

/** A death that a person's stop may explain is held back this long for the `stop` to come, milliseconds. */
const HOLD_MS = 1_000;
/** A request to end explains a death for this long: the longest stop timeout that is in use, milliseconds. */
const ASKED_MS = 600_000;
/**
 * That one got healthy is told no more often, milliseconds: each time a look may follow, with its entries, and how often
 * a health check runs is the container's own choice. What changes faster is not well.
 */
const HEALTHY_EVERY_MS = 1_000;
const SIGKILL = 9;
/** Containers that are kept in mind; one beyond them is only told less precisely. */
const CONTAINERS_MAX = 10_000;

type Course = {
  /** When a signal other than SIGKILL was last sent through the engine, by the engine's clock. */
  askedToEndAt: number | null;
  /** Whether somebody stopped it and nobody started it since. */
  stopped: boolean;
  /** When it was last told to be healthy, monotonic milliseconds. */
  healthyToldAt: number;
  /** Ends the holding back of its death. */
  held: AbortController | null;
};

/**
 * Tells failures from what people do, from the order in which Docker tells it: `docker stop` is `kill` (15), maybe
 * `kill` (9), `die`, `stop`; a restart goes on with `start`, `restart`; a crash is `die` alone, and so is
 * `docker kill`, behind its own `kill` (9). So a `die` alone is told at once, and one that was asked for waits a
 * moment for the word that explains it.
 */
export class ContainerFates {
  readonly #clock: Clock;
  readonly #tell: (fate: Fate) => void;
  readonly #over: AbortSignal;
  readonly #courses = new Map<string, Course>();

  /** @param over Ends everything that is held back, untold. */
  constructor(clock: Clock, tell: (fate: Fate) => void, over: AbortSignal) {
    this.#clock = clock;
    this.#tell = tell;
    this.#over = over;
  }

  /** Takes one event; they come in the order in which they happened. */
  take(event: DockerEvent): void {
    const course = this.#courseOf(event.container);
    switch (event.action) {
      case 'kill':
        if (event.signal !== SIGKILL) course.askedToEndAt = event.at;
        return;
      case 'die':
        this.#onDeath(event, course);
        return;
      case 'stop':
        letGo(course);
        course.stopped = true;
        this.#say(event, 'stopped', 'it was stopped through the engine');
        return;
      case 'start':
        // One that was asked to end and runs again had its death explained, too.
        letGo(course);
        Object.assign(course, { askedToEndAt: null, stopped: false });
        this.#say(event, 'started', 'it was started');
        return;
      case 'unpause':
        this.#say(event, 'started', 'it was unpaused');
        return;
      case 'pause':
        this.#say(event, 'paused', 'it was paused through the engine');
        return;
      case 'destroy':
        letGo(course);
        this.#courses.delete(event.container);
        this.#say(event, 'removed', 'it was removed');
        return;
      case 'oom':
        this.#say(event, 'oom', 'the kernel killed a process of it for its memory');
        return;
      case 'unhealthy':
        this.#say(event, 'unhealthy', 'its health check fails');
        return;
      case 'healthy':
        this.#onHealthy(event, course);
        return;
      case 'create':
      case 'restart':
      case 'rename':
        return;
      default:
        event.action satisfies never;
    }
  }

  #onHealthy(event: DockerEvent, course: Course): void {
    const now = this.#clock.monotonic();
    if (now - course.healthyToldAt < HEALTHY_EVERY_MS) return;
    course.healthyToldAt = now;
    this.#say(event, 'healthy', 'its health check passes');
  }

  #onDeath(event: DockerEvent, course: Course): void {
    if (course.stopped) return;
    const { askedToEndAt } = course;
    course.askedToEndAt = null;
    const lost = event.seenBy === 'list';
    const code = event.exitCode === null ? '' : ` with code ${event.exitCode}`;
    const reason = `it exited${code}${lost ? ', seen in a list: the event was lost' : ''}`;
    if (lost || askedToEndAt === null || event.at - askedToEndAt > ASKED_MS) {
      this.#say(event, 'died', reason);
      return;
    }
    letGo(course);
    const held = new AbortController();
    course.held = held;
    this.#clock.sleep(HOLD_MS, AbortSignal.any([held.signal, this.#over])).then(
      () => {
        course.held = null;
        this.#say(event, 'died', `${reason}, after a signal that nobody followed by a stop`);
      },
      // Explained meanwhile, or the agent ends.
      () => undefined,
    );
  }

  #say(event: DockerEvent, what: Fate['what'], reason: string): void {
    this.#tell({ event, what, reason });
  }

  #courseOf(container: string): Course {
    const known = this.#courses.get(container);
    if (known !== undefined) return known;
    const course = {
      askedToEndAt: null,
      stopped: false,
      healthyToldAt: Number.NEGATIVE_INFINITY,
      held: null,
    };
    if (this.#courses.size < CONTAINERS_MAX) this.#courses.set(container, course);
    return course;
  }
}

function letGo(course: Course): void {
  course.held?.abort();
  course.held = null;
}
