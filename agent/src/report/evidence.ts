import type { Citation } from '../core/diagnosis.ts';
import type { EvidenceItem } from '../core/evidence.ts';
import { CITATIONS_MAX, linesOf, placeOf, titleOf } from './citations.ts';
import { type Facts, said } from './facts.ts';
import { fenced, oneLine, prose, sizeBytes } from './markdown.ts';

/** Lines around a cited one. */
const AROUND = 2;
/** Lines of a log's end, and of anything else's beginning, that are shown though nothing cites them. */
const LOG_LINES = 15;
const OTHER_LINES = 30;
const LINE_MAX = 300;
/** What the excerpts may take, bytes. Cited ones come first. */
const EXCERPTS_BYTES = 65_536;
/** Pieces that are shown; an incident has a dozen. */
const ITEMS_MAX = 60;

/** The evidence as it is shown, and where each citation finds its line. */
export type EvidenceSection = {
  readonly lines: readonly string[];
  /** For `E2` and `E2:17` the link that leads there. */
  readonly anchors: ReadonlyMap<string, string>;
};

type Window = { readonly from: number; readonly to: number; readonly cited: readonly number[] };

/** Shows every piece of evidence by its id: every cited line, with its neighbours, and of the rest an excerpt. */
export function evidenceOf(facts: Facts, citations: readonly Citation[]): EvidenceSection {
  const cited = citedLines(facts, citations);
  const anchors = new Map<string, string>();
  const shown = new Map<string, string[]>();
  let leftBytes = EXCERPTS_BYTES;
  const isCited = ({ id }: EvidenceItem) => cited.has(id);
  const all = [...facts.evidence.values()];
  const items = all.filter((item, index) => index < ITEMS_MAX || isCited(item));
  for (const item of [...items.filter(isCited), ...items.filter((each) => !isCited(each))]) {
    anchors.set(item.id, anchorOf(item.id));
    const blocks: string[] = [];
    for (const window of windowsOf(item, cited.get(item.id) ?? [])) {
      const block = blockOf(item, fit(item, window, leftBytes));
      const isWanted = window.cited.length > 0;
      if (!isWanted && sizeBytes(block) > leftBytes) {
        blocks.push('Left out, for the length of this report.', '');
        continue;
      }
      leftBytes -= sizeBytes(block);
      blocks.push(block, '');
      const [first] = window.cited;
      for (const line of window.cited)
        anchors.set(`${item.id}:${line}`, anchorOf(`${item.id} line ${first}`));
    }
    shown.set(item.id, blocks);
  }
  const lines = items.flatMap((item) => [
    `### ${item.id}`,
    '',
    captionOf(item),
    '',
    ...(shown.get(item.id) ?? []),
  ]);
  const left = all.length - items.length;
  const more = left === 0 ? [] : [`… and ${left} more pieces; they are in the journal.`, ''];
  return { lines: [...lines, ...more, ...missingOf(facts)], anchors };
}

function citedLines(facts: Facts, citations: readonly Citation[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, Set<number>>();
  for (const citation of citations.slice(0, CITATIONS_MAX)) {
    const place = placeOf(citation, facts.evidence);
    if (place === null) continue;
    const lines = found.get(place.item.id) ?? new Set();
    if (place.line !== null) lines.add(place.line);
    found.set(place.item.id, lines);
  }
  return new Map([...found].map(([id, lines]) => [id, [...lines].sort((a, b) => a - b)]));
}

/** Which lines are shown: around each cited one, and the end of a log or the beginning of anything else. */
function windowsOf(item: EvidenceItem, cited: readonly number[]): readonly Window[] {
  const length = lengthOf(item);
  const unasked: Window =
    item.kind === 'logs' && item.side !== 'after'
      ? { from: Math.max(1, length - LOG_LINES + 1), to: length, cited: [] }
      : { from: 1, to: Math.min(length, item.kind === 'logs' ? LOG_LINES : OTHER_LINES), cited: [] };
  const around = cited.map((line) => ({
    from: Math.max(1, line - AROUND),
    to: Math.min(length, line + AROUND),
    cited: [line],
  }));
  const merged: Window[] = [];
  for (const window of [...around, unasked].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && window.from <= last.to + 1) {
      merged[merged.length - 1] = {
        from: last.from,
        to: Math.max(last.to, window.to),
        cited: [...last.cited, ...window.cited],
      };
    } else merged.push(window);
  }
  return merged;
}

/** What is cited is shown whatever is left of the room; its neighbours only where there is room for them. */
function fit(item: EvidenceItem, window: Window, leftBytes: number): Window & { readonly only: boolean } {
  const only = window.cited.length > 0 && sizeBytes(blockOf(item, { ...window, only: false })) > leftBytes;
  return { ...window, only };
}

function blockOf(item: EvidenceItem, { from, to, cited, only }: Window & { readonly only: boolean }): string {
  const lines = linesOf(item);
  const width = String(to).length;
  const numbers = only ? cited : Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const [first] = cited;
  const block = fenced(
    numbers.map((number) => {
      const mark = cited.includes(number) ? '>' : ' ';
      return `${mark} ${String(number).padStart(width)} │ ${shownLine(lines[number - 1] ?? '')}`.trimEnd();
    }),
  );
  return first === undefined ? block : `#### ${item.id} line ${first}\n\n${block}`;
}

function shownLine(line: string): string {
  const left = line.length - LINE_MAX;
  const shown = oneLine(line.slice(0, LINE_MAX).replaceAll('\t', '  ').trimEnd(), LINE_MAX);
  return left <= 0 ? shown : `${shown}… (${left} characters more)`;
}

function captionOf(item: EvidenceItem): string {
  const length = lengthOf(item);
  const lines = `${length} ${length === 1 ? 'line' : 'lines'}`;
  const title = titleOf(item);
  return `${title.charAt(0).toUpperCase()}${prose(title.slice(1))}: ${item.text === '' ? 'empty' : lines}${
    item.truncated ? '; its source held more' : ''
  }.`;
}

/** A last line break ends the last line and begins no other. */
function lengthOf(item: EvidenceItem): number {
  const lines = linesOf(item);
  return lines.length > 1 && lines.at(-1) === '' ? lines.length - 1 : lines.length;
}

function missingOf({ entries, evidence }: Facts): readonly string[] {
  const missing = [...new Set(said(entries, 'evidence-gathered').flatMap(({ body }) => body.missing))];
  const none = evidence.size === 0 ? ['No evidence could be kept.', ''] : [];
  if (missing.length === 0) return none;
  return [
    ...none,
    'Could not be had:',
    '',
    ...missing.slice(0, 20).map((each) => `- Missing: ${prose(each)}`),
    '',
  ];
}

/** The anchor that renderers give a heading: lower case, hyphens for spaces. */
function anchorOf(heading: string): string {
  return `#${heading.toLowerCase().replaceAll(' ', '-')}`;
}
