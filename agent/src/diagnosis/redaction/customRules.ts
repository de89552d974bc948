import type { RE2JS } from 're2js';
import { assert } from '../../core/assert.ts';
import { compileExpression } from '../../linearExpression.ts';
import { requiredWords } from '../requiredWords.ts';
import { marker, type Rule } from './rule.ts';

const CUSTOM = marker('custom');
/** What is a secret's place already; it is left as it is, whatever the expression would take of it. */
const MARKED = /(\[redacted:[a-z0-9-]+\])/;

/**
 * The configuration's own expressions as rules. With groups, only what the groups took is replaced.
 *
 * @param expressions RE2 that compiles and does not match the empty text.
 */
export function customRules(expressions: readonly string[]): readonly Rule[] {
  return expressions.map((text) => {
    const compiled = compileExpression(text);
    assert(compiled.ok, 'a configuration with an expression that does not compile was refused');
    const { expression } = compiled;
    return {
      hints: requiredWords(text),
      apply: (line) =>
        line
          .split(MARKED)
          .map((part) => (MARKED.test(part) ? part : replaceIn(part, expression)))
          .join(''),
    };
  });
}

function replaceIn(part: string, expression: RE2JS): string {
  if (!expression.test(part)) return part;
  const matcher = expression.matcher(part);
  let done = '';
  let at = 0;
  while (matcher.find()) {
    for (const [start, end] of spansOf(matcher)) {
      if (start < at || end <= start) continue;
      done += `${part.slice(at, start)}${CUSTOM}`;
      at = end;
    }
  }
  return done + part.slice(at);
}

/** What is to be replaced of a match, in the order of the text. */
function spansOf(matcher: ReturnType<RE2JS['matcher']>): readonly (readonly [number, number])[] {
  const count = matcher.groupCount();
  if (count === 0) return [[matcher.start(), matcher.end()]];
  return Array.from(
    { length: count },
    (_, index) => [matcher.start(index + 1), matcher.end(index + 1)] as const,
  )
    .filter(([start]) => start >= 0)
    .toSorted(([one], [other]) => one - other);
}
