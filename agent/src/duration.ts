import { z } from 'zod';

/** Milliseconds of each unit, longest first, as they are written: `1h30m`. */
const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** How editors, which check by JSON Schema, know a duration; looser than the check itself. */
export const DURATION_PATTERN = '^(\\d+(d|h|ms|m|s))+$';

const PATTERN = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** How a duration is written, for every message that refuses one. */
const DURATION_FORM = 'a number with a unit (ms, s, m, h, d), such as 10s, 5m or 1h30m';

/** Milliseconds of a written duration such as `10s`, `5m` or `1h30m`; `null` when it is none. */
export function parseDuration(text: string): number | null {
  const match = PATTERN.exec(text);
  if (match === null || text === '') return null;
  const totalMs = UNITS.reduce((sum, [, unitMs], index) => sum + Number(match[index + 1] ?? 0) * unitMs, 0);
  return Number.isSafeInteger(totalMs) ? totalMs : null;
}

/** The shortest way to write a duration; `parseDuration` gives the same number back. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  let rest = durationMs;
  let text = '';
  for (const [unit, unitMs] of UNITS) {
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs;
  }
  return text;
}

/** Bounds of a duration, inclusive, milliseconds. */
export type DurationBounds = { readonly minMs: number; readonly maxMs: number };

/** Schema of a written duration; its output is milliseconds. */
export function durationSchema({ minMs, maxMs }: DurationBounds) {
  const range = `${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return z
    .string({
      error: ({ input }) => {
        if (input === undefined) return `is required: ${DURATION_FORM}`;
        if (typeof input === 'number')
          return `is a bare number; a duration needs a unit: write ${input}s or ${input}ms`;
        return `must be a duration: ${DURATION_FORM}`;
      },
    })
    .meta({ pattern: DURATION_PATTERN, examples: ['10s', '5m', '1h30m'] })
    .transform((text, context) => {
      const durationMs = parseDuration(text);
      if (durationMs !== null && durationMs >= minMs && durationMs <= maxMs) return durationMs;
      context.addIssue({ code: 'custom', message: refuse(text, durationMs, range) });
      return z.NEVER;
    });
}

function refuse(text: string, durationMs: number | null, range: string): string {
  if (durationMs !== null) return `is ${text}, outside of ${range}`;
  if (/^-?\d+(\.\d+)?$/.test(text))
    return `is a bare number; a duration needs a unit: write ${text}s or ${text}ms`;
  return `is no duration: ${JSON.stringify(text)}; write ${DURATION_FORM}`;
}
