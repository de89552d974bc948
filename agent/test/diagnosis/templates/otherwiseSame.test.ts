import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OtherwiseSame } from '../../../src/diagnosis/templates/otherwiseSame.ts';

test('lines that are the same but for one place are found, all of them and no others', () => {
  const lines = fc.integer({ min: 1, max: 20 }).chain((width) =>
    fc.array(fc.array(fc.constantFrom('a', 'b', '__proto__'), { minLength: width, maxLength: width }), {
      maxLength: 30,
    }),
  );
  fc.assert(
    fc.property(lines, (given) => {
      const same = new OtherwiseSame(given);
      for (let at = 0; at < (given[0]?.length ?? 0); at += 1) {
        const expected = Map.groupBy(given.keys(), (index) => given[index]?.toSpliced(at, 1).join(' '));
        assert.deepEqual(
          same
            .at(at)
            .map((group) => [...group])
            .toSorted(),
          [...expected.values()].filter(({ length }) => length > 1).toSorted(),
        );
      }
    }),
  );
});
