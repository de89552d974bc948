import type { CausePattern } from '../causePattern.ts';
import type { EvidenceKind } from '../core/evidence.ts';
import { LazyExpression } from './lazyExpression.ts';
import { type RequiredWords, requiredWords } from './requiredWords.ts';
import { WordFinder } from './wordFinder.ts';

/** Work that a diagnosis may still do, in characters that expressions are tried on; counted down, spent below zero. */
export type WorkLeft = { characters: number };

type Alternative = { readonly pattern: CausePattern; readonly expression: LazyExpression };

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
        words.push(requiredWords(text));
        alternatives.push({ pattern, expression: new LazyExpression(text) });
      }
    }
    this.#finder = new WordFinder(words);
    this.#alternatives = alternatives;
  }

  /**
   * The patterns that the line is of, each once. Stops when no work is left; then some may be missing.
   *
   * @param kind Patterns that do not read this kind of evidence are left out; null: none is.
   */
  find(line: string, work: WorkLeft, kind: EvidenceKind | null = null): ReadonlySet<CausePattern> {
    const found = new Set<CausePattern>();
    for (const index of this.#finder.find(line)) {
      const alternative = this.#alternatives[index];
      if (alternative === undefined || found.has(alternative.pattern)) continue;
      if (kind !== null && !alternative.pattern.evidence.includes(kind)) continue;
      work.characters -= line.length;
      if (work.characters < 0) return found;
      if (alternative.expression.test(line)) found.add(alternative.pattern);
    }
    return found;
  }
}
