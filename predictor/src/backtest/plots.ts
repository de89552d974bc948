import { type BacktestResult, type DayScore, LEVELS } from './result.ts';
import { band, bar, dot, type Frame, frame, level, line, type Point, yearTicks } from './svg.ts';

const RECENT_DAYS = 500;
const WINDOW_DAYS = 250;
const BINS = 20;
/** More points than this on a line are not seen. */
const POINTS_MAX = 800;

/** The last days: each return against the interval that was forecast the day before. */
export function intervalsPlot(result: BacktestResult): string {
  const days = result.days.slice(-RECENT_DAYS);
  const at = LEVELS.indexOf(0.95);
  const lower = days.map((day) => ({ x: day.time, y: day.lower[at] ?? 0 }));
  const upper = days.map((day) => ({ x: day.time, y: day.upper[at] ?? 0 }));
  const all = [...days.map((day) => day.observed), ...lower.map((p) => p.y), ...upper.map((p) => p.y)];
  const from = days[0]?.time ?? 0;
  const to = days.at(-1)?.time ?? 1;
  const f = frame(
    'Returns and their 95 % intervals',
    { from, to, label: monthLabel, ticks: monthTicks(from, to) },
    { from: Math.min(...all) * 1.05, to: Math.max(...all) * 1.05, label: (v) => `${round(v)} %` },
  );
  const dots = days.map((day, i) => {
    const isMiss = day.observed < (lower[i]?.y ?? 0) || day.observed > (upper[i]?.y ?? 0);
    return dot(f, { x: day.time, y: day.observed }, isMiss ? 'miss' : 'hit', isMiss ? 2.6 : 1.4);
  });
  return f.render([band(f, upper, lower, 'c1'), level(f, 0, 'zero'), ...dots]);
}

/** Where the return fell in its forecast distribution: flat when calibrated. The band holds 95 % of flat ones. */
export function probabilityPlot(result: BacktestResult): string {
  const counts = new Array<number>(BINS).fill(0);
  for (const { probability } of result.days) {
    const bin = Math.min(BINS - 1, Math.floor(probability * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const expected = result.days.length / BINS;
  const spread = 1.96 * Math.sqrt(expected * (1 - 1 / BINS));
  const f = frame(
    'Histogram of forecast probabilities',
    { from: 0, to: 1, label: (v) => round(v) },
    { from: 0, to: Math.max(...counts, expected + spread) * 1.1, label: (v) => String(v) },
  );
  const flat = (y: number): Point[] => [
    { x: 0, y },
    { x: 1, y },
  ];
  return f.render([
    ...counts.map((count, i) => bar(f, i / BINS, (i + 1) / BINS, count, 'fill1')),
    band(f, flat(expected + spread), flat(expected - spread), 'expected'),
    level(f, expected, 'nominal'),
  ]);
}

/** The sum so far of (CRPS of the baseline - CRPS of the forecast): it climbs while the forecast is better. */
export function gainPlot(result: BacktestResult): string {
  let sum = 0;
  const points = result.days.map((day) => {
    sum += day.baselineCrps - day.crps;
    return { x: day.time, y: sum };
  });
  const f = overTime('Cumulative gain over the random walk', result.days, points, (v) => `${round(v)} %`);
  return f.render([level(f, 0, 'zero'), line(f, thinned(points), 'c1')]);
}

/** The share of returns inside their intervals in a rolling year. */
export function coveragePlot(result: BacktestResult): string {
  const { days } = result;
  if (days.length <= WINDOW_DAYS) return '<p>Fewer days than one window.</p>';
  const lines = LEVELS.map((_, i) => rollingCoverage(days, i));
  const f = overTime(
    'Rolling coverage',
    days.slice(WINDOW_DAYS),
    [...lines.flat(), { x: 0, y: 1 }],
    (v) => `${Math.round(100 * v)} %`,
  );
  return f.render(
    LEVELS.flatMap((nominal, i) => [
      level(f, nominal, 'nominal'),
      line(f, thinned(lines[i] ?? []), `c${i + 1}`),
    ]),
  );
}

/** The weight of each model in the combination. */
export function weightsPlot(result: BacktestResult, names: readonly string[]): string {
  const f = overTime(
    'Weights',
    result.days,
    [
      { x: 0, y: 0 },
      { x: 0, y: 1 },
    ],
    (v) => `${Math.round(100 * v)} %`,
  );
  return f.render(
    names.map((name, i) =>
      line(
        f,
        result.weights.map(({ time, weights }) => ({ x: time, y: weights[name] ?? 0 })),
        `c${i + 1}`,
      ),
    ),
  );
}

function rollingCoverage(days: readonly DayScore[], index: number): Point[] {
  const inside = days.map((d) =>
    d.observed >= (d.lower[index] ?? 0) && d.observed <= (d.upper[index] ?? 0) ? 1 : 0,
  );
  const points: Point[] = [];
  let sum = 0;
  for (const [t, hit] of inside.entries()) {
    sum += hit - (t >= WINDOW_DAYS ? (inside[t - WINDOW_DAYS] ?? 0) : 0);
    if (t >= WINDOW_DAYS - 1) points.push({ x: days[t]?.time ?? 0, y: sum / WINDOW_DAYS });
  }
  return points;
}

function overTime(
  title: string,
  days: readonly DayScore[],
  points: readonly Point[],
  label: (value: number) => string,
): Frame {
  const from = days[0]?.time ?? 0;
  const to = days.at(-1)?.time ?? 1;
  const low = Math.min(...points.map((p) => p.y));
  const high = Math.max(...points.map((p) => p.y));
  const margin = 0.04 * (high - low || 1);
  const years = yearTicks(from, to);
  const isLong = years.length >= 3;
  return frame(
    title,
    {
      from,
      to,
      label: isLong ? (t) => String(new Date(t).getUTCFullYear()) : monthLabel,
      ticks: isLong ? years : monthTicks(from, to),
    },
    { from: low - margin, to: high + margin, label },
  );
}

function thinned(points: readonly Point[]): Point[] {
  const step = Math.max(1, Math.ceil(points.length / POINTS_MAX));
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}

function monthTicks(from: number, to: number): number[] {
  const first = new Date(from);
  const ticks: number[] = [];
  for (let month = first.getUTCMonth() + 1; ; month += 1) {
    const time = Date.UTC(first.getUTCFullYear(), month, 1);
    if (time > to) break;
    ticks.push(time);
  }
  const step = Math.max(1, Math.ceil(ticks.length / 8));
  return ticks.filter((_, i) => i % step === 0);
}

function monthLabel(time: number): string {
  return new Date(time).toISOString().slice(0, 7);
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
