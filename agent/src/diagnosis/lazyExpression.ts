import type { RE2JS } from 're2js';
import { assert } from '../core/assert.ts';
import { compileExpression } from '../linearExpression.ts';

/**
 * An expression of a checked configuration, compiled when it is first tried: 0.2 ms then, against 12 kB for each of
 * hundreds that no log of this host will ever be of.
 */
export class LazyExpression {
  readonly #text: string;
  #compiled: RE2JS | null = null;

  /** @param text RE2 that compiles. */
  constructor(text: string) {
    this.#text = text;
  }

  /** Whether it is found in the line. */
  test(line: string): boolean {
    this.#compiled ??= compiled(this.#text);
    return this.#compiled.test(line);
  }
}

function compiled(text: string): RE2JS {
  const result = compileExpression(text);
  assert(result.ok, 'a configuration with an expression that does not compile was refused');
  return result.expression;
}
