import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceOf } from '../../src/core/advice.ts';
import type { Cause } from '../../src/core/diagnosis.ts';

const SETTINGS = { minimumConfidence: 0.8 };

function cause(restartHelps: Cause['restartHelps'], confidence: number, rest: Partial<Cause> = {}): Cause {
  return {
    id: `${restartHelps}-${confidence}`,
    group: 'configuration',
    summary: 'The configuration is invalid.',
    restartHelps,
    confidence,
    citations: ['E2:7'],
    remedy: 'Correct the value of PORT.',
    ...rest,
  };
}

const withholds = (...causes: readonly Cause[]) => adviceOf({ causes, unusual: [] }, SETTINGS) !== null;

test('a sure cause that a restart cannot remove holds restarts back, and says why, where it is seen and what to do', () => {
  const advice = adviceOf({ causes: [cause('no', 0.9)], unusual: [] }, SETTINGS);
  assert.equal(advice?.withhold, 'restarts');
  assert.equal(
    advice?.reason,
    'The configuration is invalid (E2:7), and a restart cannot help. Correct the value of PORT.',
  );
});

test('what is not sure enough, or of which nobody knows whether a restart helps, holds nothing back', () => {
  assert.equal(withholds(cause('no', 0.79)), false);
  assert.equal(withholds(cause('unknown', 1)), false);
  assert.equal(withholds(cause('yes', 1)), false);
  assert.equal(withholds(), false);
  assert.equal(withholds(cause('no', 0.8)), true);
});

test('a surer cause that a restart removes lets it be tried', () => {
  assert.equal(withholds(cause('no', 0.85), cause('yes', 0.9)), false);
  assert.equal(withholds(cause('no', 0.9), cause('yes', 0.9)), true);
  assert.equal(withholds(cause('no', 0.9), cause('yes', 0.5)), true);
});
