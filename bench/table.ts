/** One line of the result: what was measured, and what it stands beside. Samples in milliseconds. */
export type Row = {
  readonly what: string;
  readonly samples: readonly number[];
  /** Measured in the same run, in turns with it: a floor, or another way of doing the same. */
  readonly beside?: { readonly what: string; readonly samples: readonly number[] };
  /** What the project wants of it; the bench does not judge. */
  readonly wanted?: string;
};

const HEAD = [
  'measured',
  'n',
  'p50',
  'p99',
  'beside',
  'p50',
  'p99',
  'p50 above',
  'p99 above',
  'ratio',
  'wanted',
];

/** The smallest sample that at least this share of all samples does not exceed; NaN of none. */
function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The rows as a Markdown table with padded columns; times in milliseconds. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [HEAD, HEAD.map(() => ''), ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0), 3));
  const isText = (column: number) => column === 0 || column === 4 || column === HEAD.length - 1;
  const lines = cells.map((line, index) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        if (index === 1) return isText(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`;
        return isText(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join(' | '),
  );
  return lines.map((line) => `| ${line} |`).join('\n');
}

function cellsOf({ what, samples, beside, wanted = '' }: Row): readonly string[] {
  const [p50, p99] = [percentile(samples, 0.5), percentile(samples, 0.99)];
  const own = [what, String(samples.length), ms(p50), ms(p99)];
  if (beside === undefined) return [...own, '', '', '', '', '', '', wanted];
  const [floor50, floor99] = [percentile(beside.samples, 0.5), percentile(beside.samples, 0.99)];
  return [
    ...own,
    beside.what,
    ms(floor50),
    ms(floor99),
    ms(p50 - floor50),
    ms(p99 - floor99),
    (p50 / floor50).toFixed(2),
    wanted,
  ];
}

function ms(value: number): string {
  return Number.isNaN(value) ? '' : value.toFixed(Math.abs(value) < 100 ? 2 : 0);
}
