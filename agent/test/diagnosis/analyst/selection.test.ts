import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Diagnosis } from '../../../src/core/diagnosis.ts';
import { EvidenceBook } from '../../../src/diagnosis/analyst/evidenceBook.ts';
import { selectEvidence } from '../../../src/diagnosis/analyst/selection.ts';
import { estimateTokens } from '../../../src/diagnosis/analyst/tokens.ts';
import { INSPECT, LOGS } from './scene.ts';

const NOTHING: Diagnosis = { causes: [], unusual: [] };
const many = Array.from({ length: 5_000 }, (_, index) => `line ${index + 1} of a quiet day`);

function citing(citation: string): Diagnosis {
  const cause = { id: 'x', group: 'x', summary: '', restartHelps: 'no' as const, confidence: 1, remedy: '' };
  return { causes: [{ ...cause, citations: [citation] }], unusual: [] };
}

function shown(text: readonly string[], diagnosis: Diagnosis, tokens: number) {
  const book = new EvidenceBook([{ ...LOGS, text: text.join('\n') }, INSPECT]);
  const items = selectEvidence(book, diagnosis, tokens);
  const lines = Object.keys(items.find(({ id }) => id === 'E1')?.lines ?? {}).map(Number);
  return { items, lines, tokens: estimateTokens(JSON.stringify(items)) };
}

describe('of too much evidence', () => {
  for (const budget of [500, 2_000, 8_000]) {
    it(`no more is shown than ${budget} tokens`, () => {
      const { tokens, lines } = shown(many, citing('E1:17'), budget);
      assert.ok(tokens <= budget, `${tokens}`);
      assert.ok(lines.length > 5);
    });
  }

  it('what the rules cite comes first, with what stands around it, under its own number', () => {
    const { items, lines } = shown(many, citing('E1:17'), 500);
    assert.deepEqual(lines.slice(0, 5), [15, 16, 17, 18, 19]);
    assert.equal(items[0]?.lines[17], 'line 17 of a quiet day');
    assert.equal(items[0]?.of, 5_000);
  });

  it('what is unusual comes before what is last', () => {
    const unusual = [{ template: 't', kind: 'new' as const, count: 1, citation: 'E1:99' }];
    const { lines } = shown(many, { causes: [], unusual }, 500);
    assert.ok(lines.includes(99));
  });

  it('facts and the last lines come before older ones', () => {
    const { items, lines } = shown(many, NOTHING, 500);
    assert.deepEqual(Object.keys(items.find(({ id }) => id === 'E2')?.lines ?? {}), ['1', '2', '3']);
    assert.equal(lines.at(-1), 5_000);
    assert.ok(lines.every((line) => line > 4_900));
  });

  it('trouble is shown before what sounds like none', () => {
    const { lines } = shown(many.with(2_499, 'java.lang.NullPointerException'), NOTHING, 1_500);
    assert.ok(lines.includes(2_500));
  });
});

describe('of an enormous log', () => {
  const text = [
    'the cause',
    ...Array.from({ length: 50_000 }, (_, index) => (index % 2 === 0 ? '' : `x${index}`)),
  ];

  it('the last lines are shown, none of them empty, and what is cited, however old', () => {
    const { items, lines } = shown(text, citing('E1:1'), 8_000);
    assert.equal(items[0]?.lines[1], 'the cause');
    assert.ok(!Object.values(items[0]?.lines ?? {}).includes(''));
    assert.ok(lines.slice(4).every((line) => line > 40_000));
  });
});

describe('of little evidence', () => {
  it('everything is shown, in its order', () => {
    const { items } = shown(['one', 'two'], NOTHING, 8_000);
    assert.deepEqual(
      items.map(({ id, lines, of }) => [id, lines, of]),
      [
        ['E1', { 1: 'one', 2: 'two' }, 2],
        ['E2', { 1: 'status: exited', 2: 'exit code: 1', 3: 'started at 2026-11-24T08:00:00Z' }, 3],
      ],
    );
  });

  it('an enormous line is cut, and an empty item left out', () => {
    const { items } = shown(['x'.repeat(100_000)], NOTHING, 8_000);
    assert.equal(items[0]?.lines[1]?.length, 601);
    const book = new EvidenceBook([{ ...LOGS, text: '' }]);
    assert.deepEqual(selectEvidence(book, NOTHING, 8_000), []);
  });
});
