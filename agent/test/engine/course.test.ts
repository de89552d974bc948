import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Course } from '../../src/engine/course.ts';

test('the last 120 looks come back as they were, oldest first', () => {
  const verdicts = ['well', 'unwell', 'starting', 'unknown'] as const;
  const looks = Array.from({ length: 250 }, (_, index) => ({
    at: 1_700_000_000_000 + index,
    verdict: verdicts[index % verdicts.length] ?? 'unknown',
    latencyMs: index % 3 === 0 ? null : index / 7,
  }));
  const course = new Course();
  assert.deepEqual(course.looks(), []);
  looks.forEach((look, index) => {
    course.add(look);
    assert.deepEqual(course.looks(), looks.slice(Math.max(0, index - 119), index + 1));
  });
});
