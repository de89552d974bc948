import type { RE2JS } from 're2js';
import type { CausePattern } from '../causePattern.ts';
import { assert } from '../core/assert.ts';
import { compileExpression } from '../linearExpression.ts';
import { type RequiredWords, requiredWords } from './requiredWords.ts';
import { WordFinder } from './wordFinder.ts';

/** Work that a diagnosis may still do, in characters that expressions are tried on; counted down, spent below zero. */
export type WorkLeft = { characters: number };

type Alternative = { readonly pattern: CausePattern; readonly expression: RE2JS };

/**
 * Tells which of many patterns a line is of. One pass over the line finds the words that expressions need, and only
 * those whose words are there are tried.
 *
 * One automaton of all expressions (`RE2Set`) would be quicker on dull lines, but on lines that are made of pieces of
 * the expressions its states explode: 20 lines a second were measured.
 */
export class PatternSet {
  readonly #finder: WordFinder;
  readonly #alternatives: readonly Alternative[];

  constructor(patterns: readonly CausePattern[]) {
    const alternatives: Alternative[] = [];
    const words: (RequiredWords | null)[] = [];
    for (const pattern of patterns) {
      for (const text of pattern.expressions) {
        const compiled = compileExpression(text);
        assert(compiled.ok, 'a configuration with an expression that does not compile was refused');
        words.push(requiredWords(text));
        alternatives.push({ pattern, expression: compiled.expression });
      }
    }
    this.#finder = new WordFinder(words);
    this.#alternatives = alternatives;
  }

  /** The patterns that the line is of, each once. Stops when no work is left; then some may be missing. */
  find(line: string, work: WorkLeft): ReadonlySet<CausePattern> {
    const found = new Set<CausePattern>();
    for (const index of this.#finder.find(line)) {
      const alternative = this.#alternatives[index];
      if (alternative === undefined || found.has(alternative.pattern)) continue;
      work.characters -= line.length;
      if (work.characters < 0) return found;
      if (alternative.expression.test(line)) found.add(alternative.pattern);
    }
    return found;
  }
}
