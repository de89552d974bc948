import type { RestartHelps } from './core/diagnosis.ts';
import type { EvidenceKind } from './core/evidence.ts';
import { compileExpression } from './linearExpression.ts';

/** What recognises one cause in evidence: written in the catalogue that is shipped, or in a configuration. */
export type CausePattern = {
  /** Unique; the id of the cause. */
  readonly name: string;
  readonly group: string;
  /** RE2; a line that any of them is found in speaks of this cause. */
  readonly expressions: readonly string[];
  /** One sentence. */
  readonly cause: string;
  /** How sure the cause is when one line of the last minutes speaks of it, 0 to 1. */
  readonly confidence: number;
  readonly restartHelps: RestartHelps;
  /** What a person can do about it. */
  readonly remedy: string;
  /** Kinds of evidence that are read for it. */
  readonly evidence: readonly EvidenceKind[];
  /** A line that it must take; null where none was written. */
  readonly example: string | null;
  /** A line that is near and that it must not take. */
  readonly counterexample: string | null;
};

/** What is wrong with a pattern, and at which of its keys. */
export type PatternFlaw = {
  readonly key: 'expression' | 'example' | 'counterexample';
  /** Which of several expressions. */
  readonly index: number;
  readonly message: string;
};

/** Whether the expressions are RE2 and do what the example and its opposite promise. */
export function flawsOf({ expressions, example, counterexample }: CausePattern): readonly PatternFlaw[] {
  const flaws: PatternFlaw[] = [];
  const compiled = expressions.flatMap((text, index) => {
    const result = compileExpression(text);
    if (result.ok && !result.expression.test('')) return [result.expression];
    const message = result.ok
      ? 'also matches an empty line, and so every line; write what the line must hold'
      : result.reason;
    flaws.push({ key: 'expression', index, message });
    return [];
  });
  if (flaws.length > 0) return flaws;
  const takes = (line: string) => compiled.some((expression) => expression.test(line));
  if (example !== null && !takes(example))
    flaws.push({
      key: 'example',
      index: 0,
      message: 'is not matched by the expression; correct one of them',
    });
  if (counterexample !== null && takes(counterexample))
    flaws.push({
      key: 'counterexample',
      index: 0,
      message: 'is matched by the expression; narrow the expression or correct the line',
    });
  return flaws;
}
