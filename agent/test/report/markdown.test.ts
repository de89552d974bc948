import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Entry } from '../../src/core/entry.ts';
import { NO_HISTORY } from '../../src/report/history.ts';
import { code, fenced, prose, sentence } from '../../src/report/markdown.ts';
import { REPORT_BYTES_MAX, reportOf } from '../../src/report/report.ts';
import { SAMPLE_AT, SAMPLE_BODIES, sampleEntry } from '../fakes/entries.ts';
import { unsafeIn } from '../hostile/show.ts';
import { foreignIn, renderings } from './render.ts';

/** What Markdown and its dialects are made of, and a little to stand between it. */
const ACTIVE = fc
  .array(
    fc.constantFrom(
      ...'`~*_[](){}<>!#-+=|\\/&;:@$^"\'.,0123456789aéя日 \t\n\r'.split(''),
      ...[
        'http://',
        'www.',
        'evil.example',
        'a@b.cd',
        '&lt;',
        '<img src=x>',
        '![x](y)',
        '[x]: y',
        '```',
        '~~~',
        '-->',
      ],
      ...['\u001b[2J', '\u202e', '\u200b', '\u0301'.repeat(9), '\ud800', '\u2028'],
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

const TEXT = fc.oneof(ACTIVE, fc.string({ unit: 'binary', maxLength: 60 }));

function assertInert(markdown: string): void {
  assert.deepEqual(unsafeIn(markdown), []);
  for (const html of renderings(markdown)) assert.deepEqual(foreignIn(html), [], markdown);
}

test('no text in a sentence, a span or a block is rendered as anything but text', () => {
  fc.assert(
    fc.property(TEXT, TEXT, TEXT, (one, two, three) => {
      assertInert(
        `# x: ${prose(one)}\n\n- ${prose(two)} and ${code(three)}, ${sentence(one)} (${prose(three)})\n`,
      );
      assertInert(`${prose(one)}\n\n- ${prose(two)}\n- ${code(one)}\n  - ${prose(three)}: ${code(two)}\n`);
      assertInert(
        `x\n\n${fenced(two.split('\n').map((line) => `  1 │ ${code(line)}`))}\n\n${prose(three)}\n`,
      );
    }),
    { numRuns: 1_500 },
  );
});

test('a sentence keeps its words: what is active stands in a span, and the rest as it was', () => {
  assert.equal(
    prose('web is not healthy, it exited (code 137).'),
    'web is not healthy, it exited (code 137).',
  );
  assert.equal(prose('see http://a.b/c, now'), 'see `http://a.b/c`, now');
  assert.equal(prose('step check_logs of web_1 failed'), 'step `check_logs` of `web_1` failed');
  assert.equal(prose('run `mpa approve x`'), "run 'mpa approve x'");
  assert.equal(prose('- 1. # x'), '`-` 1. `#` x');
  assert.equal(prose(''), '');
  assert.equal(code('a `b` c'), '``a `b` c``');
  assert.equal(code('`'), '`` ` ``');
});

test('entries in whatever order, and only some of them, make a report within its limit, and none throws', () => {
  const { 'incident-opened': opened, ...rest } = SAMPLE_BODIES;
  fc.assert(
    fc.property(
      fc.shuffledSubarray(Object.values(rest)),
      fc.array(fc.constantFrom(...Object.values(rest)), { maxLength: 30 }),
      (some, more) => {
        const entries: readonly Entry[] = [opened, ...some, ...more].map((body, index) =>
          sampleEntry(body, { at: SAMPLE_AT + index * 1_000 }),
        );
        const report = reportOf(entries, NO_HISTORY) ?? assert.fail('no report');
        assert.ok(Buffer.byteLength(report) <= REPORT_BYTES_MAX);
        assertInert(report);
      },
    ),
    { numRuns: 150 },
  );
});
