import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { throughText } from './throughText.ts';

const anything = fc.anything({
  withMap: true,
  withSet: true,
  withDate: true,
  withNullPrototype: true,
  withBoxedValues: true,
  withSparseArray: true,
  withUnicodeString: true,
});

test('a copy says what the text of it would say, whatever it is', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const text: string | undefined = JSON.stringify(value);
      assert.deepStrictEqual(throughText(value), text === undefined ? undefined : JSON.parse(text));
    }),
  );
});

test('names and numbers that text treats in a way of its own are treated so', () => {
  const odd = [-0, Number.NaN, undefined, { a: undefined, b: -0 }, { toJSON: () => 'itself' }];
  const value = [odd, JSON.parse('{"__proto__": {"x": 1}, "a": [null]}')];
  assert.deepStrictEqual(throughText(value), JSON.parse(JSON.stringify(value)));
  assert.equal(Object.is(throughText(-0), 0), true);
});

test('nothing of the copy is the original', () => {
  const original = { list: [{ deep: { value: 1 } }] };
  const copy = throughText(original);
  original.list[0] = { deep: { value: 2 } };
  assert.deepEqual(copy, { list: [{ deep: { value: 1 } }] });
});
