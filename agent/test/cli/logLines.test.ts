import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { logLines } from '../../src/cli/logLines.ts';

async function* inPieces(pieces: readonly string[]) {
  yield* pieces;
}

const linesOf = (...pieces: readonly string[]) => Array.fromAsync(logLines(inPieces(pieces), 'a.log'));

test('lines are the same however the text comes in pieces', async () => {
  const text = fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', ' ', 'é', '😀'), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(text, async (parts) => {
      assert.deepEqual(await linesOf(...parts), await linesOf(parts.join('')));
    }),
  );
});

test('each line counts, blank ones and a last one without an end too', async () => {
  assert.deepEqual(await linesOf('a\n\nb\r\nc'), ['a', '', 'b', 'c']);
  assert.deepEqual(await linesOf('a\n'), ['a']);
  assert.deepEqual(await linesOf(''), []);
});

test('a mark of the byte order is not part of the first line', async () => {
  assert.deepEqual(await linesOf('\ufeffa\n\ufeffb\n'), ['a', '\ufeffb']);
});

test('of a line without an end no more is kept than is looked at', async () => {
  const [line = '', next] = await linesOf(
    ...Array.from({ length: 100 }, () => 'x'.repeat(10_000)),
    '\nnext\n',
  );
  assert.ok(line.length < 20_000);
  assert.equal(next, 'next');
});

test('a stray control character makes no binary file, many do', async () => {
  assert.deepEqual(await linesOf(`${'text '.repeat(10)}\u0000\n`), [`${'text '.repeat(10)}\u0000`]);
  await assert.rejects(linesOf('\u0000\u0001\u0002 a'), { code: 'LOGS_UNREADABLE' });
});
