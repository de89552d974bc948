import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Labels } from '../../src/core/alert.ts';
import { describeMatcher, type Matcher, type MatchOperator, matchersHold } from '../../src/core/matcher.ts';

const is = (label: string, operator: MatchOperator, value: string): Matcher => ({
  label,
  operator,
  value,
  accepts: (candidate) => candidate === value,
});
const labels: Labels = { service: 'web', severity: 'critical' };

test('all matchers must hold', () => {
  assert.ok(matchersHold([is('service', '=', 'web'), is('severity', '=', 'critical')], labels));
  assert.ok(!matchersHold([is('service', '=', 'web'), is('severity', '=', 'info')], labels));
});

test('an empty list of matchers matches nothing', () => {
  assert.equal(matchersHold([], labels), false);
  assert.equal(matchersHold([], {}), false);
});

test('a missing label is the empty string, for every operator', () => {
  assert.ok(matchersHold([is('team', '=', '')], labels));
  assert.ok(!matchersHold([is('team', '!=', '')], labels));
  assert.ok(matchersHold([is('team', '=~', '')], labels));
  assert.ok(matchersHold([is('team', '!=', 'x')], labels));
  assert.ok(!matchersHold([is('service', '!~', 'web')], labels));
});

test('what every object inherits is no label', () => {
  const seen: string[] = [];
  const spy: Matcher = { ...is('constructor', '=', ''), accepts: (value) => seen.push(value) > 0 };
  matchersHold([spy], { service: 'web' });
  matchersHold([{ ...spy, label: '__proto__' }], { service: 'web' });
  assert.deepEqual(seen, ['', '']);
});

test('a matcher is shown as it is written in configuration', () => {
  assert.equal(describeMatcher(is('service', '!~', 'a"b')), 'service!~"a\\"b"');
});
