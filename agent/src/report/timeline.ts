import { sayEntry } from '../core/describe.ts';
import type { Entry, EntryBody } from '../core/entry.ts';
import { isSaidBefore, type Said } from '../core/saidBefore.ts';
import { duration } from '../core/words.ts';
import type { Facts } from './facts.ts';
import { iso, prose } from './markdown.ts';

/** Rows that are told: of a longer story its beginning and its end. */
const FIRST_ROWS = 100;
const LAST_ROWS = 60;
/** A sentence that came among so many before it is not said again, but counted there. */
const REPEAT_WITHIN = 4;

/** What repeats while an incident goes on; a reader of the story does not miss it. */
const UNTOLD: ReadonlySet<EntryBody['type']> = new Set<EntryBody['type']>([
  'signal-repeated',
  'look-started',
]);

type Row = { readonly at: number; readonly sentence: string; again: number; lastAt: number };

/** Everything in its order: when, how long after the line before, and what. */
export function timelineOf({ entries }: Facts): readonly string[] {
  const rows = rowsOf(entries);
  const lines = rows.map((row, index) => {
    const before = rows[index - 1];
    const gapMs = before === undefined ? 0 : Math.max(0, row.at - before.at);
    const gap = gapMs === 0 ? '' : ` **+${duration(gapMs)}**`;
    return `- \`${iso(row.at)}\`${gap} ${prose(row.sentence)}${again(row)}`;
  });
  const left = lines.length - FIRST_ROWS - LAST_ROWS;
  const shown =
    left <= 1
      ? lines
      : [
          ...lines.slice(0, FIRST_ROWS),
          `- … ${left} lines left out; \`mpa incidents show\` has them`,
          ...lines.slice(-LAST_ROWS),
        ];
  const resends = entries.filter(({ body }) => body.type === 'signal-repeated');
  const last = resends.at(-1);
  return last === undefined
    ? shown
    : [
        ...shown,
        '',
        `Its alerts were heard again ${count(resends.length, 'time')}, the last at \`${iso(last.at)}\`.`,
      ];
}

function rowsOf(entries: readonly Entry[]): readonly Row[] {
  const rows: Row[] = [];
  for (const [index, entry] of entries.entries()) {
    if (isUntold(entry, entries[index - 1])) continue;
    const sentence = sayEntry(entry);
    const same = mayRepeat(entry)
      ? rows.slice(-REPEAT_WITHIN).find((row) => row.sentence === sentence)
      : undefined;
    if (same === undefined) rows.push({ at: entry.at, sentence, again: 0, lastAt: entry.at });
    else {
      same.again += 1;
      same.lastAt = entry.at;
    }
  }
  return rows;
}

function isUntold(entry: Entry, before: Entry | undefined): boolean {
  const { body } = entry;
  if (UNTOLD.has(body.type)) return true;
  if (body.type === 'guards-answered') return body.answers.every(({ verdict }) => verdict === 'allow');
  return isSaidBefore(said(entry), before === undefined ? undefined : said(before));
}

function said(entry: Entry): Said {
  return { type: entry.body.type, text: sayEntry(entry) };
}

/** What is seen, asked and tried again while nothing changes. */
function mayRepeat({ body }: Entry): boolean {
  return (
    body.type === 'observed' ||
    body.type === 'step-held' ||
    body.type === 'guards-answered' ||
    (body.type === 'notified' && !body.delivered)
  );
}

function again({ again: more, lastAt }: Row): string {
  return more === 0 ? '' : ` (and ${count(more, 'time')} more, the last at \`${iso(lastAt)}\`)`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
