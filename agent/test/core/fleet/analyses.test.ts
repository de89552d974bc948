import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../../src/core/entry.ts';
import { entry, fleetOf, HOUR_MS, MINUTE_MS, NOW, opened } from '../guards/request.ts';

const MIDNIGHT = Date.UTC(2026, 10, 24);
const DAY_MS = 24 * HOUR_MS;

const NO_USAGE = { inputTokens: 0, outputTokens: 0, costUsd: 0, turns: 0 };

function started(at: number, id: string, tokens: number): Draft {
  return entry(at, id, 'web', {
    type: 'analysis-started',
    by: at + 10_000,
    waits: true,
    budget: { tokens, costUsd: 0.1 },
  });
}

/** The end of an analysis after which the day has cost so much. */
function ended(at: number, id: string, tokens: number, startsAt = MIDNIGHT): Draft {
  return entry(at, id, 'web', {
    type: 'analysis-ended',
    analysis: null,
    code: 'refused',
    reason: '',
    usage: NO_USAGE,
    charged: { tokens, costUsd: 0 },
    day: { startsAt, tokens, costUsd: 0 },
  });
}

test('what was spent counts until midnight, UTC, and then no more', () => {
  const fleet = fleetOf(started(NOW, 'a', 500), ended(NOW + 1_000, 'a', 400));
  assert.deepEqual(fleet.analysisSpending(NOW + HOUR_MS).spent, { tokens: 400, costUsd: 0 });
  assert.equal(fleet.analysisSpending(MIDNIGHT + DAY_MS - 1).spent.tokens, 400);
  const next = fleet.analysisSpending(MIDNIGHT + DAY_MS);
  assert.deepEqual([next.startsAt, next.spent.tokens], [MIDNIGHT + DAY_MS, 0]);
});

test('a clock that is set back past midnight gives no new budget', () => {
  const fleet = fleetOf(ended(MIDNIGHT + MINUTE_MS, 'a', 400));
  const { startsAt, spent } = fleet.analysisSpending(MIDNIGHT - MINUTE_MS);
  assert.deepEqual([startsAt, spent.tokens], [MIDNIGHT, 400]);
});

test('a clock that had run days ahead does not keep its budget when it is right again', () => {
  const fleet = fleetOf(ended(NOW, 'a', 400, MIDNIGHT + 300 * DAY_MS));
  assert.equal(fleet.analysisSpending(NOW).spent.tokens, 0);
});

test('what those under way may spend is granted to nobody else, until it is known what they spent', () => {
  const fleet = fleetOf(started(NOW, 'a', 500), started(NOW, 'b', 300));
  assert.equal(fleet.analysesUnderWay(NOW), 2);
  assert.equal(fleet.analysisSpending(NOW).granted.tokens, 800);
  fleet.apply(ended(NOW + 1_000, 'a', 100));
  assert.equal(fleet.analysisSpending(NOW + 1_000).granted.tokens, 300);
});

test('an analysis that nobody hears of any more takes no place for ever', () => {
  const fleet = fleetOf(opened(NOW, 'a', 'web'), started(NOW, 'a', 500), started(NOW, 'b', 500));
  fleet.apply(entry(NOW + 1_000, 'a', 'web', { type: 'quarantined', error: 'defect' }));
  assert.equal(fleet.analysesUnderWay(NOW + 1_000), 1);
  assert.equal(fleet.analysesUnderWay(NOW + 2 * MINUTE_MS), 0);
});
