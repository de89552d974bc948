import type { EvidenceItem, EvidenceKind } from '../core/evidence.ts';
import type { LastRun } from './lastRun.ts';
import { type LineTime, timeOf } from './lineTime.ts';

/** What was written so shortly before the end counts in full, milliseconds. */
const FRESH_MS = 60_000;
/** What is older does not count, milliseconds. */
const RECENT_MS = 300_000;
/** The same for lines without a time: their distance from the end. */
const FRESH_LINES = 50;
const RECENT_LINES = 500;
/** How much a line counts that is recent and no longer fresh. */
const RECENT_WEIGHT = 0.9;
/** A log may name a time a moment before the start that the runtime names, milliseconds; not more: a restart is quick. */
const START_GRACE_MS = 500;
const SECOND_MS = 1_000;
/** Kinds of evidence whose lines say when. */
export const HAS_TIMES: ReadonlySet<EvidenceKind> = new Set(['logs', 'health-log', 'events']);
/** Lines of one piece that are looked at, from its end. */
const LINES_MAX = 5_000;

/** One line that is looked at. */
export type WeighedLine = {
  /** From 1 on. */
  readonly number: number;
  readonly text: string;
  /** How much a cause counts that is seen in it, 0 to 1. */
  readonly weight: number;
  /** Whether the service has lived on for minutes, in the same run, after it wrote this. */
  readonly outlived: boolean;
};

type DatedLine = { readonly number: number; readonly text: string; readonly time: LineTime | null };

/**
 * The lines of a log from its end backwards, each with what it counts: in full within the last minute, hardly less
 * within the last five, then nothing. Lines from before the last start belong to another run; they count only where
 * the runtime starts the instance again and again. A line without a time has that of the line before it; where none
 * has one, lines are counted.
 *
 * @param endedAt The newest time that the evidence knows, milliseconds since the epoch.
 */
export function* weighLog(text: string, run: LastRun, endedAt: number | null): Generator<WeighedLine> {
  const lines = datedLines(text);
  const last = lines.findLast(({ time }) => time !== null)?.time ?? null;
  const end = last === null ? null : endOf(last, endedAt);
  for (let fromEnd = 0; fromEnd < lines.length; fromEnd += 1) {
    const line = lines[lines.length - 1 - fromEnd];
    if (line === undefined) return;
    const { number, time } = line;
    const isOfLastRun = time === null || !time.hasZone || isSince(borderOf(run), time.at);
    const age = time === null || end === null ? null : end - time.at;
    const counted =
      age === null ? weightOf(fromEnd, FRESH_LINES, RECENT_LINES) : weightOf(age, FRESH_MS, RECENT_MS);
    yield {
      number,
      text: line.text,
      weight: isOfLastRun || run.loops ? counted : 0,
      outlived: isOfLastRun && run.startedAt !== null && age !== null && age > RECENT_MS,
    };
  }
}

/**
 * When the last run began, as its log may tell it; `null` where that is not known. Where the end of the run before is
 * known, half way from there: its last words are taken down a moment later, the first ones of the next a moment earlier.
 */
function borderOf({ startedAt, finishedAt }: LastRun): number | null {
  if (startedAt === null) return null;
  const earliest = startedAt - START_GRACE_MS;
  return finishedAt === null || finishedAt >= startedAt
    ? earliest
    : Math.max(earliest, (finishedAt + startedAt) / 2);
}

/** A log that tells whole seconds means the second. */
function isSince(border: number | null, at: number): boolean {
  if (border === null) return true;
  return at >= (at % SECOND_MS === 0 ? border - (border % SECOND_MS) : border);
}

/** The newest time, with a zone, that the evidence knows: what happened to instances, and what they wrote. */
export function newestTime(
  evidence: readonly EvidenceItem[],
  runOf: (instance: string) => LastRun,
): number | null {
  const times = evidence.flatMap(({ kind, instance, text }) => {
    if (kind === 'inspect') {
      const { startedAt, finishedAt } = runOf(instance);
      return [startedAt, finishedAt];
    }
    if (!HAS_TIMES.has(kind)) return [];
    const last = text
      .split('\n')
      .slice(-FRESH_LINES)
      .map(timeOf)
      .findLast((time) => time !== null);
    return last?.hasZone === true ? [last.at] : [];
  });
  const known = times.filter((at) => at !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function datedLines(text: string): readonly DatedLine[] {
  const all = text.split('\n');
  const skipped = Math.max(0, all.length - LINES_MAX);
  let time: LineTime | null = null;
  return all.slice(skipped).map((line, index) => {
    time = timeOf(line) ?? time;
    return { number: skipped + index + 1, text: line, time };
  });
}

/** Without a zone, a log can only be compared with itself. */
function endOf(last: LineTime, endedAt: number | null): number {
  return last.hasZone && endedAt !== null ? Math.max(last.at, endedAt) : last.at;
}

function weightOf(distance: number, fresh: number, recent: number): number {
  if (distance <= fresh) return 1;
  return distance <= recent ? RECENT_WEIGHT : 0;
}
