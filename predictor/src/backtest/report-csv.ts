import { type BacktestResult, LEVELS } from './result.ts';

/** One row for each scored day; returns and quantiles are one-day log returns in percent. */
export function csvReport(result: BacktestResult): string {
  const header = [
    'date',
    'return',
    'probability',
    'volatility',
    'crps',
    'crps_baseline',
    ...LEVELS.flatMap((level) => [`lower_${level}`, `upper_${level}`]),
  ];
  const rows = result.days.map((day) =>
    [
      new Date(day.time).toISOString(),
      ...[day.observed, day.probability, day.volatility, day.crps, day.baselineCrps].map(digits),
      ...LEVELS.flatMap((_, i) => [digits(day.lower[i] ?? Number.NaN), digits(day.upper[i] ?? Number.NaN)]),
    ].join(','),
  );
  return `${[header.join(','), ...rows].join('\n')}\n`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(8)));
}
