import type { DockerAction, DockerEvent } from './dockerEvent.ts';

/** One container as a list of all containers shows it. */
export type ListedContainer = {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `running`, `exited`, ... */
  readonly state: string;
  /** The sentence for people: `Up 2 minutes (unhealthy)`, `Exited (137) 3 seconds ago`. */
  readonly status: string;
  /** Id of the container whose network it shares. */
  readonly sharesNetworkOf?: string | null;
};

type Known = {
  readonly name: string;
  readonly labels: DockerEvent['labels'];
  readonly up: boolean;
  readonly unhealthy: boolean;
};

/** Containers that are kept in mind; an engine with more is not watched for lost events beyond these. */
const KNOWN_MAX = 10_000;

/**
 * Keeps in mind what the events said of each container, so that a list of all containers shows which events were
 * lost. A difference is believed when two lists in a row show it: an event may still be on its way during the first.
 */
export class ContainerBook {
  #known: Map<string, Known> | null = null;
  #suspected = new Set<string>();

  /** Notes what an event of the stream says. */
  apply({ container, name, labels, action }: DockerEvent): void {
    if (this.#known === null) return;
    const known = this.#known.get(container);
    if (action === 'destroy') {
      this.#known.delete(container);
      return;
    }
    if (known === undefined && this.#known.size >= KNOWN_MAX) return;
    this.#known.set(container, {
      name,
      labels,
      ...changed(known ?? { up: false, unhealthy: false }, action),
    });
  }

  /**
   * Compares with a list. The first one is what is known from then on, and tells nothing: what was down before is
   * told by probes and alerts, and may be down on purpose.
   *
   * @returns what the stream has lost, and whether there are differences that the next list should confirm soon.
   */
  compare(
    containers: readonly ListedContainer[],
    now: number,
  ): { readonly lost: readonly DockerEvent[]; readonly suspicious: boolean } {
    const listed = new Map(containers.slice(0, KNOWN_MAX).map((container) => [container.id, container]));
    if (this.#known === null) {
      this.#known = new Map([...listed].map(([id, container]) => [id, knownFrom(container)]));
      return { lost: [], suspicious: false };
    }
    const differences = [
      ...[...this.#known].flatMap(([id, known]) => difference(id, known, listed.get(id), now)),
      ...[...listed].flatMap(([id, container]) => (this.#known?.has(id) ? [] : appearance(container, now))),
    ];
    const key = ({ container, action }: DockerEvent) => `${action} ${container}`;
    const lost = differences.filter((event) => this.#suspected.has(key(event)));
    const suspected = differences.filter((event) => !this.#suspected.has(key(event)));
    for (const event of lost) this.apply(event);
    this.#suspected = new Set(suspected.map(key));
    return { lost, suspicious: suspected.length > 0 };
  }
}

function changed(
  known: Pick<Known, 'up' | 'unhealthy'>,
  action: DockerAction,
): Pick<Known, 'up' | 'unhealthy'> {
  switch (action) {
    case 'start':
    case 'restart':
      return { up: true, unhealthy: false };
    case 'die':
    case 'stop':
      return { up: false, unhealthy: false };
    case 'unhealthy':
      return { ...known, unhealthy: true };
    case 'healthy':
      return { ...known, unhealthy: false };
    default:
      return known;
  }
}

function knownFrom({ name, labels, state, status }: ListedContainer): Known {
  const up = state === 'running' || state === 'paused';
  // A paused container is called unhealthy without having been asked.
  return { name, labels, up, unhealthy: state === 'running' && status.includes('(unhealthy)') };
}

/** What must have happened to a known container, for the list to show it as it does. */
function difference(
  id: string,
  known: Known,
  container: ListedContainer | undefined,
  now: number,
): readonly DockerEvent[] {
  const event = (action: DockerAction) =>
    eventOf(id, container ?? known, action, container?.status ?? '', now);
  if (container === undefined) return [event('destroy')];
  const seen = knownFrom(container);
  if (known.up !== seen.up) return [event(seen.up ? 'start' : 'die')];
  // What the engine says of the health of a paused container is no news.
  if (container.state !== 'running' || known.unhealthy === seen.unhealthy) return [];
  return [event(seen.unhealthy ? 'unhealthy' : 'healthy')];
}

/** What must have happened to a container that no event told of. */
function appearance(container: ListedContainer, now: number): readonly DockerEvent[] {
  const { id, state, status } = container;
  const action = state === 'created' ? 'create' : knownFrom(container).up ? 'start' : 'die';
  return [eventOf(id, container, action, status, now)];
}

function eventOf(
  container: string,
  { name, labels }: Pick<ListedContainer, 'name' | 'labels'>,
  action: DockerAction,
  status: string,
  at: number,
): DockerEvent {
  const code = action === 'die' ? /^(?:Exited|Restarting) \((\d+)\)/.exec(status)?.[1] : undefined;
  const exitCode = code === undefined ? null : Number(code);
  return { container, name, labels, action, at, exitCode, signal: null, seenBy: 'list' };
}
