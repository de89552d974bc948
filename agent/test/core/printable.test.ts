import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeUnsafe, printable } from '../../src/core/printable.ts';

test('an escape sequence is shown, not obeyed', () => {
  assert.equal(printable('\u001b[2Jgone\u009b31m'), '\\u001b[2Jgone\\u009b31m');
});

test('text that would be read in another order or not at all is made visible', () => {
  assert.equal(
    printable('a\u202eb\u2066c\u200bd\u2028e\ufefff'),
    'a\\u202eb\\u2066c\\u200bd\\u2028e\\ufefff',
  );
  assert.equal(printable('\u{e0041}'), '\\udb40\\udc41');
});

test('what is not seen at all is made visible: fillers, soft hyphens, variation selectors', () => {
  assert.equal(
    printable('a\u00adb\u3164c\ufe01d\u{e0100}e\u180ef\u206ag'),
    'a\\u00adb\\u3164c\\ufe01d\\udb40\\udd00e\\u180ef\\u206ag',
  );
});

test('a pile of combining marks covers nothing above or below it', () => {
  const mark = '\u0301';
  assert.equal(printable(`e${mark.repeat(4)}`), `e${mark.repeat(4)}`);
  assert.equal(printable(`e${mark.repeat(6)}!`), `e${mark.repeat(4)}\\u0301\\u0301!`);
});

test('an escape means the character itself inside of a JSON string', () => {
  const text = '\u202e\u{e0041}\u009b\ufe01\u0301\u0301\u0301\u0301\u0301\u0301';
  assert.equal(JSON.parse(escapeUnsafe(JSON.stringify(text))), text);
});

test('a lone surrogate is made visible and a pair is left alone', () => {
  assert.equal(printable('\ud800 😀'), '\\ud800 😀');
});

test('ordinary text of any script is left as it is', () => {
  const text = 'café — Привет 日本語 العربية 👩 ⚠️ "quoted" \\ {}';
  assert.equal(escapeUnsafe(text), text);
});

test('a long text is cut and says so', () => {
  assert.equal(printable('abcdef', 3), 'abc…');
});
