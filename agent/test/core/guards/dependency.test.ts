import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dependencyGuard } from '../../../src/core/guards/dependency.ts';
import type { Target } from '../../../src/core/target.ts';
import { target } from '../../engine/given.ts';
import { ended, fleetOf, NOW, opened, request, SECOND_MS } from './request.ts';

const sick = (...names: readonly string[]) =>
  names.map((name) => opened(NOW - SECOND_MS, `inc-${name}`, name));

/** Whether `name` waits, when all of `targets` that are named in `sick` have an open incident. */
function verdict(
  name: string,
  targets: readonly Target[],
  fleet = fleetOf(sick(...targets.map((one) => one.name))),
) {
  const of = targets.find((one) => one.name === name) ?? target(name);
  return dependencyGuard(request({ target: of, targets, fleet }));
}

test('a target waits for what it depends on, and the sentence names it and its incident', () => {
  const answer = verdict('web', [target('web', { dependsOn: ['db'] }), target('db')]);
  assert.deepEqual(answer, {
    guard: 'dependency',
    verdict: 'delay',
    until: NOW + 15 * SECOND_MS,
    reason: 'it depends on db, which has trouble itself (incident inc-db): root first',
  });
});

test('the root does not wait for what depends on it', () => {
  assert.equal(verdict('db', [target('web', { dependsOn: ['db'] }), target('db')]).verdict, 'allow');
});

test('a dependency whose incident is over is not waited for', () => {
  const fleet = fleetOf(sick('web', 'db'), ended(NOW, 'inc-db', 'db'));
  assert.equal(verdict('web', [target('web', { dependsOn: ['db'] }), target('db')], fleet).verdict, 'allow');
});

test('in every circle of dependencies somebody goes first', () => {
  const circles = [
    [target('web', { dependsOn: ['web'] })],
    [target('a', { dependsOn: ['b'] }), target('b', { dependsOn: ['a'] })],
    [target('a', { dependsOn: ['b'] }), target('b', { dependsOn: ['c'] }), target('c', { dependsOn: ['a'] })],
    [target('c', { dependsOn: ['b'] }), target('b', { dependsOn: ['a'] }), target('a', { dependsOn: ['c'] })],
  ];
  for (const circle of circles) {
    const free = circle.filter(({ name }) => verdict(name, circle).verdict === 'allow');
    assert.ok(free.length > 0, `nobody goes first of ${circle.map(({ name }) => name).join(', ')}`);
  }
});

test('a dependency that is not known is not waited for', () => {
  assert.equal(verdict('web', [target('web', { dependsOn: ['gone'] })]).verdict, 'allow');
});
