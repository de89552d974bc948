import type { Entry } from '../core/entry.ts';
import { causesOf, citationsOf, toldCauses } from './causes.ts';
import { deedsOf, peopleOf, proofOf, refusalsOf } from './deeds.ts';
import { evidenceOf } from './evidence.ts';
import { factsOf } from './facts.ts';
import { type History, historyOf } from './history.ts';
import { within } from './markdown.ts';
import { summaryOf, titleOf } from './opening.ts';
import { preventionOf } from './prevention.ts';
import { timelineOf } from './timeline.ts';

/** Entries of an incident that are read for its report; a normal one has a few dozen. */
export const REPORT_ENTRIES_MAX = 20_000;
const INCOMPLETE = `**Not all:** this incident has more entries than a report reads; told are the first ${REPORT_ENTRIES_MAX}.`;
/** Longest report, bytes. */
export const REPORT_BYTES_MAX = 262_144;
/** What each section but the evidence may take of it, bytes; the evidence has a limit of its own. */
const SECTION_BYTES = 10_240;
const TIMELINE_BYTES = 40_960;

/**
 * The story of one incident as Markdown (CommonMark) for people: what happened, why, what was done and refused, how
 * it was proved, how often it happens, what to change, and the evidence. The same entries always give the same text,
 * of at most `REPORT_BYTES_MAX` bytes. No text from outside has a meaning in it.
 *
 * @param entries All of the incident, oldest first.
 * @param history What came before, see `readHistory`.
 * @returns null where the entries do not begin with the opening of an incident.
 */
export function reportOf(entries: readonly Entry[], history: History): string | null {
  const facts = factsOf(entries);
  if (facts === null) return null;
  const evidence = evidenceOf(facts, citationsOf(facts));
  const causes = toldCauses(facts);
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['In short', summaryOf(facts, causes, history)],
    ['Why it failed', causesOf(facts, evidence)],
    ['What was done', deedsOf(facts)],
    ['What was refused or put off', refusalsOf(facts)],
    ['How it was verified', proofOf(facts)],
    ['Who was called', peopleOf(facts)],
    ['So that it does not come back', preventionOf({ facts, causes, history })],
    ['How often', historyOf(facts, causes, history)],
  ];
  const told = sections.map(([title, lines]) => section(title, within(lines, SECTION_BYTES, 'lines')));
  const timeline = within(timelineOf(facts), TIMELINE_BYTES, 'lines');
  const text = [
    titleOf(facts),
    '',
    ...(entries.length < REPORT_ENTRIES_MAX ? [] : [INCOMPLETE, '']),
    ...told,
    section('Time line', ['All times are UTC; in bold how long after the line before.', '', ...timeline, '']),
    section('Evidence', evidence.lines),
  ].join('\n');
  return `${text.trimEnd()}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return [`## ${title}`, '', ...lines].join('\n').replaceAll(/\n{3,}/g, '\n\n');
}
