import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type GuardAnswer, strictest } from '../../../src/core/guards/answer.ts';
import { askGuards } from '../../../src/core/guards/index.ts';
import { request } from './request.ts';

const ORDER = ['allow', 'delay', 'approval', 'refuse'];

const answer = fc.oneof(
  fc.record({ guard: fc.string(), reason: fc.string(), verdict: fc.constant('allow' as const) }),
  fc.record({
    guard: fc.string(),
    reason: fc.string(),
    verdict: fc.constant('delay' as const),
    until: fc.nat(),
  }),
  fc.record({ guard: fc.string(), reason: fc.string(), verdict: fc.constant('approval' as const) }),
  fc.record({
    guard: fc.string(),
    reason: fc.string(),
    verdict: fc.constant('refuse' as const),
    code: fc.string(),
  }),
);

const weight = ({ verdict }: GuardAnswer) => ORDER.indexOf(verdict);
const untilOf = (one: GuardAnswer) => (one.verdict === 'delay' ? one.until : null);

test('no answer is stricter than the strictest, and of delays none is longer', () => {
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1 }), (answers) => {
      const worst = strictest(answers);
      for (const one of answers) {
        assert.ok(weight(one) <= weight(worst));
        if (one.verdict === 'delay' && worst.verdict === 'delay') assert.ok(one.until <= worst.until);
      }
      if (worst.verdict !== 'allow') assert.ok(answers.includes(worst));
    }),
  );
});

test('the order of the answers changes neither the verdict nor the time', () => {
  fc.assert(
    fc.property(fc.array(answer), (answers) => {
      const [one, other] = [strictest(answers), strictest(answers.toReversed())];
      assert.equal(one.verdict, other.verdict);
      assert.equal(untilOf(one), untilOf(other));
    }),
  );
});

test('without any objection it is allowed', () => {
  assert.equal(strictest([]).verdict, 'allow');
});

test('every guard answers every question, each under a name of its own', () => {
  const names = askGuards(request()).map(({ guard }) => guard);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length >= 13);
});
