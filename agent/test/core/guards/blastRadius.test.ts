import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fleet } from '../../../src/core/fleet.ts';
import { blastRadiusGuard } from '../../../src/core/guards/blastRadius.ts';
import { DEFAULT_GUARDS } from '../../../src/core/settings.ts';
import type { Target } from '../../../src/core/target.ts';
import { target } from '../../engine/given.ts';
import {
  confirmed,
  done,
  entry,
  fleetOf,
  MINUTE_MS,
  mutated,
  NOW,
  opened,
  repaired,
  request,
  SECOND_MS,
} from './request.ts';

const { windowMs } = DEFAULT_GUARDS.blastRadius;

/** A fleet of so many targets, `web` among them. */
const targetsOf = (size: number): readonly Target[] => [
  target('web'),
  ...Array.from({ length: size - 1 }, (_, n) => target(`t${n}`)),
];

test('a fifth of the fleet may be mutated in the window, and the next target waits until the first leaves it', () => {
  const targets = targetsOf(10);
  const one = repaired(NOW - 5 * MINUTE_MS, 'i1', 't1');
  const two = repaired(NOW - 2 * MINUTE_MS, 'i2', 't2');
  assert.equal(blastRadiusGuard(request({ targets, fleet: fleetOf(one) })).verdict, 'allow');
  const answer = blastRadiusGuard(request({ targets, fleet: fleetOf(one, two) }));
  assert.deepEqual(answer, {
    guard: 'blast-radius',
    verdict: 'delay',
    until: NOW + 5 * MINUTE_MS,
    reason: '2 other targets were mutated in the last 10 min, and 2 of 10 may be; waits until 12:05:00Z',
  });
});

test('when the wait that it asked for is over, it allows', () => {
  const targets = targetsOf(10);
  for (const count of [2, 3, 4]) {
    const repairs = Array.from({ length: count }, (_, n) =>
      repaired(NOW - (n + 1) * MINUTE_MS, `i${n}`, `t${n}`),
    );
    const fleet = fleetOf(...repairs);
    const answer = blastRadiusGuard(request({ targets, fleet }));
    assert.equal(answer.verdict, 'delay');
    const until = answer.verdict === 'delay' ? answer.until : 0;
    assert.equal(blastRadiusGuard(request({ targets, fleet, now: until - 1 })).verdict, 'delay');
    assert.equal(blastRadiusGuard(request({ targets, fleet, now: until })).verdict, 'allow');
  }
});

test('in a fleet of one or two, one may always be mutated', () => {
  assert.equal(blastRadiusGuard(request({ targets: targetsOf(1) })).verdict, 'allow');
  assert.equal(blastRadiusGuard(request({ targets: targetsOf(2) })).verdict, 'allow');
  const fleet = fleetOf(repaired(NOW - MINUTE_MS, 'i1', 't0'));
  assert.equal(blastRadiusGuard(request({ targets: targetsOf(2), fleet })).verdict, 'delay');
});

test('a target’s own mutations do not stand in its way: the budget counts those', () => {
  const own = [1, 2, 3].map((n) => repaired(NOW - n * MINUTE_MS, `i${n}`, 'web'));
  assert.equal(blastRadiusGuard(request({ targets: targetsOf(5), fleet: fleetOf(...own) })).verdict, 'allow');
});

test('several mutations of one target are one target', () => {
  const same = [1, 2, 3].map((n) => repaired(NOW - n * MINUTE_MS, `i${n}`, 't1'));
  assert.equal(
    blastRadiusGuard(request({ targets: targetsOf(10), fleet: fleetOf(...same) })).verdict,
    'allow',
  );
});

test('three targets that are being mutated are enough at once, and the fourth hears which they are', () => {
  const targets = targetsOf(100);
  const underWay = (count: number) =>
    fleetOf(
      ...Array.from({ length: count }, (_, n) => [
        opened(NOW - 2 * SECOND_MS, `i${n}`, `t${n}`),
        mutated(NOW - SECOND_MS, `i${n}`, `t${n}`),
      ]),
    );
  assert.equal(blastRadiusGuard(request({ targets, fleet: underWay(2) })).verdict, 'allow');
  const answer = blastRadiusGuard(request({ targets, fleet: underWay(3) }));
  assert.equal(answer.verdict, 'delay');
  assert.equal(answer.reason, '3 other targets are being mutated (t0, t1, t2), and at most 3 may be at once');
});

test('a mutation is under way until it is known how it ended, also over a restart of the agent', () => {
  const targets = targetsOf(100);
  const limits = { ...DEFAULT_GUARDS, blastRadius: { ...DEFAULT_GUARDS.blastRadius, concurrent: 1 } };
  const began = [opened(NOW - 9 * SECOND_MS, 'i1', 't1'), mutated(NOW - 8 * SECOND_MS, 'i1', 't1')];
  const lost = entry(NOW - 7 * SECOND_MS, 'i1', 't1', {
    type: 'action-ended',
    index: 0,
    instance: 't1-1',
    result: { outcome: 'unknown', reason: 'timeout', output: null },
  });
  const resumed = entry(NOW - 6 * SECOND_MS, 'i1', 't1', { type: 'resumed' });
  const looked = confirmed(NOW - 5 * SECOND_MS, 'i1', 't1');
  const verdict = (fleet: Fleet) => blastRadiusGuard(request({ targets, fleet, limits })).verdict;
  assert.equal(verdict(fleetOf(began)), 'delay');
  assert.equal(verdict(fleetOf(began, lost, resumed)), 'delay');
  assert.equal(verdict(fleetOf(began, lost, resumed, looked)), 'allow');
  assert.equal(verdict(fleetOf(began, done(NOW - 7 * SECOND_MS, 'i1', 't1'))), 'allow');
});

test('in no window more of the fleet is mutated than allowed, whoever asks and when', () => {
  const asks = fc.array(fc.tuple(fc.nat({ max: 19 }), fc.nat({ max: 2 * MINUTE_MS })), { maxLength: 150 });
  fc.assert(
    fc.property(asks, fc.integer({ min: 2, max: 20 }), (wishes, size) => {
      const targets = targetsOf(size);
      const allowed = Math.max(1, Math.floor(size * DEFAULT_GUARDS.blastRadius.fraction));
      const fleet = new Fleet();
      const granted: { readonly at: number; readonly name: string }[] = [];
      let now = NOW;
      for (const [index, gap] of wishes) {
        now += gap;
        const of = targets[index % size] ?? target('web');
        if (blastRadiusGuard(request({ targets, fleet, now, target: of })).verdict !== 'allow') continue;
        for (const draft of [mutated(now, `i${now}`, of.name), done(now, `i${now}`, of.name)])
          fleet.apply(draft);
        granted.push({ at: now, name: of.name });
      }
      for (const { at: end } of granted) {
        const names = granted.filter(({ at }) => at > end - windowMs && at <= end).map(({ name }) => name);
        assert.ok(new Set(names).size <= allowed);
      }
    }),
  );
});
