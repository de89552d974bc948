// The analyst around the conversation: what it remembers, when it does not ask, and how it ends.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AnalystSettings } from '../../../src/analystSettings.ts';
import { ModelAnalyst } from '../../../src/diagnosis/analyst/analyst.ts';
import type { ModelTalker } from '../../../src/diagnosis/analyst/modelHost.ts';
import type { TalkOutcome } from '../../../src/diagnosis/analyst/talkOutcome.ts';
import { ManualClock } from '../../fakes/clock.ts';
import { INSPECT, LOGS, question, REPORT, settings, Tools } from './scene.ts';

const calm = new AbortController().signal;
const spent = { inputTokens: 1_000, outputTokens: 100, turns: 1 };
const reported: TalkOutcome = { spent, result: { kind: 'answered', answer: REPORT } };
const down: TalkOutcome = {
  spent: { inputTokens: 0, outputTokens: 0, turns: 0 },
  result: { kind: 'failed', code: 'unavailable', reason: 'connection refused' },
};

/** A talker that says what the test wants; `null`: nothing, until it is called off. */
function open(changes: Partial<AnalystSettings> = {}) {
  const scene = { talks: 0, next: reported as TalkOutcome | null };
  const talker: ModelTalker = {
    talk: async (_what, _useTool, signal) => {
      scene.talks += 1;
      if (scene.next !== null) return scene.next;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return { ...down, spent };
    },
    close: () => undefined,
  };
  const clock = new ManualClock();
  return { scene, clock, analyst: new ModelAnalyst(settings(changes), clock, talker) };
}

describe('an analyst', () => {
  it('is named after its provider and model', () => {
    assert.equal(open().analyst.model, 'openai/m');
  });

  it('does not ask twice about the same trouble: a repeat costs nothing', async () => {
    const { scene, analyst } = open();
    const first = await analyst.analyse(question(), new Tools(), calm);
    // The same in another incident, with evidence that came in another order, at another time.
    const again = question({
      incident: 'i2',
      evidence: [
        { ...INSPECT, id: 'E1', text: INSPECT.text.replace('08:00:00', '09:30:00') },
        { ...LOGS, id: 'E2' },
      ],
    });
    const second = await analyst.analyse(again, new Tools(), calm);
    assert.equal(scene.talks, 1);
    assert.ok(first.ok && second.ok);
    assert.deepEqual([first.analysis.remembered, second.analysis.remembered], [false, true]);
    assert.deepEqual(second.analysis.causes[0]?.citations, ['E2:3', 'E1:2']);
    assert.deepEqual(second.usage, { inputTokens: 0, outputTokens: 0, costUsd: 0, turns: 0 });
  });

  it('asks anew when the memory is over, and about another trouble', async () => {
    const { scene, clock, analyst } = open({ rememberMs: 60_000 });
    await analyst.analyse(question(), new Tools(), calm);
    await analyst.analyse(
      question({ evidence: [{ ...LOGS, text: 'FATAL: disk full\n1\n2' }, INSPECT] }),
      new Tools(),
      calm,
    );
    assert.equal(scene.talks, 2);
    await clock.advance(60_000);
    await analyst.analyse(question(), new Tools(), calm);
    assert.equal(scene.talks, 3);
  });

  it('remembers no failure', async () => {
    const { scene, analyst } = open();
    scene.next = down;
    await analyst.analyse(question(), new Tools(), calm);
    scene.next = reported;
    assert.equal((await analyst.analyse(question(), new Tools(), calm)).ok, true);
  });

  it('leaves a model alone that failed, and still knows what it was told before', async () => {
    const { scene, clock, analyst } = open({ breaker: { failures: 2, cooldownMs: 60_000 } });
    await analyst.analyse(question(), new Tools(), calm);
    scene.next = down;
    const other = question({ target: 'other' });
    for (let time = 0; time < 2; time += 1) await analyst.analyse(other, new Tools(), calm);
    const refused = await analyst.analyse(other, new Tools(), calm);
    assert.deepEqual([refused.ok, !refused.ok && refused.code], [false, 'breaker-open']);
    assert.equal(scene.talks, 3);
    assert.equal((await analyst.analyse(question(), new Tools(), calm)).ok, true);
    scene.next = reported;
    await clock.advance(60_000);
    assert.equal((await analyst.analyse(other, new Tools(), calm)).ok, true);
    assert.equal(scene.talks, 4);
  });

  for (const [code, opens] of [
    ['malformed', true],
    ['refused', false],
    ['budget-spent', false],
  ] as const) {
    it(`${opens ? 'counts' : 'does not count'} ${code} as a failure of the model`, async () => {
      const { scene, analyst } = open({ breaker: { failures: 1, cooldownMs: 60_000 } });
      scene.next = { spent, result: { kind: 'failed', code, reason: 'so' } };
      await analyst.analyse(question(), new Tools(), calm);
      scene.next = reported;
      assert.equal((await analyst.analyse(question(), new Tools(), calm)).ok, !opens);
    });
  }

  it('ends before its time is over, says what it spent, and counts the model as failed', async () => {
    const { scene, clock, analyst } = open({
      timeoutMs: 10_000,
      breaker: { failures: 1, cooldownMs: 60_000 },
    });
    scene.next = null;
    const asked = analyst.analyse(question(), new Tools(), calm);
    await clock.advance(9_500);
    const answered = await asked;
    assert.deepEqual([answered.ok, !answered.ok && answered.code], [false, 'timeout']);
    assert.equal(answered.usage.inputTokens, 1_000);
    assert.equal(answered.usage.costUsd, 0.0045);
    const next = await analyst.analyse(question(), new Tools(), calm);
    assert.equal(!next.ok && next.code, 'breaker-open');
    assert.equal(clock.sleeping, 0);
  });

  it('that is called off says so, and holds nothing against the model', async () => {
    const { scene, analyst, clock } = open({ breaker: { failures: 1, cooldownMs: 60_000 } });
    scene.next = null;
    const over = new AbortController();
    const asked = analyst.analyse(question(), new Tools(), over.signal);
    over.abort(new Error('the agent stops'));
    const answered = await asked;
    assert.deepEqual([answered.ok, !answered.ok && answered.code], [false, 'timeout']);
    scene.next = reported;
    assert.equal((await analyst.analyse(question(), new Tools(), calm)).ok, true);
    assert.equal(clock.sleeping, 0);
  });

  it('gives reasons in one safe line', async () => {
    const { scene, analyst } = open();
    scene.next = {
      spent,
      result: { kind: 'failed', code: 'unavailable', reason: `\u001b[31m${'no\n'.repeat(1_000)}` },
    };
    const answered = await analyst.analyse(question(), new Tools(), calm);
    assert.ok(!answered.ok);
    assert.match(answered.reason, /^\\u001b\[31mno no/);
    assert.ok(answered.reason.length < 600);
  });
});
