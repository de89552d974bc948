import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import type { CausePattern } from '../../src/causePattern.ts';
import { shippedPatterns } from '../../src/config/shippedPatterns.ts';
import { PatternSet } from '../../src/diagnosis/patternSet.ts';
import { requiredWords } from '../../src/diagnosis/requiredWords.ts';
import { WordFinder } from '../../src/diagnosis/wordFinder.ts';

const shipped = shippedPatterns();
const enough = () => ({ characters: 1e9 });

function pattern(name: string, ...expressions: readonly string[]): CausePattern {
  return {
    name,
    group: 'own',
    expressions,
    cause: 'It is so.',
    confidence: 0.9,
    restartHelps: 'unknown',
    remedy: 'Change it.',
    evidence: ['logs'],
    example: null,
    counterexample: null,
  };
}

describe('the words that an expression needs', () => {
  const cases: readonly (readonly [string, readonly string[] | null])[] = [
    ['connection refused', ['connection refused']],
    ['(?i)\\bConnection Refused\\b', ['connection refused']],
    ['colou?r of it', ['r of it']],
    ['ab*cde', ['cde']],
    ['abc+d', ['abc']],
    ['abc{0}def', ['def']],
    ['(?:first|second) thing', [' thing']],
    ['(?:first|second)', ['first', 'second']],
    ['(?:first|second)?', null],
    ['first|x', null],
    ['a.b.c', null],
    ['[abc]+', null],
    ['\\[emerg\\]', ['[emerg]']],
    ['x\\.y\\.z', ['x.y.z']],
    ['\\d+ errors', [' errors']],
    ['(?P<name>word) [)|(] more', [' more']],
    ['\\x41\\x{42}word\\p{Greek}', ['word']],
    ['\\Q.*\\Eword', ['word']],
    ['[[:alpha:]]word', ['word']],
    ['(a(b|c)d|efg)hij', ['hij']],
  ];
  for (const [expression, words] of cases)
    it(`of ${expression} are ${words?.join(', ') ?? 'none'}`, () => {
      assert.doesNotThrow(() => RE2JS.compile(expression));
      assert.deepEqual(requiredWords(expression), words);
    });

  it('are known for nearly all that is shipped', () => {
    const without = shipped.flatMap(({ expressions }) =>
      expressions.filter((text) => requiredWords(text) === null),
    );
    assert.deepEqual(without, []);
  });
});

describe('the search for words', () => {
  it('finds what a search for the beginning of each of them finds, whatever the text', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', ' ', 'ä'), minLength: 1, maxLength: 4 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', ' ', 'ä', '\0'), maxLength: 30 });
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 3 }), { maxLength: 6 }), text, (owners, any) => {
        const low = any.toLowerCase();
        // Words are cut before what is not ASCII; an empty one is in every text.
        const isIn = (one: string) => low.includes(/^[^ä]*/.exec(one.toLowerCase())?.[0] ?? '');
        const wanted = owners.flatMap((words, owner) => (words.some(isIn) ? [owner] : []));
        assert.deepEqual(new WordFinder(owners).find(any), wanted);
      }),
    );
  });

  it('has a bound: words for which there is no room are taken for found', () => {
    const many = Array.from({ length: 30_000 }, (_, n) => n.toString(3).padStart(12, 'x'));
    assert.deepEqual(new WordFinder([['first'], many, null, []]).find('first'), [0, 1, 2]);
  });
});

describe('a set of patterns', () => {
  it('finds what trying each of them finds', () => {
    const set = new PatternSet(shipped);
    const each = shipped.map((one) => ({
      one,
      compiled: one.expressions.map((expression) => RE2JS.compile(expression)),
    }));
    const examples = shipped.flatMap(({ example, counterexample }) => [example ?? '', counterexample ?? '']);
    const line = fc
      .array(fc.oneof(fc.constantFrom(...examples), fc.string({ maxLength: 10 })), { maxLength: 3 })
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(line, (any) => {
        const wanted = each.filter(({ compiled }) => compiled.some((expression) => expression.test(any)));
        assert.deepEqual(
          [...set.find(any, enough())].map(({ name }) => name).sort(),
          wanted.map(({ one }) => one.name).sort(),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('tries an expression that needs no word on every line', () => {
    const set = new PatternSet([pattern('digits', '\\d\\d\\d')]);
    assert.equal(set.find('error 404', enough()).size, 1);
  });

  it('stops when its work is done', () => {
    const set = new PatternSet([pattern('word', 'word')]);
    const work = { characters: 6 };
    assert.equal(set.find('a word', work).size, 1);
    assert.ok(work.characters >= 0);
    assert.equal(set.find('a word', work).size, 0);
  });
});
