import { type Bar, isSameBar, type RawBar } from './bar.ts';
import { type Calendar, usualInterval } from './calendar.ts';
import { type Held, isBehind } from './held.ts';
import { implausibleJump, RECENT_BARS } from './jump.ts';
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
  /** The newest bars of the series, oldest first. */
  readonly recent?: readonly Bar[];
  /** Where an earlier batch was cut for a jump. */
  readonly held?: Held | undefined;
  /** A person has said that jumps are real. */
  readonly acceptJumps: boolean;
  /** A person has said that a bar which contradicts one of the series is to take its place. */
  readonly replace?: boolean;
}

export interface Judgement {
  readonly verdicts: readonly Verdict[];
  /** Those to be added to the series, in order of time. */
  readonly fresh: readonly Bar[];
  /** Those to take the place of the bars at their times. */
  readonly replaced: readonly Bar[];
  /** Where the series is cut from now on. */
  readonly held: Held | undefined;
}

/** More bars missing in a row than this are a gap; fewer are holidays. */
const GAP_BARS = 4;

/** A verdict for every row; the good ones are kept whatever the others are. */
export function judge(rows: readonly RawBar[], context: JudgeContext): Judgement {
  const parsed = rows.map((raw) => parseBar(raw, context.nowMs));
  const times = parsed.map((p) => ('bar' in p ? p.bar.time : undefined));
  const intervalMs = intervalOf(context, times);
  const verdicts: Verdict[] = [];
  const fresh: Bar[] = [];
  const replaced: Bar[] = [];
  let last: Bar | undefined;
  let held = context.held;

  for (const index of readingOrder(times)) {
    const row = index + 1;
    const result = parsed[index];
    if (result === undefined) continue;
    const reject = ({ code, detail }: Fault): void => {
      verdicts[index] = { row, verdict: code, detail };
    };
    if ('fault' in result) {
      reject(result.fault);
      continue;
    }
    const { bar } = result;
    const fault = incompleteAt(bar.time, intervalMs, context.nowMs) ?? againIn(last, fresh, bar);
    if (fault !== undefined) {
      reject(fault);
      continue;
    }
    const known = context.knownAt(bar.time);
    if (known !== undefined && isSameBar(known, bar)) {
      verdicts[index] = { row, verdict: 'known' };
      last = bar;
      held = held !== undefined && bar.time >= held.time ? undefined : held;
      continue;
    }
    if (known !== undefined && context.replace !== true) {
      reject({
        code: 'conflict',
        detail: `The series has another bar at ${iso(bar.time)}: ${difference(known, bar)}.`,
      });
      continue;
    }
    const before = newer(last, context.knownBefore(bar.time));
    const missing = before === undefined ? 0 : missingBars(before.time, bar.time, context.calendar);
    const recent = (): readonly Bar[] =>
      [...(context.recent ?? []), ...fresh.slice(-RECENT_BARS)].slice(-RECENT_BARS);
    const jump = context.acceptJumps ? undefined : jumpAt(held, before, bar, recent, missing);
    if (jump !== undefined) {
      held = jump.held;
      reject(jump.fault);
      continue;
    }
    if (held !== undefined && bar.time >= held.time) held = undefined;
    last = bar;
    if (known !== undefined) {
      verdicts[index] = { row, verdict: 'replaced', detail: `${difference(known, bar)}.` };
      replaced.push(bar);
      continue;
    }
    verdicts[index] =
      missing > GAP_BARS
        ? { row, verdict: 'kept-after-gap', detail: `About ${missing} bars are missing before it.` }
        : { row, verdict: 'kept' };
    fresh.push(bar);
  }
  return { verdicts, fresh, replaced, held };
}

/** Of the series; while it has too few bars, of them and the batch together. One bar alone is taken for a day's. */
function intervalOf(context: JudgeContext, times: readonly (number | undefined)[]): number {
  if (context.calendar !== undefined) return context.calendar.intervalMs;
  const known = (context.recent ?? []).map(({ time }) => time);
  const all = new Set([...known, ...times.filter((time) => time !== undefined)]);
  return usualInterval([...all].sort((a, b) => a - b));
}

/** A bar that is still being made would be stored as it is now, and contradict itself when it is done. */
function incompleteAt(time: number, intervalMs: number, nowMs: number): Fault | undefined {
  const endMs = time + intervalMs;
  if (endMs <= nowMs) return undefined;
  return { code: 'incomplete', detail: `The bar is complete at ${iso(endMs)}; it is taken from then on.` };
}

const JUMP_REMEDY = 'Correct it, or accept jumps if this one was real.';

/** A move that no market makes, or a bar on the other side of one; with where the series is cut then. */
function jumpAt(
  held: Held | undefined,
  before: Bar | undefined,
  bar: Bar,
  recent: () => readonly Bar[],
  missing: number,
): { readonly fault: Fault; readonly held: Held } | undefined {
  if (before === undefined) return undefined;
  if (held !== undefined && isBehind(held, bar, before)) {
    const detail = `It follows the bar of ${iso(held.time)}, refused for its jump, and is on its scale.`;
    return { fault: { code: `after-${held.verdict}`, detail }, held };
  }
  const cut = (verdict: Held['verdict'], detail: string) => ({
    fault: { code: verdict, detail },
    held: { verdict, time: bar.time, close: bar.close },
  });
  const ratio = suspectedSplit(before, bar);
  if (ratio !== undefined) {
    return cut(
      'suspected-split',
      `From ${before.close} to ${bar.open} at the open is a ratio of about ${ratioInWords(ratio)}. Give prices ` +
        'adjusted for splits, or accept jumps if this one was real.',
    );
  }
  const words = implausibleJump(before, bar, recent, missing > GAP_BARS ? missing : 0);
  return words === undefined ? undefined : cut('implausible-jump', `${words}. ${JUMP_REMEDY}`);
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
