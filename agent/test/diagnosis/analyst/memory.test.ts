import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AnalysisQuestion } from '../../../src/core/diagnosis.ts';
import type { EvidenceItem } from '../../../src/core/evidence.ts';
import { parseAnswer } from '../../../src/diagnosis/analyst/answer.ts';
import { EvidenceBook } from '../../../src/diagnosis/analyst/evidenceBook.ts';
import { fingerprintOf } from '../../../src/diagnosis/analyst/fingerprint.ts';
import { judge } from '../../../src/diagnosis/analyst/judge.ts';
import { Memory } from '../../../src/diagnosis/analyst/memory.ts';
import { INSPECT, LOGS, question, REPORT } from './scene.ts';

const HOUR = 3_600_000;

const print = (asked: AnalysisQuestion) => fingerprintOf(asked, new EvidenceBook(asked.evidence));
const withEvidence = (...evidence: EvidenceItem[]) => question({ evidence });
const logs = (text: string): EvidenceItem => ({ ...LOGS, text });

function analysed(evidence: readonly EvidenceItem[], ...citations: string[]) {
  const answer = parseAnswer({ ...REPORT, causes: [{ ...REPORT.causes[0], citations }] });
  assert.ok(answer !== null);
  return judge(answer, new EvidenceBook(evidence), [{ name: 'tell-someone' }], 'm');
}

describe('the fingerprint of a trouble is the same', () => {
  const first = 'at 2026-11-24T08:00:00.123Z pid 4711 FATAL cannot bind 10.0.0.7:8080 (0x7ffe12)\n';
  for (const [what, one, other] of [
    ['at another time', logs(first), logs(first.replaceAll('08:00:00.123', '23:59:59.999'))],
    ['for another process', logs(first), logs(first.replace('4711', '31337').replace('0x7ffe12', '0x1'))],
    ['when a crash loop has gone round once more', logs(first), logs(first + first)],
    [
      'among other lines that sound like no trouble',
      logs(`GET /a\n${first}`),
      logs(`${first}GET /b\nGET /c`),
    ],
    [
      'in another container of the same name',
      { ...LOGS, text: 'error in 3f9a1c2b7d4e5f60' },
      { ...LOGS, text: 'error in aa11bb22cc33dd44' },
    ],
  ] as const) {
    it(what, () => assert.equal(print(withEvidence(one)), print(withEvidence(other))));
  }

  it('in whatever order the evidence came', () => {
    const swapped = withEvidence({ ...INSPECT, id: 'E1' }, { ...LOGS, id: 'E2' });
    assert.equal(print(withEvidence(LOGS, INSPECT)), print(swapped));
  });

  it('whatever its statistics and its history are', () => {
    const stats: EvidenceItem = {
      id: 'E3',
      kind: 'stats',
      instance: 'a',
      text: 'memory 93 %',
      truncated: false,
    };
    assert.equal(
      print(withEvidence(LOGS, INSPECT, stats)),
      print(withEvidence(LOGS, INSPECT, { ...stats, kind: 'history', text: '3 incidents today' })),
    );
  });
});

describe('the fingerprint of a trouble differs', () => {
  const plan = { strategy: 'other', steps: ['restart'] };
  for (const [what, changes] of [
    ['for another target', { target: 'other' }],
    ['for another plan', { plan }],
    ['where other strategies can be named', { alternatives: [] }],
    ['for another exit code', { evidence: [LOGS, { ...INSPECT, text: 'status: exited\nexit code: 137' }] }],
    ['for another error', { evidence: [logs('FATAL: no space left on device'), INSPECT] }],
    ['for another alert', { labels: { alertname: 'Other' } }],
    [
      'where the rules see another cause',
      {
        diagnosis: {
          causes: [
            {
              id: 'disk-full',
              group: 'disk',
              summary: '',
              restartHelps: 'no' as const,
              confidence: 1,
              citations: [],
              remedy: '',
            },
          ],
          unusual: [],
        },
      },
    ],
  ] satisfies readonly (readonly [string, Partial<AnalysisQuestion>])[]) {
    it(what, () => assert.notEqual(print(question(changes)), print(question())));
  }
});

describe('a remembered answer', () => {
  const evidence = [LOGS, INSPECT];
  const book = new EvidenceBook(evidence);

  it('is given again, and says that it is one', () => {
    const memory = new Memory(HOUR);
    const analysis = analysed(evidence, 'E1:3');
    memory.remember('f', analysis, book, 0);
    assert.deepEqual(memory.recall('f', book, HOUR - 1), { ...analysis, remembered: true });
  });

  it('is forgotten after its time', () => {
    const memory = new Memory(HOUR);
    memory.remember('f', analysed(evidence, 'E1:3'), book, 0);
    assert.equal(memory.recall('f', book, HOUR), null);
    assert.equal(memory.recall('f', book, 0), null);
  });

  it('cites the line where it stands now', () => {
    const memory = new Memory(HOUR);
    memory.remember('f', analysed(evidence, 'E1:3', 'E2'), book, 0);
    const now = new EvidenceBook([
      { ...INSPECT, id: 'E5' },
      { ...LOGS, id: 'E6', text: `GET / 200\n${LOGS.text}` },
    ]);
    assert.deepEqual(memory.recall('f', now, 1)?.causes[0]?.citations, ['E6:4', 'E5']);
  });

  it('is none where nothing of what it cites is there now', () => {
    const memory = new Memory(HOUR);
    memory.remember('f', analysed(evidence, 'E1:3'), book, 0);
    assert.equal(memory.recall('f', new EvidenceBook([logs('all well')]), 1), null);
  });

  it('is not kept where it names no cause, nor where nothing is to be remembered', () => {
    const memory = new Memory(HOUR);
    memory.remember('f', analysed(evidence, 'E7'), book, 0);
    assert.equal(memory.recall('f', book, 0), null);
    const none = new Memory(0);
    none.remember('f', analysed(evidence, 'E1'), book, 0);
    assert.equal(none.recall('f', book, 0), null);
  });

  it('makes room: of more than 200 the one that was not needed for longest goes', () => {
    const memory = new Memory(HOUR);
    const analysis = analysed(evidence, 'E1');
    for (let index = 0; index < 200; index += 1) memory.remember(`f${index}`, analysis, book, 0);
    assert.notEqual(memory.recall('f0', book, 0), null);
    memory.remember('f200', analysis, book, 0);
    assert.equal(memory.recall('f1', book, 0), null);
    assert.notEqual(memory.recall('f0', book, 0), null);
    assert.notEqual(memory.recall('f200', book, 0), null);
  });
});
