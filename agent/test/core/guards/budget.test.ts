import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fleet } from '../../../src/core/fleet.ts';
import { budgetGuard } from '../../../src/core/guards/budget.ts';
import { DEFAULT_GUARDS } from '../../../src/core/settings.ts';
import { entry, fleetOf, HOUR_MS, MINUTE_MS, mutated, NOW, repaired, request, SECOND_MS } from './request.ts';

const { windowMs } = DEFAULT_GUARDS.budget;
const spent = (...ages: readonly number[]) =>
  fleetOf(...ages.map((age, at) => repaired(NOW - age, `i${at}`, 'web')));
const verdictAt = (fleet: Fleet, now = NOW) => budgetGuard(request({ fleet, now })).verdict;

test('two of three places are used: the third is free', () => {
  const answer = budgetGuard(request({ fleet: spent(MINUTE_MS, 2 * MINUTE_MS) }));
  assert.equal(answer.verdict, 'allow');
  assert.equal(answer.reason, '2 of 3 mutations in the last 10 min used');
});

test('three of three places are used: refused, with the count and the window in words', () => {
  const answer = budgetGuard(request({ fleet: spent(MINUTE_MS, 2 * MINUTE_MS, 3 * MINUTE_MS) }));
  assert.deepEqual(answer, {
    guard: 'budget',
    verdict: 'refuse',
    code: 'budget-spent',
    reason: 'mutated 3 times in the last 10 min, and no more than 3 times is allowed',
  });
});

test('a place is free again exactly when the window is over, and not one millisecond before', () => {
  const used = [SECOND_MS, 2 * SECOND_MS];
  assert.equal(verdictAt(spent(...used, windowMs - 1)), 'refuse');
  assert.equal(verdictAt(spent(...used, windowMs)), 'allow');
  assert.equal(verdictAt(spent(...used, windowMs + 1)), 'allow');
});

test('what other targets got does not count', () => {
  const others = [1, 2, 3, 4].map((n) => repaired(NOW - n * MINUTE_MS, `i${n}`, `other-${n}`));
  assert.equal(verdictAt(fleetOf(...others)), 'allow');
});

test('the further instances of a step and its repeats take no place, and are not refused for want of one', () => {
  const one = [...repaired(NOW - MINUTE_MS, 'i1', 'web'), mutated(NOW - MINUTE_MS + 1, 'i1', 'web', false)];
  assert.match(budgetGuard(request({ fleet: fleetOf(one) })).reason, /^1 of 3/);
  const all = spent(MINUTE_MS, 2 * MINUTE_MS, 3 * MINUTE_MS);
  assert.equal(budgetGuard(request({ fleet: all, counts: false })).verdict, 'allow');
});

test('an open breaker refuses to its last millisecond, and says when it closes and how a person closes it', () => {
  const until = NOW + 10 * MINUTE_MS;
  const breaker = entry(NOW, 'i1', 'web', {
    type: 'breaker-opened',
    target: 'web',
    until,
    reason: 'web was mutated 3 times in the last 10 min',
  });
  const fleet = fleetOf(breaker);
  const answer = budgetGuard(request({ fleet }));
  assert.equal(answer.verdict, 'refuse');
  assert.equal(
    answer.reason,
    'web was mutated 3 times in the last 10 min; the breaker closes again at 12:10:00Z or by `mpa breaker reset web`',
  );
  assert.equal(verdictAt(fleet, until - 1), 'refuse');
  assert.equal(verdictAt(fleet, until), 'allow');
  assert.equal(budgetGuard(request({ fleet, counts: false })).verdict, 'refuse');
});

test('a person closes the breaker: the target has a new budget, and spends it by the same rule', () => {
  const used = [1, 2, 3].map((n) => repaired(NOW - n * MINUTE_MS, `i${n}`, 'web'));
  const reset = entry(NOW, null, 'web', {
    type: 'control-set',
    control: { kind: 'breaker-reset', target: 'web' },
    who: 'ann',
    reason: 'mended',
  });
  assert.equal(verdictAt(fleetOf(...used, reset), NOW + 1), 'allow');
  const again = [1, 2, 3].map((n) => repaired(NOW + n * MINUTE_MS, `j${n}`, 'web'));
  assert.equal(verdictAt(fleetOf(...used, reset, ...again), NOW + 4 * MINUTE_MS), 'refuse');
});

test('in no window of any length of the budget a target is mutated more often than allowed, however often it is asked', () => {
  const asks = fc.array(fc.integer({ min: 0, max: 5 * MINUTE_MS }), { minLength: 1, maxLength: 200 });
  const limits = fc.record({
    mutations: fc.integer({ min: 1, max: 5 }),
    windowMs: fc.integer({ min: SECOND_MS, max: HOUR_MS }),
  });
  fc.assert(
    fc.property(asks, limits, fc.boolean(), (gaps, budget, restarts) => {
      const written = [];
      const granted: number[] = [];
      let fleet = new Fleet();
      let now = NOW;
      for (const gap of gaps) {
        now += gap;
        // A restart of the agent knows nothing but the journal.
        if (restarts) fleet = fleetOf(written);
        const limit = { ...DEFAULT_GUARDS, budget: { ...budget, breakerMs: SECOND_MS } };
        if (budgetGuard(request({ fleet, now, limits: limit })).verdict !== 'allow') continue;
        const draft = mutated(now, `i${now}`, 'web');
        written.push(draft);
        fleet.apply(draft);
        granted.push(now);
      }
      for (const end of granted) {
        const inside = granted.filter((at) => at > end - budget.windowMs && at <= end);
        assert.ok(inside.length <= budget.mutations);
      }
    }),
    { numRuns: 200 },
  );
});
