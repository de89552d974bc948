import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KINDS_MAX, TemplateMiner } from '../../../src/diagnosis/templates/templateMiner.ts';
import { CORPUS } from './corpus.ts';

const LINES = Object.values(CORPUS).flat(2);
const anyLine = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...LINES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  { weight: 1, arbitrary: fc.constantFrom('', '__proto__', 'constructor', 'toString', 'hasOwnProperty = 1') },
);

/** Letters for a number: a word that no rule takes for a value. */
function word(n: number): string {
  return n === 0
    ? 'a'
    : [...n.toString(26)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26))).join('');
}

test('the same line is of the same template wherever it stands', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 60 }), (lines) => {
      const miner = new TemplateMiner();
      const ids = Map.groupBy(
        lines.map((line) => ({ line, ref: miner.add(line) })),
        ({ line }) => line,
      );
      for (const group of ids.values()) {
        assert.equal(new Set(group.map(({ ref }) => miner.templateOf(ref))).size, 1);
      }
    }),
  );
});

test('which lines are together does not depend on their order', () => {
  const groupsOf = (lines: readonly string[]) => {
    const miner = new TemplateMiner();
    const refs = lines.map((line) => ({ line, ref: miner.add(line) }));
    const groups = Map.groupBy(refs, ({ ref }) => miner.templateOf(ref));
    return [...groups.values()]
      .map((group) =>
        group
          .map(({ line }) => line)
          .sort()
          .join('\n'),
      )
      .sort();
  };
  fc.assert(
    fc.property(
      fc
        .shuffledSubarray(LINES)
        .chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length }))),
      ([one, other]) => assert.deepEqual(groupsOf(one), groupsOf(other)),
    ),
  );
});

test('every line is counted once, and templates have different texts and ids', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 100 }), (lines) => {
      const miner = new TemplateMiner();
      for (const line of lines) miner.add(line);
      const templates = miner.templates();
      assert.equal(
        templates.reduce((sum, { count }) => sum + count, 0),
        lines.length,
      );
      assert.equal(new Set(templates.map(({ id }) => id)).size, templates.length);
      assert.equal(new Set(templates.map(({ text }) => text)).size, templates.length);
    }),
  );
});

test('a later line widens a template, and what was told of an earlier one follows it', () => {
  const miner = new TemplateMiner();
  const first = miner.add('session closed for user ann');
  assert.equal(miner.templateOf(first).text, 'session closed for user ann');
  miner.add('session closed for user bob');
  miner.add('session closed for user eve');
  assert.equal(miner.templateOf(first).text, 'session closed for user <*>');
  assert.equal(miner.templateOf(first).count, 3);
});

test('templates come in the order of their first lines, and say which these are', () => {
  const miner = new TemplateMiner();
  for (const line of ['started', 'lost 1', 'started', 'lost 2', 'ended']) miner.add(line);
  assert.deepEqual(
    miner.templates().map(({ id, text, count, since }) => [id, text, count, since]),
    [
      ['T1', 'started', 2, 1],
      ['T2', 'lost <*>', 2, 2],
      ['T3', 'ended', 1, 5],
    ],
  );
});

test('more kinds of line than are told apart: the common ones stay, no line is lost, and none takes room', () => {
  const miner = new TemplateMiner();
  const common = 'the queue is full';
  const refs = [];
  for (let n = 0; n < 3 * KINDS_MAX; n += 1) {
    refs.push(
      miner.add(`${word(n)} ${word(n * 7)} said ${word(n * 31)} to ${word(n * 101)}`),
      miner.add(common),
    );
  }
  const templates = miner.templates();
  assert.ok(templates.length <= KINDS_MAX + 1);
  assert.equal(
    templates.reduce((sum, { count }) => sum + count, 0),
    refs.length,
  );
  assert.equal(templates.find(({ text }) => text === common)?.count, refs.length / 2);
  for (const ref of refs) assert.ok(miner.templateOf(ref).count > 0);
});

test('a value that is a new word each time makes one template, however many there are', () => {
  const miner = new TemplateMiner();
  const refs = Array.from({ length: 3 * KINDS_MAX }, (_, n) => miner.add(`user ${word(n)} has logged in`));
  assert.deepEqual(
    miner.templates().map(({ text, count }) => [text, count]),
    [['user <*> has logged in', refs.length]],
  );
  for (const ref of refs) assert.equal(miner.templateOf(ref).id, 'T1');
});

test('a line of megabytes costs no more than a long line', () => {
  const miner = new TemplateMiner();
  const ref = miner.add(`${'x'.repeat(50)} `.repeat(100_000));
  assert.ok(miner.templateOf(ref).text.length < 10_000);
});
