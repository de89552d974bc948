import { readDockerEvent } from './dockerEvent.ts';
import { linesOf } from './lines.ts';

/** The engine keeps this many events, of all kinds; with fewer, it has every one since it began. */
const KEPT_MAX = 256;

/** What this needs of an engine. */
export type EngineHistory = {
  /** `GET /events` with these parameters. */
  events(
    query: { readonly since: string; readonly until: string },
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>>;
  /** Whether the engine ends what outlived it, when it comes back from a crash: unless it is told to let it live. */
  endsSurvivors(signal: AbortSignal): Promise<boolean>;
};

/**
 * The stops that the engine did by itself. One that crashed finds its containers running when it is back; it ends them,
 * tells it like a stop by a person, and leaves down what is `unless-stopped`. But whatever else runs under it, it has
 * started itself. So where it still knows all since it began: what was stopped and not started before is its own doing.
 *
 * @param now The end of what is read, milliseconds since the epoch.
 * @returns identities of `kill` and `stop` events. None where that cannot be told: then a stop is a person's.
 */
export async function engineStops(
  engine: EngineHistory,
  now: number,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  try {
    if (!(await engine.endsSurvivors(signal))) return new Set();
    const lines: string[] = [];
    const query = { since: '1', until: (now / 1_000).toFixed(3) };
    for await (const line of linesOf(await engine.events(query, signal))) {
      if (line.trim() !== '') lines.push(line);
      if (lines.length >= KEPT_MAX) return new Set();
    }
    return withoutStart(lines);
  } catch {
    // A proxy may refuse the question, and an engine that is away tells so to who follows its events.
    return new Set();
  }
}

function withoutStart(lines: readonly string[]): ReadonlySet<string> {
  const begun = new Set<string>();
  const own = new Set<string>();
  for (const line of lines) {
    const read = readDockerEvent(line);
    if (read === null) continue;
    const { action, container } = read.event;
    if (action === 'start') begun.add(container);
    if ((action === 'kill' || action === 'stop') && !begun.has(container)) own.add(read.identity);
  }
  return own;
}
