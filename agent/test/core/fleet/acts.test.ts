import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from '../../../src/core/entry.ts';
import { done, entry, fleetOf, mutated, NOW, opened, SECOND_MS } from '../guards/request.ts';

const ID = 'web-1-id';
const started = (at: number): Draft =>
  entry(at, null, 'web', { type: 'instance-started', instance: 'web-1', instanceId: ID, ownAt: at });
const restarting = [opened(NOW - SECOND_MS, 'i1', 'web'), mutated(NOW, 'i1', 'web')];

test('until a restart has started its container, a stop of it may be its own', () => {
  const fleet = fleetOf(restarting);
  assert.equal(fleet.mayHaveStopped('web', ID, NOW + SECOND_MS), true);
  assert.equal(fleet.awaitsStart('web', ID, NOW + SECOND_MS), true);
});

test('once it has started it, whoever stops it is somebody else, before the answer and after it', () => {
  const under = fleetOf(restarting, started(NOW + SECOND_MS));
  assert.equal(under.mayHaveStopped('web', ID, NOW + 900), true, 'heard late, and of before the start');
  assert.equal(under.mayHaveStopped('web', ID, NOW + SECOND_MS + 1), false);
  assert.equal(under.awaitsStart('web', ID, NOW + 2 * SECOND_MS), false);
  const over = fleetOf(restarting, started(NOW + SECOND_MS), done(NOW + SECOND_MS + 20, 'i1', 'web'));
  assert.equal(over.mayHaveStopped('web', ID, NOW + SECOND_MS + 100), false);
});

test('a restart stops the container that it is for, and no other of its target', () => {
  assert.equal(fleetOf(restarting).mayHaveStopped('web', 'web-2-id', NOW + SECOND_MS), false);
});

test('a start stops nothing', () => {
  const { body, ...rest } = mutated(NOW, 'i1', 'web');
  assert.ok(body.type === 'mutation-started');
  const fleet = fleetOf({ ...rest, body: { ...body, action: 'start' } });
  assert.equal(fleet.mayHaveStopped('web', ID, NOW + 50), false);
  assert.equal(fleet.isOwnDoing('web', NOW + 50), true);
});
