/** Cells wider than this are not aligned to: one long name must not push everything off the screen. */
const WIDTH_MAX = 40;

/** Lines with columns one below the other; the last column is left as long as it is. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.min(WIDTH_MAX, Math.max(...all.map((row) => (row[column] ?? '').length))),
  );
  return all.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
