import type { Bar, RawBar } from './bar.ts';
import type { Fault } from './verdict.ts';

export type ParsedBar = { readonly bar: Bar } | { readonly fault: Fault };

const DAY_MS = 86_400_000;

/** Reads one row as it came, and says what is wrong with it by itself, whatever stands beside it. */
export function parseBar(raw: RawBar, nowMs: number): ParsedBar {
  const time = parseTime(raw.time);
  if (time === undefined) return fault('bad-time', `"${show(raw.time)}" is not a date or time.`);
  if (time > nowMs + DAY_MS) return fault('in-the-future', 'The bar is dated more than a day from now.');

  const prices = { open: 0, high: 0, low: 0, close: 0 };
  for (const field of ['open', 'high', 'low', 'close'] as const) {
    const value = parseNumber(raw[field]);
    if (value === undefined) return fault('not-a-number', `${field} is "${show(raw[field])}", not a number.`);
    if (value <= 0) return fault('not-positive', `${field} is ${value}; a price must be above 0.`);
    prices[field] = value;
  }
  // Indices and currencies often come without a volume.
  const volume = raw.volume === undefined || raw.volume === '' ? 0 : parseNumber(raw.volume);
  if (volume === undefined) return fault('not-a-number', `volume is "${show(raw.volume)}", not a number.`);
  if (volume < 0) return fault('not-positive', `volume is ${volume}; it must not be below 0.`);

  const { open, high, low, close } = prices;
  if (high < low) return fault('high-below-low', `high ${high} is below low ${low}.`);
  // Providers round the four prices apart; a thousandth of a percent is not a lie.
  const slack = 1e-5 * high;
  for (const [field, value] of [
    ['open', open],
    ['close', close],
  ] as const) {
    if (value > high + slack || value < low - slack) {
      return fault('outside-range', `${field} ${value} is outside the day's range, ${low} to ${high}.`);
    }
  }
  return { bar: { time, open, high, low, close, volume } };
}

function fault(code: Fault['code'], detail: string): ParsedBar {
  return { fault: { code, detail } };
}

/** Numbers and their usual spelling; not "1,234", whose meaning differs by country. */
function parseNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim()))
    return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** A number is seconds or milliseconds since 1970 (by size); a string an ISO date or date and time, else UTC. */
function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,13}$/.test(value.trim()))) {
    const number = Number(value);
    if (!Number.isFinite(number) || number <= 0) return undefined;
    return Math.round(number < 1e11 ? number * 1000 : number);
  }
  if (typeof value !== 'string') return undefined;
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
      value.trim(),
    );
  if (match === null) return undefined;
  const [, year, month, day, clock, zone] = match;
  const parsed = Date.parse(`${year}-${month}-${day}T${clock ?? '00:00'}${zone ?? 'Z'}`);
  if (Number.isNaN(parsed)) return undefined;
  // Date.parse takes 2021-02-31 for 3 March.
  const named = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return new Date(named).getUTCDate() === Number(day) ? parsed : undefined;
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'missing');
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
