import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_ANALYSIS } from '../../src/core/settings.ts';
import { START_AT } from './given.ts';
import { type Answer, configured, hangs, ScriptedAnalyst, sick, USAGE } from './scriptedAnalyst.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

const WAYS: readonly {
  readonly what: string;
  readonly code: string;
  readonly answer: ScriptedAnalyst['answer'];
}[] = [
  { what: 'never answers', code: 'timeout', answer: hangs },
  {
    what: 'throws',
    code: 'unavailable',
    answer: () => {
      throw new Error('socket hang up');
    },
  },
  { what: 'rejects', code: 'unavailable', answer: () => Promise.reject(new Error('defect')) },
  {
    what: 'is refused for its rate',
    code: 'rate-limited',
    answer: async () => ({ ok: false, code: 'rate-limited', reason: 'status 429', usage: USAGE }),
  },
  {
    what: 'answers with something else',
    code: 'malformed',
    // The type forbids it; what comes over a wire does not know of types.
    answer: async () =>
      ({ ok: true, analysis: { advice: 'restart everything' }, usage: {} }) as unknown as Answer,
  },
  {
    what: 'answers with nothing',
    code: 'malformed',
    answer: async () => ({ ok: false }) as unknown as Answer,
  },
];

for (const { what, code, answer } of WAYS) {
  test(`when the analyst ${what} the rules decide alone, within its deadline, and the incident says so`, async () => {
    const harness = await sick(new ScriptedAnalyst(answer));
    await harness.until('analysis-ended');
    const [ended] = harness.said('analysis-ended');
    assert.equal(ended?.code, code);
    assert.equal(ended?.analysis, null);
    const begun = harness.content.entries.find(({ body }) => body.type === 'step-started')?.at ?? Number.NaN;
    assert.ok(begun - START_AT <= DEFAULT_ANALYSIS.timeoutMs + 100);
    await harness.pass(MINUTE_MS);
    assert.deepEqual(harness.acts(), ['restart web-1']);
    assert.deepEqual(harness.outcomes(), ['recovered']);
    assert.deepEqual(harness.quarantined, []);
  });
}

test('with `analysis: background` the recovery waits for nothing', async () => {
  const harness = await sick(new ScriptedAnalyst(hangs), configured('background'));
  await harness.pass(SECOND_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.equal(harness.said('analysis-ended').length, 0);
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.outcomes(), ['recovered']);
  assert.deepEqual(
    harness.said('analysis-ended').map(({ code }) => code),
    ['timeout'],
  );
});

test('an agent that stops does not wait for an analyst that hangs', async () => {
  const harness = await sick(new ScriptedAnalyst(hangs), configured('background'));
  await harness.pass(SECOND_MS);
  await harness.settled(harness.engine.stop('SIGTERM', 10 * SECOND_MS));
  assert.equal(harness.bodies().at(-1)?.type, 'agent-stopped');
});
