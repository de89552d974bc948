const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1 January 1970 was a Thursday; weeks are counted from a Monday. */
const EPOCH_MONDAY_MS = -3 * DAY_MS;
const WEEKS_READ = 26;
/** A slot in which fewer of the weeks have a bar is no trading time but an exception to one. */
const SHARE_MIN = 0.5;

/**
 * When a series has its bars, learnt from the series itself: the minutes of the week at which a bar usually stands.
 * A holiday is therefore expected to have a bar, and shows as one bar of age; limits on age should leave room for
 * two or three.
 */
export interface Calendar {
  /** The usual time between neighbouring bars, ms. */
  readonly intervalMs: number;
  readonly barsPerYear: number;
  /** How many bars should have come after `fromMs` and be complete at `nowMs`. */
  barsDue(fromMs: number, nowMs: number): number;
  /** The times of the next `count` bars after `fromMs`. */
  next(fromMs: number, count: number): number[];
}

/** `times` are those of the newest bars, oldest first (ms UTC). */
export function learnCalendar(times: ArrayLike<number>): Calendar {
  const list = Array.from(times);
  const newest = list.at(-1) ?? 0;
  const recent = list.filter((time) => time > newest - WEEKS_READ * WEEK_MS);
  const intervalMs = usualInterval(recent);
  const slots = usualSlots(recent, newest);

  const slotsAfter = function* (fromMs: number): Generator<number> {
    const monday = Math.floor((fromMs - EPOCH_MONDAY_MS) / WEEK_MS) * WEEK_MS + EPOCH_MONDAY_MS;
    for (let week = monday; ; week += WEEK_MS) {
      for (const slot of slots) if (week + slot > fromMs) yield week + slot;
    }
  };

  return {
    intervalMs,
    barsPerYear: (slots.length * 365.25) / 7,
    barsDue(fromMs, nowMs) {
      // Whole weeks by arithmetic, so that a series that ended years ago costs no more than a fresh one.
      const weeks = Math.max(0, Math.floor((nowMs - fromMs) / WEEK_MS) - 1);
      let due = weeks * slots.length;
      for (const time of slotsAfter(fromMs + weeks * WEEK_MS)) {
        if (time + intervalMs > nowMs) break;
        due += 1;
      }
      return due;
    },
    next(fromMs, count) {
      const times: number[] = [];
      for (const time of slotsAfter(fromMs)) {
        if (times.length >= count) break;
        times.push(time);
      }
      return times;
    },
  };
}

/** The median time between neighbours, ms; a day where there are none. `times` rise. */
export function usualInterval(times: readonly number[]): number {
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  gaps.sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? DAY_MS;
}

/** The slots of a week (ms from Monday 00:00 UTC, in whole minutes) that usually have a bar, in order. */
function usualSlots(times: readonly number[], newest: number): number[] {
  const seen = new Map<number, number>();
  for (const time of times) {
    const slot =
      Math.floor(((((time - EPOCH_MONDAY_MS) % WEEK_MS) + WEEK_MS) % WEEK_MS) / MINUTE_MS) * MINUTE_MS;
    seen.set(slot, (seen.get(slot) ?? 0) + 1);
  }
  const weeks = Math.max(1, (newest - (times[0] ?? newest)) / WEEK_MS);
  const usual = [...seen].filter(([, count]) => count >= SHARE_MIN * weeks).map(([slot]) => slot);
  // A series too young or too irregular to have habits: every slot that it ever used.
  const slots = usual.length > 0 ? usual : [...seen.keys()];
  return (slots.length > 0 ? slots : [0]).sort((a, b) => a - b);
}
