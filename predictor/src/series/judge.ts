import { type Bar, isSameBar, type RawBar } from './bar.ts';
import type { Calendar } from './calendar.ts';
import { parseBar } from './parse-bar.ts';
import { suspectedSplit } from './split.ts';
import type { Fault, Verdict } from './verdict.ts';

/** What a batch of rows is judged against. */
export interface JudgeContext {
  readonly nowMs: number;
  /** The bar of the series at exactly this time. */
  knownAt(time: number): Bar | undefined;
  /** The newest bar of the series before this time. */
  knownBefore(time: number): Bar | undefined;
  /** Of the series as it was before the batch; undefined while it has too few bars. */
  readonly calendar: Calendar | undefined;
  /** A person has said that jumps which look like splits are real. */
  readonly acceptJumps: boolean;
}

export interface Judgement {
  readonly verdicts: readonly Verdict[];
  /** Those to be added to the series, in order of time. */
  readonly fresh: readonly Bar[];
}

/** More bars missing in a row than this are a gap; fewer are holidays. */
const GAP_BARS = 4;

/** A verdict for every row; the good ones are kept whatever the others are. */
export function judge(rows: readonly RawBar[], context: JudgeContext): Judgement {
  const parsed = rows.map((raw) => parseBar(raw, context.nowMs));
  const order = readingOrder(parsed.map((p) => ('bar' in p ? p.bar.time : undefined)));
  const verdicts: Verdict[] = [];
  const fresh: Bar[] = [];
  let last: Bar | undefined;
  let split: { readonly row: number } | undefined;

  for (const index of order) {
    const row = index + 1;
    const result = parsed[index];
    if (result === undefined) continue;
    const reject = (code: Fault['code'], detail: string): void => {
      verdicts[index] = { row, verdict: code, detail };
    };
    if ('fault' in result) {
      reject(result.fault.code, result.fault.detail);
      continue;
    }
    const { bar } = result;
    const again = againIn(last, fresh, bar);
    if (again !== undefined) {
      reject(again.code, again.detail);
      continue;
    }
    const known = context.knownAt(bar.time);
    if (known !== undefined) {
      if (isSameBar(known, bar)) {
        verdicts[index] = { row, verdict: 'known' };
        last = bar;
      } else {
        reject('conflict', `The series has another bar at ${iso(bar.time)}: ${difference(known, bar)}.`);
      }
      continue;
    }
    if (split !== undefined) {
      reject(
        'after-suspected-split',
        `Row ${split.row} looks like a split; rows after it are on another scale.`,
      );
      continue;
    }
    const before = newer(last, context.knownBefore(bar.time));
    const ratio = before === undefined || context.acceptJumps ? undefined : suspectedSplit(before, bar);
    if (before !== undefined && ratio !== undefined) {
      split = { row };
      reject(
        'suspected-split',
        `From ${before.close} to ${bar.open} at the open is a ratio of about ${ratioInWords(ratio)}. Give prices ` +
          'adjusted for splits, or accept jumps if this one was real.',
      );
      continue;
    }
    const missing = before === undefined ? 0 : missingBars(before.time, bar.time, context.calendar);
    verdicts[index] =
      missing > GAP_BARS
        ? { row, verdict: 'kept-after-gap', detail: `About ${missing} bars are missing before it.` }
        : { row, verdict: 'kept' };
    fresh.push(bar);
    last = bar;
  }
  return { verdicts, fresh };
}

/** Some providers give the newest first: a batch that only ever falls is read from its end. */
function readingOrder(times: readonly (number | undefined)[]): number[] {
  const known = times.filter((time) => time !== undefined);
  const falls = known.every((time, i) => i === 0 || time <= (known[i - 1] ?? time));
  const isReversed = known.length > 1 && falls && (known[0] ?? 0) > (known.at(-1) ?? 0);
  const order = times.map((_, i) => i);
  return isReversed ? order.reverse() : order;
}

/** A row that repeats, contradicts or comes before one that this batch already gave. */
function againIn(last: Bar | undefined, fresh: readonly Bar[], bar: Bar): Fault | undefined {
  if (last === undefined || bar.time > last.time) return undefined;
  const twin = last.time === bar.time ? last : fresh.find((other) => other.time === bar.time);
  if (twin === undefined) {
    return { code: 'out-of-order', detail: `${iso(bar.time)} comes after ${iso(last.time)} in the batch.` };
  }
  return isSameBar(twin, bar)
    ? { code: 'duplicate', detail: `The batch already has this bar of ${iso(bar.time)}.` }
    : {
        code: 'conflict',
        detail: `The batch already has another bar at ${iso(bar.time)}: ${difference(twin, bar)}.`,
      };
}

function newer(a: Bar | undefined, b: Bar | undefined): Bar | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.time >= b.time ? a : b;
}

/** Without a calendar yet, weekends must not look like gaps: whole weeks less their ends. */
function missingBars(fromMs: number, toMs: number, calendar: Calendar | undefined): number {
  if (calendar !== undefined) return Math.max(0, calendar.barsDue(fromMs, toMs + calendar.intervalMs) - 1);
  const days = (toMs - fromMs) / 86_400_000;
  return Math.max(0, Math.floor((days * 5) / 7) - 1);
}

function ratioInWords(factor: number): string {
  const round = (value: number): string => String(Math.round(value * 100) / 100);
  return factor >= 1 ? `${round(factor)} to 1` : `1 to ${round(1 / factor)}`;
}

function difference(a: Bar, b: Bar): string {
  return (['open', 'high', 'low', 'close', 'volume'] as const)
    .filter((field) => a[field] !== b[field])
    .map((field) => `${field} ${a[field]} there, ${b[field]} here`)
    .join('; ');
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
