import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBounded } from '../src/boundedText.ts';

test('a body up to the limit is read whole', async () => {
  assert.deepEqual(await readBounded(new Response('12345'), 5), { text: '12345', complete: true });
  assert.deepEqual(await readBounded(new Response(null), 5), { text: '', complete: true });
});

test('of a longer body no more is kept than the limit, and it says so', async () => {
  assert.deepEqual(await readBounded(new Response('123456'), 5), { text: '12345', complete: false });
});

test('a body without end is left after its first pieces', async () => {
  let pieces = 0;
  const endless = new ReadableStream({
    pull: (controller) => {
      pieces += 1;
      controller.enqueue(Buffer.from('x'.repeat(1_000)));
    },
  });
  const response = new Response(endless);
  const { text, complete } = await readBounded(response, 1_500);
  await response.body?.cancel();
  assert.deepEqual([text.length, complete], [1_500, false]);
  assert.ok(pieces < 10, `${pieces} pieces were asked for`);
});
