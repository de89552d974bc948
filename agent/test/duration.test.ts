import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../src/duration.ts';

describe('a duration', () => {
  const cases: readonly (readonly [text: string, ms: number | null])[] = [
    ['10s', 10_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['250ms', 250],
    ['1m500ms', 60_500],
    ['0s', 0],
    ['', null],
    ['10', null],
    ['5 m', null],
    ['-1s', null],
    ['1.5h', null],
    ['30m1h', null],
    ['1s1s', null],
    ['10S', null],
    [`${'9'.repeat(20)}d`, null],
  ];
  for (const [text, ms] of cases) {
    it(`${JSON.stringify(text)} is ${ms === null ? 'none' : `${ms} ms`}`, () => {
      assert.equal(parseDuration(text), ms);
    });
  }

  it('that is written is the one that is read', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (ms) => {
        assert.equal(parseDuration(formatDuration(ms)), ms);
      }),
    );
  });
});
