// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how configuration writes a variable.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { load } from './load.ts';

/** Words that bring a generated value near to a real configuration. */
const KEYS = [
  'mode',
  'server',
  'listen',
  'targets',
  'container',
  'process',
  'command',
  'probes',
  'type',
  'url',
  'status',
  'json',
  'schedule',
  'verification',
  'soak',
  'guards',
  'budget',
  'window',
  'strategies',
  'name',
  'matchers',
  'sources',
  'steps',
  'action',
  'timeout',
  'reason',
  'depends_on',
  'notifiers',
  'aliases',
  'restart',
  '__proto__',
  'constructor',
  'toString',
];
const WORDS = [
  ...KEYS,
  'auto',
  'http',
  '10s',
  'a="b"',
  'a=~"("',
  '{{ x }}',
  '${X}',
  '${X:-1}',
  'http://x',
  'probe',
  '*a',
  '&a',
  '\t',
  '',
];

const tree = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.constantFrom<unknown>(...WORDS, null, true, 0, 10, -1.5),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5, noNullPrototype: false }),
  ),
})).value;

function answersWhole(text: string): void {
  const result = load(text);
  if (result.ok) return;
  assert.ok(result.problems.length > 0, 'what is refused has a reason');
  for (const { line, column, message } of result.problems) {
    assert.ok(line >= 0 && column >= 0 && message.length > 0);
  }
}

describe('the loader never throws', () => {
  it('for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), answersWhole), { numRuns: 300 });
  });

  it('for anything put together from the signs and words of a configuration', () => {
    const part = fc.constantFrom(
      ...WORDS,
      ': ',
      '\n',
      '\n  ',
      '\n    - ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '#',
      '|',
      '>',
      '!',
      '? ',
      '<<',
    );
    const text = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, answersWhole), { numRuns: 500 });
  });

  it('for anything that has the form of a configuration', () => {
    fc.assert(
      fc.property(tree, (value) => {
        answersWhole(JSON.stringify(value));
      }),
      { numRuns: 500 },
    );
  });
});
