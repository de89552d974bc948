import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KnownTexts } from '../../src/http/knownTexts.ts';

test('every text stays what it is, however many there are', () => {
  const texts = new KnownTexts();
  for (let index = 0; index < 3_000; index += 1) assert.equal(texts.of(`text ${index}`), `text ${index}`);
  fc.assert(fc.property(fc.string({ maxLength: 600 }), (text) => texts.of(text) === text));
});
