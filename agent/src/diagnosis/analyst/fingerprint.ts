import { createHash } from 'node:crypto';
import type { AnalysisQuestion } from '../../core/diagnosis.ts';
import type { EvidenceItem } from '../../core/evidence.ts';
import type { EvidenceBook } from './evidenceBook.ts';
import { TROUBLE } from './selection.ts';

/** Longest part of a line that is compared, UTF-16 units. */
const LINE_MAX = 600;
/** Where no line sounds like trouble, the last ones stand for the log. */
const LAST_LINES = 20;

/** Numbers that come otherwise each time, and say nothing about what the trouble is. */
const FLEETING: ReadonlySet<EvidenceItem['kind']> = new Set(['stats', 'metrics', 'history']);

const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`;
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const HEX = String.raw`0x[0-9a-f]+|\b(?=[a-f]*\d)[0-9a-f]{8,}\b`;
/** A number that says what happened: an exit code, a status, a signal. */
const CODE = String.raw`(?:code|status|errno|signal|exit(?:ed)?(?: with)?)\W{0,4}\d+`;
const VARIABLE = new RegExp(`(${CODE})|${TIME}|${UUID}|${HEX}|\\d+(?:\\.\\d+)?`, 'gi');

/** The line without what differs each time it is written: times, ids, and numbers that are no code. */
export function mask(line: string): string {
  return line
    .slice(0, LINE_MAX)
    .replace(VARIABLE, (_all, code: string | undefined) => code ?? '#')
    .trimEnd();
}

/**
 * Says which trouble this is: equal for a repeat, also where a crash loop has gone round once more, another instance
 * answered first, or times and process numbers differ. Whoever recalls an answer by it looks anew whether what the
 * answer cites is there.
 */
export function fingerprintOf(question: AnalysisQuestion, book: EvidenceBook): string {
  const { target, reason, labels, diagnosis, plan, alternatives } = question;
  const parts = [
    target,
    mask(reason),
    distinct(Object.entries(labels).map(([name, value]) => `${name}=${value}`)),
    [plan.strategy, ...plan.steps],
    alternatives.map(({ name }) => name).toSorted(),
    diagnosis.causes.map(({ id }) => id).toSorted(),
    distinct(diagnosis.unusual.map(({ kind, template }) => `${kind} ${template}`)),
    book.items
      .filter(({ kind }) => !FLEETING.has(kind))
      .map((item) => [item.kind, mask(item.instance), ...telling(item, book.lines(item.id))].join('\n'))
      .toSorted(),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function telling({ kind }: EvidenceItem, lines: readonly string[]): readonly string[] {
  if (kind !== 'logs') return distinct(lines);
  const trouble = lines.filter((line) => TROUBLE.test(line));
  return distinct(trouble.length > 0 ? trouble : lines.slice(-LAST_LINES));
}

function distinct(lines: readonly string[]): readonly string[] {
  return [...new Set(lines.map(mask))].sort();
}
