import { z } from 'zod';

/** What happened to a container, in Docker's words; its two health events have names of their own. */
export type DockerAction =
  | 'create'
  | 'start'
  | 'restart'
  | 'stop'
  | 'kill'
  | 'die'
  | 'oom'
  | 'pause'
  | 'unpause'
  | 'rename'
  | 'destroy'
  | 'healthy'
  | 'unhealthy';

/** One thing that happened to one container. */
export type DockerEvent = {
  readonly container: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly action: DockerAction;
  /** Milliseconds since the epoch: by the engine's clock, or for `list` by the agent's, when it was noticed. */
  readonly at: number;
  /** Only of `die`. */
  readonly exitCode: number | null;
  /** Number of the signal, only of `kill`. */
  readonly signal: number | null;
  /** `list`: the stream had lost it, and it was seen by comparing lists of containers. */
  readonly seenBy: 'stream' | 'list';
};

/** The names by which the engine is asked for these events; everything else it keeps to itself. */
export const DOCKER_EVENT_FILTER = {
  type: ['container'],
  event: [
    ...['create', 'start', 'restart', 'stop', 'kill', 'die', 'oom', 'pause', 'unpause', 'rename', 'destroy'],
    'health_status',
  ],
} as const;

const ACTIONS: ReadonlyMap<string, DockerAction> = new Map<string, DockerAction>([
  ['create', 'create'],
  ['start', 'start'],
  ['restart', 'restart'],
  ['stop', 'stop'],
  ['kill', 'kill'],
  ['die', 'die'],
  ['oom', 'oom'],
  ['pause', 'pause'],
  ['unpause', 'unpause'],
  ['rename', 'rename'],
  ['destroy', 'destroy'],
  ['health_status: healthy', 'healthy'],
  ['health_status: unhealthy', 'unhealthy'],
]);

/** From API 1.52 on there are `Action` and `Actor` alone; all engines that are supported have them. */
const MESSAGE = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({
    ID: z.string().min(12),
    Attributes: z
      .record(z.string(), z.string())
      .nullish()
      .transform((attributes) => attributes ?? {}),
  }),
  time: z.number().default(0),
});

/** The engine puts these among the labels, over any label of the same name. */
const NO_LABELS = new Set(['name', 'image', 'exitCode', 'signal', 'execDuration', 'oldName']);
const NS_PER_MS = 1_000_000n;

/** An event, and what tells it from all others: a stream that is taken up again brings the last ones twice. */
export type ReadEvent = { readonly event: DockerEvent; readonly identity: string };

/**
 * Reads one line of the stream. `null`: an event that is of no interest here.
 *
 * @throws Error when it is no event at all.
 */
export function readDockerEvent(line: string): ReadEvent | null {
  const { Type, Action, Actor, time } = MESSAGE.parse(JSON.parse(line));
  const action = ACTIONS.get(Action);
  if (Type !== 'container' || action === undefined) return null;
  // As a number it would lose its last digits. In a string its quotes would be escaped, so this is no label's text.
  const nanoseconds = /"timeNano":\s*(\d{1,20})/.exec(line)?.[1];
  const at = nanoseconds === undefined ? time * 1_000 : Number(BigInt(nanoseconds) / NS_PER_MS);
  const { name = '', exitCode, signal } = Actor.Attributes;
  const labels = Object.fromEntries(Object.entries(Actor.Attributes).filter(([key]) => !NO_LABELS.has(key)));
  return {
    identity: `${nanoseconds ?? time} ${Action} ${Actor.ID}`,
    event: {
      container: Actor.ID,
      name,
      labels,
      action,
      at,
      exitCode: action === 'die' ? numberIn(exitCode) : null,
      signal: action === 'kill' ? numberIn(signal) : null,
      seenBy: 'stream',
    },
  };
}

function numberIn(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : null;
}
