import type { Cause } from '../core/diagnosis.ts';
import type { Entry, EntryBody } from '../core/entry.ts';
import { duration } from '../core/words.ts';
import type { IncidentSummary, Journal } from '../ports.ts';
import { type Facts, said } from './facts.ts';
import { code, iso, prose, sentence } from './markdown.ts';

/** How far back is looked, milliseconds: 30 days. */
export const HISTORY_MS = 30 * 86_400_000;
/** Incidents that are counted, and of the newest of them those whose cause and cure are read. */
const COUNTED_MAX = 500;
const READ_MAX = 50;
/** Entries read of each; a normal incident has a handful of these. */
const ENTRIES_MAX = 60;
const TOLD_MAX = 10;

/** What is read of an earlier incident: small entries all. */
const TYPES: readonly EntryBody['type'][] = [
  'diagnosed',
  'mutation-started',
  'verification-ended',
  'escalated',
];

/** An earlier incident of the same target. `entries`: null where only its summary was read. */
export type PastIncident = { readonly summary: IncidentSummary; readonly entries: readonly Entry[] | null };

/** The target's incidents in the 30 days before this one, newest first. */
export type History = {
  readonly past: readonly PastIncident[];
  /** Whether there were more than are counted. */
  readonly more: boolean;
};

export const NO_HISTORY: History = { past: [], more: false };

/** Reads what came before an incident: one question for the summaries, one for each of the newest. */
export async function readHistory(
  journal: Pick<Journal, 'incidents' | 'entriesOf'>,
  { id, target, openedAt }: Pick<IncidentSummary, 'id' | 'target' | 'openedAt'>,
): Promise<History> {
  if (target === null) return NO_HISTORY;
  const found = await journal.incidents({ target, before: openedAt + 1, limit: COUNTED_MAX + 1 });
  const recent = found.filter((each) => each.id !== id && each.openedAt >= openedAt - HISTORY_MS);
  const past: PastIncident[] = [];
  for (const [index, summary] of recent.slice(0, COUNTED_MAX).entries()) {
    const entries = index < READ_MAX ? await journal.entriesOf(summary.id, ENTRIES_MAX, TYPES) : null;
    past.push({ summary, entries });
  }
  return { past, more: recent.length > COUNTED_MAX };
}

/** How often this has happened, with the same cause too, and what worked then. */
export function historyOf(
  facts: Facts,
  causes: readonly Cause[],
  { past, more }: History,
): readonly string[] {
  if (facts.target === null) return ['Nothing is known of before: no target was found.', ''];
  if (past.length === 0) return [`It is the first incident of ${code(facts.target, 120)} in 30 days.`, ''];
  const alike = past.filter((each) => hasCauseOf(each, causes));
  const outcomes = [...Map.groupBy(past, stateOf)].map(([state, each]) => `${each.length} ${state}`);
  return [
    `In the 30 days before, ${code(facts.target, 120)} had ${more ? 'more than ' : ''}${count(past.length)}: ${outcomes.join(', ')}.`,
    ...(causes.length === 0
      ? []
      : [
          alike.length === 0
            ? 'None is known to have had the same cause.'
            : `The same cause was found in ${alike.length} of them.`,
        ]),
    '',
    ...past.slice(0, TOLD_MAX).map((each) => `- ${sayPast(facts, each, hasCauseOf(each, causes))}`),
    ...(past.length > TOLD_MAX ? [`- … and ${count(past.length - TOLD_MAX)} before`] : []),
    '',
  ];
}

/** Whether one of these causes was found then, too. */
export function hasCauseOf({ entries }: PastIncident, causes: readonly Cause[]): boolean {
  const ids = new Set(causes.map(({ id }) => id));
  return causesThen(entries).some(({ id }) => ids.has(id));
}

/** How many of the earlier incidents were mended by the agent; one that a person was called for may have been by them. */
export function recoveredBefore({ past }: History, sinceMs: number): number {
  return past.filter(
    ({ summary: { outcome, escalated, endedAt } }) =>
      outcome === 'recovered' && !escalated && (endedAt ?? 0) >= sinceMs,
  ).length;
}

function sayPast({ openedAt }: Facts, past: PastIncident, same: boolean): string {
  const { summary, entries } = past;
  const ago = duration(Math.max(0, openedAt - summary.openedAt));
  const acts =
    entries === null ? [] : [...new Set(said(entries, 'mutation-started').map(({ body }) => body.action))];
  // What was not proved to help is not called the cure, however it ended.
  const proved = said(entries ?? [], 'verification-ended').some(({ body }) => body.verified);
  const done =
    acts.length === 0 ? '' : ` ${proved ? 'by' : 'after'} ${acts.map((each) => code(each, 60)).join(', ')}`;
  const [surest] = causesThen(entries);
  const why =
    surest === undefined
      ? `; ${prose(summary.reason, 200)}`
      : `; ${same ? 'the same cause' : 'its cause'}: ${sentence(surest.summary, 160)}`;
  const took =
    summary.endedAt === null ? '' : `, ${duration(Math.max(0, summary.endedAt - summary.openedAt))} long`;
  return `\`${iso(summary.openedAt)}\`, ${ago} before: ${code(summary.id, 120)} ${stateOf(past)}${done}${took}${why}`;
}

function causesThen(entries: readonly Entry[] | null): readonly Cause[] {
  const last = said(entries ?? [], 'diagnosed').at(-1);
  return last?.body.diagnosis.causes.toSorted((a, b) => b.confidence - a.confidence) ?? [];
}

function stateOf({ summary }: PastIncident): string {
  const { outcome, escalated } = summary;
  if (outcome === null) return 'still open';
  return escalated ? `${outcome} with a person called` : outcome;
}

function count(number: number): string {
  return `${number} ${number === 1 ? 'incident' : 'incidents'}`;
}
