import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOLE, LINE_MAX } from '../../../src/diagnosis/templates/characters.ts';
import { Masker } from '../../../src/diagnosis/templates/mask.ts';

const masker = new Masker();
const masked = (line: string) => masker.mask(line).replaceAll(HOLE, '<*>');

const MASKS: readonly (readonly [what: string, line: string, mask: string])[] = [
  ['numbers', 'took 12 of 3.5 and -7', 'took <*> of <*> and <*>'],
  ['hexadecimal', 'at 0x00dbd200 flags=ffff3a', 'at <*> flags=<*>'],
  ['addresses with ports', 'from 10.0.0.1:80 to db.example.com:5432', 'from <*> to <*>'],
  ['addresses of six bytes', 'to 5c:50:15:fe:ab:03 now', 'to <*> now'],
  ['addresses that begin and end in letters', 'to FF:F2:9F:16:E2:DC ip', 'to <*> ip'],
  ['UUIDs', 'instance 0673dd71-34c5-4fbb-86c4-40623fbe45b4 gone', 'instance <*> gone'],
  ['paths', 'open /var/lib/x or C:\\Windows\\a.dll', 'open <*> or <*>'],
  ['paths with signs in them', 'from /a/[1,2]=x/b.xml, to (/c/d): e', 'from <*>, to (<*>): e'],
  ['URLs', 'GET https://a.example/b?c=d (twice)', 'GET <*> (twice)'],
  ['lists of numbers', 'channels 1 2 3, 4,5', 'channels <*>'],
  ['dates in words', 'at Fri Jun 17 07:07:00 CEST 2005', 'at <*> CEST <*>'],
  ['dates with zones', 'at Sat Sep 17 07:49:04 PDT 2005', 'at <*>'],
  ['sizes', 'size 5.2 KB, free 830 B', 'size <*>, free <*>'],
  ['sizes said twice', '18846 bytes (18.4 KB) sent', '<*> bytes sent'],
  ['times below a limit', 'lifetime <1 sec', 'lifetime <*>'],
  ['values in quotes', 'tag="View Lock", x=1', 'tag=<*>, x=<*>'],
  ['values with quotes in them', 'name="a \\"b\\" c" x=1', 'name=<*> x=<*>'],
  ['values in brackets', 'ws=WorkSource{10113}, x=1', 'ws=<*>, x=<*>'],
  ['hexadecimal without a digit', 'mask=ffffffff, at deadbeef', 'mask=<*>, at <*>'],
  ['names that are lacking', 'Invalid user  from 10.0.0.1', 'Invalid user <*> from <*>'],
  ['values that are absent', 'ruser= rhost=h ws=null () end=', 'ruser=<*> rhost=h ws=<*> (<*>) end=<*>'],
  ['what dots lead to', 'enable............0', 'enable..<*>'],
  ['a value alone', 'jetty-6.1.26', 'jetty<*>'],
];
for (const [what, line, mask] of MASKS) {
  test(`${what} are values`, () => assert.equal(masked(line), mask));
}

const KEPT: readonly (readonly [what: string, line: string])[] = [
  ['words and their signs', 'rts panic! - stopping execution (twice), "now": [x]'],
  ['names that end in a digit', 'via eth0 and SOCKS5'],
  ['keys with digits', 'r24=x'],
  ['messages in quotes', 'level=error msg="cannot connect" err="no route"'],
  ['sentences in quotes', 'why="it was not to be had there"'],
  ['two words with a slash', 'load/store of text/html'],
  ['a month that is no date', 'May I'],
  ['words of the first six letters', 'a decade, a facade, bad'],
];
for (const [what, line] of KEPT) {
  test(`${what} are not values`, () => assert.equal(masked(line), line));
}

test('colours and control characters are not part of a message', () => {
  assert.equal(masked('\u001b[31mERROR\u001b[0m\tlost\u0000it\r'), 'ERROR lost it');
});

test('what follows the longest part of a line is one value', () => {
  const words = 'word '.repeat(Math.floor(LINE_MAX / 5));
  assert.equal(masked(`${words}${words}`), `${words}w<*>`);
});

test('any line has a mask, with no control character and not longer than the line can make it', () => {
  const character = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom(...' ():=,"\'/\\.<>[]{}0123456789abcdefJunKB\u001b\u0000'),
  );
  fc.assert(
    fc.property(fc.array(character, { maxLength: 200 }), (parts) => {
      const line = parts.join('');
      const mask = masker.mask(line);
      assert.ok(mask.length <= 2 * line.length + 1);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
      assert.doesNotMatch(mask, /[\u0000\u0002-\u001f\u007f]/);
      assert.equal(new Masker().mask(line), mask, 'nothing of a line before matters');
    }),
  );
});

test('a number is a value, whichever it is', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (one, other) => {
      assert.equal(
        masker.mask(`worker ${one} done: n=${one}`),
        masker.mask(`worker ${other} done: n=${other}`),
      );
    }),
  );
});
