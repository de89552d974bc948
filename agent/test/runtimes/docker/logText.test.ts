import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LogCollector } from '../../../src/runtimes/docker/logText.ts';

function frame(kind: number, text: string | Uint8Array): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(kind, 0);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

function collect(chunks: readonly Buffer[], { framed = true, bytesMax = 10_000, lines = 100 } = {}) {
  const collector = new LogCollector({ framed, bytesMax });
  for (const chunk of chunks) collector.push(chunk);
  return collector.finish(lines);
}

it('both outputs are read in the order in which they were written', () => {
  const read = collect([frame(1, 'one\n'), frame(2, 'two\n'), frame(1, 'three\n')]);
  assert.deepEqual(read, { text: 'one\ntwo\nthree', truncated: false });
});

it('an unfinished line of one output does not run into the other', () => {
  assert.equal(collect([frame(1, 'out'), frame(2, 'err\n')]).text, 'out\nerr');
});

it('one line that the engine sends in several entries stays one line', () => {
  assert.equal(collect([frame(1, 'abc'), frame(1, 'def\n')]).text, 'abcdef');
});

it('how the bytes are cut into chunks makes no difference', () => {
  const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 30 })), (written, cuts) => {
      const whole = Buffer.concat(written.map(([kind, bytes]) => frame(kind, bytes)));
      const chunks: Buffer[] = [];
      let at = 0;
      for (const size of cuts) {
        chunks.push(whole.subarray(at, at + size));
        at += size;
      }
      chunks.push(whole.subarray(at));
      assert.deepEqual(collect(chunks), collect([whole]));
    }),
  );
});

it('whatever a container writes, the text is bounded and safe to show', () => {
  const bytes = fc.uint8Array({ maxLength: 400 });
  fc.assert(
    fc.property(
      bytes,
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 5 }),
      (raw, bytesMax, lines) => {
        const { text } = collect([Buffer.from(raw)], { framed: false, bytesMax, lines });
        assert.ok(Buffer.byteLength(text) <= bytesMax);
        assert.ok(text.split('\n').length <= lines);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
        assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        assert.ok(text.isWellFormed());
      },
    ),
  );
});

it('the last bytes of a log are kept, from a whole line on, whatever came before', () => {
  const chunks = Array.from({ length: 5_000 }, (_, index) => frame(1, `line ${index}\n`));
  const read = collect(chunks, { bytesMax: 18, lines: 10_000 });
  assert.deepEqual(read, { text: 'line 4999', truncated: true });
});

it('a character that was cut in two is left out', () => {
  assert.equal(collect([Buffer.from('ééé')], { framed: false, bytesMax: 3 }).text, 'é');
});

it('NUL, escapes and right-to-left marks become visible, tabs stay', () => {
  const { text } = collect([frame(1, 'a\0b\tc\u001b[2Jd\u202ee\n')]);
  assert.equal(text, 'a\\u0000b\tc\\u001b[2Jd\\u202ee');
});

it('a terminal writes line ends of its own, and progress bars overwrite theirs', () => {
  const { text } = collect([Buffer.from('one\r\n10 %\r20 %\r\n')], { framed: false });
  assert.equal(text, 'one\n10 %\n20 %');
});

it('what the engine itself says in the stream is told apart', () => {
  assert.equal(collect([frame(3, 'error from daemon\n')]).text, '[engine] error from daemon');
});

it('an empty log is an empty text', () => {
  assert.deepEqual(collect([]), { text: '', truncated: false });
});

describe('a log whose entries bear their times', () => {
  const at = (second: number) => `2026-11-24T09:00:0${second}.123456789Z`;
  const time = (second: number) => Date.UTC(2026, 10, 24, 9, 0, second, 500);
  const around = (chunks: readonly Buffer[], failedAt: number, { lines = 100, bytesMax = 10_000 } = {}) => {
    const collector = new LogCollector({ framed: true, bytesMax, timestamped: { lines } });
    for (const chunk of chunks) collector.push(chunk);
    return collector.finishAround(lines, failedAt);
  };

  it('is parted at a time, and its text has no times', () => {
    const chunks = [frame(1, `${at(1)} one\n`), frame(2, `${at(2)} two\n`), frame(1, `${at(3)} three\n`)];
    assert.deepEqual(around(chunks, time(2)), {
      before: { text: 'one\ntwo', truncated: false },
      after: { text: 'three', truncated: false },
    });
    assert.equal(around(chunks, Number.POSITIVE_INFINITY).before.text, 'one\ntwo\nthree');
    assert.equal(around(chunks, time(0)).after.text, 'one\ntwo\nthree');
  });

  it('has no times within a line that the engine sent in several entries', () => {
    const chunks = [frame(1, `${at(1)} abc`), frame(1, `${at(1)} def`), frame(1, `${at(1)} ghi\n`)];
    assert.equal(around(chunks, time(2)).before.text, 'abcdefghi');
    const single = Buffer.concat(chunks);
    const bytes = Array.from(single, (_, index) => single.subarray(index, index + 1));
    assert.equal(around(bytes, time(2)).before.text, 'abcdefghi');
  });

  it('believes no time that a service wrote itself', () => {
    const forged = `${at(1)} one\r${at(9)} forged\n`;
    const { before, after } = around([frame(1, forged), frame(1, `${at(2)} two\n`)], time(2));
    assert.equal(before.text, `one\n${at(9)} forged\ntwo`);
    assert.equal(after.text, '');
  });

  it('gives what came after the failure at most half of the room', () => {
    const chunks = [1, 2, 3, 4, 5, 6].map((second) => frame(1, `${at(second)} ${'x'.repeat(9)}\n`));
    const { before, after } = around(chunks, time(3), { bytesMax: 60 });
    assert.equal(before.text.split('\n').length, 3);
    assert.equal(after.text.split('\n').length, 3);
    const tight = around(chunks, time(3), { bytesMax: 40 });
    assert.equal(tight.after.text.split('\n').length, 2);
    assert.equal(tight.after.truncated, true);
    assert.ok(Buffer.byteLength(tight.before.text) <= 40 - Buffer.byteLength(tight.after.text));
  });
});
