import { z } from 'zod';
import type { RecurringWindow } from '../core/maintenance.ts';
import { durationSchema, formatDuration } from '../duration.ts';
import { describedDefault } from '../editorSchema.ts';
import { nearestOf } from './nearest.ts';
import { line, name } from './schemaParts.ts';

/** In the order in which the core numbers them. */
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const UTC = 'UTC';
const WINDOWS_MAX = 500;
const DAY_MS = 86_400_000;

const windowSchema = z.strictObject({
  targets: z
    .array(name())
    .min(1)
    .max(1_000)
    .optional()
    .meta({ description: 'Targets it is for; without it, all.' }),
  days: z
    .array(z.enum(DAYS))
    .min(1)
    .max(7)
    .optional()
    .meta({ description: 'Days on which it begins; without it, every day.' }),
  start: z
    .string({ error: 'must be a time of day in quotes, such as "02:30"' })
    .refine((text) => minuteOf(text) !== null, { error: 'must be a time of day, "00:00" to "23:59"' })
    .meta({ description: 'When it begins, by the clock on the wall in `time_zone`.', examples: ['02:30'] }),
  duration: durationSchema({ minMs: 60_000, maxMs: DAY_MS }).meta({
    description: 'How long it lasts, at most a day.',
  }),
  time_zone: line(64)
    .superRefine((text, context) => {
      if (isTimeZone(text)) return;
      const nearest = nearestOf(text, Intl.supportedValuesOf('timeZone'));
      const hint = nearest === null ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
      context.addIssue({
        code: 'custom',
        message: `is no time zone that is known here: write an IANA name such as Europe/Berlin${hint}`,
      });
    })
    .optional()
    .meta(describedDefault('IANA name of the time zone.', UTC)),
  reason: line(500).meta({ description: 'Why nothing is touched then; the operator reads it.' }),
});

/** Maintenance windows that come again. */
export const maintenanceSchema = z.array(windowSchema).max(WINDOWS_MAX);

type Written = z.output<typeof maintenanceSchema>;

/** The windows as the core asks them. */
export function maintenanceWindows(written: Written | undefined): readonly RecurringWindow[] {
  return (written ?? []).map(({ targets, days, start, duration: durationMs, time_zone, reason }) => ({
    targets: targets ?? [],
    days: (days ?? []).map((day) => DAYS.indexOf(day)),
    startMinute: minuteOf(start) ?? 0,
    durationMs,
    timeZone: time_zone ?? UTC,
    reason,
  }));
}

/** `sat, sun at 02:30 Europe/Berlin for 2h: backups`, for whoever checks a configuration. */
export function describeWindow(window: RecurringWindow): string {
  const { days, startMinute, durationMs, timeZone, reason } = window;
  const when = days.length === 0 ? 'every day' : days.map((day) => DAYS[day]).join(', ');
  const two = (part: number) => String(part).padStart(2, '0');
  const start = `${two(Math.floor(startMinute / 60))}:${two(startMinute % 60)}`;
  return `${when} at ${start} ${timeZone} for ${formatDuration(durationMs)}: ${reason}`;
}

/** Minutes after midnight of `HH:MM`; `null` when it is none. */
function minuteOf(text: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? null : Number(match[1]) * 60 + Number(match[2]);
}

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text });
    return true;
  } catch {
    // A RangeError is how Intl says that it knows no such zone.
    return false;
  }
}
