import type { CausePattern } from '../causePattern.ts';
import { shippedPatterns } from './shippedPatterns.ts';

/** `docs/patterns.md`: what is written by hand, with the catalogue filled in. */
export function patternsPage(template: string): string {
  const groups = Map.groupBy(shippedPatterns(), ({ group }) => group);
  const sections = [...groups].map(([group, patterns]) => `## ${group}\n\n${table(patterns)}`);
  return template.replace(
    /<!-- generated: patterns -->\n(?:[\s\S]*?)<!-- end -->/,
    () => `<!-- generated: patterns -->\n\n${sections.join('\n\n')}\n\n<!-- end -->`,
  );
}

function table(patterns: readonly CausePattern[]): string {
  const rows = patterns.map(({ name, cause, restartHelps, confidence, evidence, remedy, example }) =>
    [
      `\`${name}\``,
      cause,
      restartHelps,
      String(confidence),
      evidence.join(', '),
      remedy,
      // Backticks in a line of a log would end the code that it stands in.
      `\`\` ${example} \`\``,
    ]
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | '),
  );
  return [
    '| name | cause | restart helps | confidence | read in | what to do | such as |',
    '|---|---|---|---:|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}
