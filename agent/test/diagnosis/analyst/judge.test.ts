import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAnswer } from '../../../src/diagnosis/analyst/answer.ts';
import { EvidenceBook } from '../../../src/diagnosis/analyst/evidenceBook.ts';
import { judge } from '../../../src/diagnosis/analyst/judge.ts';
import { INSPECT, LOGS, REPORT } from './scene.ts';

const book = new EvidenceBook([LOGS, INSPECT]);
const [CAUSE] = REPORT.causes;

function judged(changes: object, alternatives = [{ name: 'tell-someone' }]) {
  const answer = parseAnswer({ ...REPORT, ...changes });
  assert.ok(answer !== null);
  return judge(answer, book, alternatives, 'openai/m');
}

const citing = (...citations: string[]) => ({ causes: [{ ...CAUSE, citations }] });

describe('a claim', () => {
  for (const citation of ['E1', 'E1:1', 'E1:3', 'E2', 'E2:3', ' E1:2 ']) {
    it(`that cites ${JSON.stringify(citation)}, which is there, holds`, () => {
      const { causes, voided } = judged(citing(citation));
      assert.deepEqual([causes[0]?.citations, voided], [[citation.trim()], 0]);
    });
  }

  for (const citation of [
    'E3',
    'E1:4',
    'E1:0',
    'E2:4',
    'e1:1',
    'E1:1-3',
    'E01:1',
    'logs',
    '',
    'E1:',
    'E1:99999999',
  ]) {
    it(`that cites ${JSON.stringify(citation)}, which is not, is struck out`, () => {
      const { causes, voided } = judged(citing(citation));
      assert.deepEqual([causes, voided], [[], 1]);
    });
  }

  it('falls with the one citation of several that does not exist', () => {
    assert.equal(judged(citing('E1:1', 'E7:1')).voided, 1);
  });

  it('that cites nothing is struck out', () => {
    assert.equal(judged(citing()).voided, 1);
  });

  it('that cites an item without a line is struck out: nothing stands there', () => {
    const answer = parseAnswer({ ...REPORT, ...citing('E4') });
    assert.ok(answer !== null);
    const empty = new EvidenceBook([{ ...LOGS, id: 'E4', text: '' }]);
    assert.equal(judge(answer, empty, [], 'm').voided, 1);
  });
});

describe('advice', () => {
  it('counts where a claim holds that it can rest on', () => {
    const { advice } = judged({});
    assert.deepEqual([advice.strategy, advice.withhold, advice.person], ['tell-someone', 'restarts', 'now']);
  });

  it('is nothing where none does', () => {
    const { advice, confidence } = judged(citing('E7:1'));
    assert.deepEqual([advice.strategy, advice.withhold, advice.person], [null, 'nothing', 'as-planned']);
    assert.equal(confidence, 0);
  });

  it('names no strategy that is not among the alternatives', () => {
    assert.equal(judged({}, []).advice.strategy, null);
    assert.equal(judged({ strategy: 'restart-it' }).advice.strategy, null);
  });
});

describe('an answer', () => {
  for (const [what, changes, is] of [
    ['words that are none of the choices', { withhold: 'all', person: 'maybe' }, ['nothing', 'as-planned']],
    ['no words at all', { withhold: undefined, person: undefined }, ['nothing', 'as-planned']],
    ['numbers for words', { withhold: 3, person: {} }, ['nothing', 'as-planned']],
  ] as const) {
    it(`with ${what} advises nothing by them`, () => {
      const { advice } = judged(changes);
      assert.deepEqual([advice.withhold, advice.person], is);
    });
  }

  for (const [confidence, is] of [
    [0.5, 0.5],
    ['0.5', 0.5],
    [80, 1],
    [-1, 0],
    [null, 0],
    ['high', 0],
  ] as const) {
    it(`of the confidence ${confidence} has ${is}`, () => {
      assert.equal(judged({ confidence }).confidence, is);
    });
  }

  it('of a thousand causes is cut', () => {
    const { causes, voided } = judged({ causes: Array.from({ length: 1_000 }, () => CAUSE) });
    assert.equal(causes.length + voided, 10);
  });

  for (const [what, answered] of [
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['prose', 'It is the disk.'],
    ['a list', [REPORT]],
    ['no causes', { ...REPORT, causes: undefined }],
    ['causes that are text', { ...REPORT, causes: ['disk'] }],
    ['half an object', '{"causes": [{"name"'],
  ] as const) {
    it(`that is ${what} is none`, () => {
      assert.equal(parseAnswer(answered), null);
    });
  }

  it('may stand in prose', () => {
    assert.deepEqual(parseAnswer(`Sure!\n${JSON.stringify(REPORT)}\nAnything else?`), parseAnswer(REPORT));
  });
});
