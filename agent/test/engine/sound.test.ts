import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Analysis, AnalysisUsage, Diagnosis } from '../../src/core/diagnosis.ts';
import { soundAnalysis, soundDiagnosis, soundFailure, soundUsage } from '../../src/engine/sound.ts';

/** Bytes that one diagnosis or analysis may make of an entry at most. */
const BYTES_MAX = 128 * 1024;

/** Anything at all, often in the shape that is expected. */
const anything = fc.anything({ withBigInt: true, withNullPrototype: true, maxDepth: 4 });
const field = fc.oneof(
  { arbitrary: anything, weight: 1 },
  { arbitrary: fc.string(), weight: 1 },
  fc.double(),
);
const cause = fc.record({
  id: field,
  group: field,
  summary: field,
  restartHelps: fc.oneof(field, fc.constantFrom('yes', 'no')),
  confidence: field,
  citations: fc.oneof(field, fc.array(field)),
  remedy: field,
});
const advice = fc.record({
  from: field,
  strategy: field,
  withhold: fc.oneof(field, fc.constantFrom('nothing', 'restarts', 'mutations')),
  person: fc.oneof(field, fc.constantFrom('as-planned', 'approve', 'now')),
  reason: field,
});
const said = fc.oneof(
  anything,
  fc.record({
    model: field,
    causes: fc.oneof(field, fc.array(cause)),
    advice: fc.oneof(field, advice),
    confidence: field,
    lookAt: fc.oneof(field, fc.array(field)),
    voided: field,
    remembered: field,
    unusual: fc.oneof(
      field,
      fc.array(
        fc.record({
          template: field,
          kind: fc.constantFrom('new', 'rare', 7),
          count: field,
          citation: field,
        }),
      ),
    ),
  }),
);

/** What goes into the journal and comes back is the same: nothing of it is lost, and nothing throws. */
function assertKeepable(value: unknown): void {
  const text = JSON.stringify(value);
  assert.deepEqual(JSON.parse(text), value);
  assert.ok(Buffer.byteLength(text) <= BYTES_MAX);
}

test('whatever a diagnoser or an analyst says, what is kept of it can be journaled, and is bounded', () => {
  fc.assert(
    fc.property(said, (value) => {
      // The types promise more than anybody outside can be held to.
      assertKeepable(soundDiagnosis(value as Diagnosis));
      assertKeepable(soundAnalysis(value as Analysis));
      assertKeepable(soundUsage(value as AnalysisUsage));
    }),
    { numRuns: 1_000 },
  );
});

test('sureness lies between nothing and all, and amounts are not below nothing', () => {
  fc.assert(
    fc.property(said, (value) => {
      const causes = [
        ...soundDiagnosis(value as Diagnosis).causes,
        ...(soundAnalysis(value as Analysis)?.causes ?? []),
      ];
      for (const { confidence } of causes) assert.ok(confidence >= 0 && confidence <= 1);
      for (const amount of Object.values(soundUsage(value as AnalysisUsage) ?? {})) assert.ok(amount >= 0);
    }),
  );
});

test('words without end are cut, and what says nothing that is known advises nothing', () => {
  const long = 'x'.repeat(1_000_000);
  const analysis = {
    model: long,
    causes: Array.from({ length: 500 }, () => ({
      id: long,
      summary: long,
      citations: Array(500).fill(long),
    })),
    advice: { strategy: long, withhold: 'nothing', person: 'now', reason: long },
    lookAt: Array(500).fill(long),
  } as unknown as Analysis;
  assertKeepable(soundAnalysis(analysis));
  assert.equal(
    soundAnalysis({ advice: { withhold: 'everything', person: 'now' } } as unknown as Analysis),
    null,
  );
});

test('an analyst speaks for nobody else', () => {
  const advice = { from: 'rules', strategy: null, withhold: 'nothing', person: 'now', reason: '' };
  assert.equal(soundAnalysis({ advice } as unknown as Analysis)?.advice.from, 'analyst');
});

test('what was used is unknown where a single number of it is none', () => {
  const usage = { inputTokens: 1, outputTokens: 1, costUsd: 0, turns: 1 };
  assert.deepEqual(soundUsage(usage), usage);
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, -1, '7', null])
    assert.equal(soundUsage({ ...usage, inputTokens: odd } as unknown as AnalysisUsage), null);
});

test('a reason that nobody knows is a malformed answer', () => {
  assert.equal(soundFailure('rate-limited'), 'rate-limited');
  for (const odd of ['answered', 'toString', 7, undefined]) assert.equal(soundFailure(odd), 'malformed');
});
