/** A maintenance window that comes again, from configuration. */
export type RecurringWindow = {
  /** Targets it is for; empty: all. */
  readonly targets: readonly string[];
  /** Days on which it begins, 0 is Sunday; empty: every day. */
  readonly days: readonly number[];
  /** Minutes after midnight at which it begins, in `timeZone`. */
  readonly startMinute: number;
  /** At most a day, milliseconds. */
  readonly durationMs: number;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  readonly reason: string;
};

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** The window of a target that is open now, the one that ends last; null when none is. */
export function windowAt(
  windows: readonly RecurringWindow[],
  target: string,
  now: number,
): { readonly until: number; readonly reason: string } | null {
  let open: { readonly until: number; readonly reason: string } | null = null;
  for (const window of windows) {
    if (window.targets.length > 0 && !window.targets.includes(target)) continue;
    const until = openUntil(window, now);
    if (until !== null && until > (open?.until ?? 0)) open = { until, reason: window.reason };
  }
  return open;
}

/** A recurring window while it is open; `targets` empty: all. */
export type OpenWindow = Pick<RecurringWindow, 'targets' | 'reason'> & { readonly until: number };

/** The windows that are open now. */
export function openWindows(windows: readonly RecurringWindow[], now: number): readonly OpenWindow[] {
  return windows.flatMap((window) => {
    const until = openUntil(window, now);
    const { targets, reason } = window;
    return until === null ? [] : [{ targets, reason, until }];
  });
}

/**
 * When the window that is open now ends, or null. It began today or yesterday by the zone's own calendar; it lasts
 * its duration by the clock on the wall there, so that a change to or from summer time moves neither of its ends.
 */
function openUntil({ days, startMinute, durationMs, timeZone }: RecurringWindow, now: number): number | null {
  const { day, minute, ms } = localTime(now, timeZone);
  for (const daysAgo of [0, 1]) {
    const began = (day - daysAgo + 7) % 7;
    if (days.length > 0 && !days.includes(began)) continue;
    const sinceStartMs = (minute + daysAgo * DAY_MINUTES - startMinute) * MINUTE_MS + ms;
    if (sinceStartMs >= 0 && sinceStartMs < durationMs) return now + durationMs - sinceStartMs;
  }
  return null;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function localTime(
  now: number,
  timeZone: string,
): { readonly day: number; readonly minute: number; readonly ms: number } {
  const minuteAt = Math.floor(now / MINUTE_MS);
  const ms = now - minuteAt * MINUTE_MS;
  const known = lastAsked.get(timeZone);
  if (known?.minuteAt === minuteAt) return { day: known.day, minute: known.minute, ms };
  const format = known?.format ?? formatOf(timeZone);
  const parts = format.formatToParts(now);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  const day = DAYS.indexOf(part('weekday'));
  const minute = Number(part('hour')) * 60 + Number(part('minute'));
  lastAsked.set(timeZone, { format, minuteAt, day, minute });
  return { day, minute, ms };
}

/**
 * The calendar is slow, and is asked for each target that fails at each decision: its last answer of each zone is kept.
 * The same question has the same answer with and without; there are as many zones as configurations name.
 */
const lastAsked = new Map<
  string,
  {
    readonly format: Intl.DateTimeFormat;
    readonly minuteAt: number;
    readonly day: number;
    readonly minute: number;
  }
>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}
