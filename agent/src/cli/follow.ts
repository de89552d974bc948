import { MpaError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { ApiClient } from './apiClient.ts';
import { type EntryView, readStory, type Story, type Summary, storyLines } from './story.ts';

/** How often it is asked how the incident stands, milliseconds. */
const ASK_MS = 1_000;
/** Entries that are read of an incident that has been open for long; what is followed is behind them. */
const ENTRIES_MAX = 20_000;

/** An agent that is restarted, or full for a moment, goes on afterwards: so does who follows it. */
const PASSING: ReadonlySet<string> = new Set([
  'AGENT_UNREACHABLE',
  'OVERLOADED',
  'NOT_ANSWERED',
  'JOURNAL_READ',
]);

/** How an incident stands when it is followed no more; `under-way`: the time was over first. */
export type Followed = {
  readonly incident: Summary;
  readonly how: 'ended' | 'with-a-person' | 'under-way';
};

/**
 * Follows an incident from a person's last order of a recovery until it has ended or is with a person, at most `waitMs`
 * milliseconds and the answer to one question. Rejects where nothing could be heard of it to the end.
 */
export async function follow(
  client: ApiClient,
  id: string,
  { waitMs, clock, tell }: { waitMs: number; clock: Clock; tell: (line: string) => void },
): Promise<Followed> {
  const until = clock.monotonic() + waitMs;
  let read = 0;
  let last: EntryView | undefined;
  for (;;) {
    const heard = await ask(client, id, read);
    const isLate = clock.monotonic() >= until;
    if (heard instanceof MpaError) {
      if (isLate) throw heard;
    } else {
      const { incident, entries } = heard;
      const news = read === 0 ? sinceOrdered(entries) : entries;
      for (const line of storyLines(news, last)) tell(line);
      read += entries.length;
      last = entries.at(-1) ?? last;
      const how = howItStands(incident, news);
      if (how !== 'under-way' || isLate) return { incident, how };
    }
    await clock.sleep(Math.max(0, Math.min(ASK_MS, until - clock.monotonic())));
  }
}

async function ask(client: ApiClient, id: string, offset: number): Promise<Story | MpaError> {
  try {
    return await readStory(client, id, ENTRIES_MAX, offset);
  } catch (error) {
    if (error instanceof MpaError && PASSING.has(error.code)) return error;
    throw error;
  }
}

function howItStands({ phase, outcome }: Summary, news: readonly EntryView[]): Followed['how'] {
  if (outcome !== null) return 'ended';
  // One that is set aside is decided no more, whatever its phase.
  const isAside = news.some(({ body }) => body.type === 'quarantined');
  return phase === 'escalated' || isAside ? 'with-a-person' : 'under-way';
}

/** What came before the order is an older story. */
function sinceOrdered(entries: readonly EntryView[]): readonly EntryView[] {
  const ordered = entries.findLastIndex(({ body }) => {
    const { type, command, signal } = body;
    if (type === 'person-said') return command === 'recover';
    const source = typeof signal === 'object' && signal !== null && 'source' in signal ? signal.source : null;
    return type === 'signal-heard' && source === 'person';
  });
  return entries.slice(Math.max(0, ordered));
}
