import type { Diagnosis } from '../../core/diagnosis.ts';
import type { EvidenceItem } from '../../core/evidence.ts';
import type { EvidenceBook } from './evidenceBook.ts';
import { neutral } from './neutral.ts';
import { estimateTokens } from './tokens.ts';

/** Longest line that is shown, UTF-16 units. */
const LINE_MAX = 600;
/** The last lines of every log are of interest, for the failure came after them. */
const LAST_LINES = 40;
/** Of an item with more lines than this, the first ones are shown only where they are cited. */
const LINES_RANKED_MAX = 10_000;
/** Lines before and after a cited one that say what led to it. */
const AROUND = 2;
/** What frames one line in JSON: its number, quotes, a comma. */
const LINE_TOKENS = 4;
/** What frames one item. */
const ITEM_TOKENS = 40;

export const TROUBLE =
  /error|fatal|panic|exception|fail|refused|denied|killed|abort|cannot|critical|traceback|timed? ?out/i;

/** What of one item is shown: its lines by their numbers, so that a citation means the same here and in the journal. */
export type ShownItem = {
  readonly id: string;
  readonly kind: EvidenceItem['kind'];
  readonly instance: string;
  readonly lines: Readonly<Record<number, string>>;
  readonly of: number;
};

/** In which order lines are taken while there is room, the most telling first. */
const RANK = { cited: 0, unusual: 1, around: 2, fact: 3, last: 4, trouble: 5, other: 6 } as const;

type Candidate = { readonly id: string; readonly line: number; readonly rank: number };

/**
 * The evidence, cut down to a number of tokens: what the rules cite, what is unusual, what stands around it, facts, the
 * last lines, what sounds like trouble, and then the rest, the newest first.
 */
export function selectEvidence(
  book: EvidenceBook,
  diagnosis: Diagnosis,
  maxTokens: number,
): readonly ShownItem[] {
  const candidates = rankLines(book, diagnosis);
  const taken = new Map<string, Map<number, string>>();
  let left = maxTokens;
  for (const { id, line } of candidates) {
    const text = neutral(book.lines(id)[line - 1] ?? '', LINE_MAX);
    const tokens = estimateTokens(text) + LINE_TOKENS + (taken.has(id) ? 0 : ITEM_TOKENS);
    if (left <= LINE_TOKENS) break;
    if (tokens > left) continue;
    left -= tokens;
    const lines = taken.get(id) ?? new Map<number, string>();
    taken.set(id, lines.set(line, text));
  }
  return book.items.flatMap((item): readonly ShownItem[] => {
    const lines = taken.get(item.id);
    if (lines === undefined) return [];
    return [
      {
        id: item.id,
        kind: item.kind,
        instance: neutral(item.instance, LINE_MAX),
        // Keys that are numbers stand in their order.
        lines: Object.fromEntries(lines),
        of: book.lines(item.id).length,
      },
    ];
  });
}

function rankLines(book: EvidenceBook, diagnosis: Diagnosis): readonly Candidate[] {
  const ranks = new Map<string, Map<number, number>>();
  const raise = (id: string, line: number, rank: number) => {
    const lines = ranks.get(id);
    if (lines === undefined) return;
    if ((book.lines(id)[line - 1] ?? '') === '') return;
    if (rank < (lines.get(line) ?? RANK.other + 1)) lines.set(line, rank);
  };
  for (const item of book.items) ranks.set(item.id, ranksOf(item, book.lines(item.id)));
  const cite = (citation: string, rank: number) => {
    const place = book.find(citation);
    if (place === null || place.line === 0) return;
    raise(place.item.id, place.line, rank);
    for (let step = 1; step <= AROUND; step += 1) {
      raise(place.item.id, place.line - step, RANK.around);
      raise(place.item.id, place.line + step, RANK.around);
    }
  };
  for (const cause of diagnosis.causes) for (const citation of cause.citations) cite(citation, RANK.cited);
  for (const { citation } of diagnosis.unusual) if (citation !== null) cite(citation, RANK.unusual);
  const all = [...ranks].flatMap(([id, lines]) => [...lines].map(([line, rank]) => ({ id, line, rank })));
  // Facts are read from their first line on, logs from their last.
  return all.sort(
    (left, right) =>
      left.rank - right.rank || (left.rank === RANK.fact ? left.line - right.line : right.line - left.line),
  );
}

function ranksOf(item: EvidenceItem, lines: readonly string[]): Map<number, number> {
  const rank = (text: string, line: number) => {
    if (item.kind !== 'logs') return RANK.fact;
    if (line > lines.length - LAST_LINES) return RANK.last;
    return TROUBLE.test(text) ? RANK.trouble : RANK.other;
  };
  const before = Math.max(0, lines.length - LINES_RANKED_MAX);
  const ranks = new Map<number, number>();
  for (const [index, text] of lines.slice(before).entries()) {
    const line = before + index + 1;
    // What is empty tells nothing.
    if (text !== '') ranks.set(line, rank(text, line));
  }
  return ranks;
}
