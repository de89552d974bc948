import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../../../src/core/observation.ts';
import type { Instance } from '../../../src/core/target.ts';
import { changesSince } from '../../../src/engine/evidence/changes.ts';
import { WellStates } from '../../../src/engine/evidence/wellStates.ts';
import { START_AT, target } from '../given.ts';
import { instance } from './stage.ts';

const MINUTE = 60_000;
const web = target('web');

function look(at: number, ...instances: readonly Instance[]): Observation {
  return { at: START_AT + at, runtime: { ok: true, instances }, probes: [], symptoms: [] };
}

function changes(looks: readonly Observation[], now: readonly Instance[]): readonly string[] | undefined {
  const states = new WellStates();
  for (const seen of looks) states.note(web, seen);
  return changesSince(states.of('web'), now, START_AT)?.text.split('\n');
}

test('a target that was never seen well has nothing to be compared with', () => {
  const dead = instance('web-1', { status: 'exited' });
  const unseen: Observation = { ...look(-1), runtime: { ok: false, reason: 'connect ENOENT' } };
  assert.equal(changes([], [dead]), undefined);
  assert.equal(changes([look(-MINUTE, dead), look(-MINUTE), unseen], [dead]), undefined);
});

test('that nothing has changed is said, too', () => {
  const seen = instance();
  assert.deepEqual(changes([look(-MINUTE, seen)], [{ ...seen, status: 'exited' }]), [
    'last seen well: 2026-11-24T11:59:00.000Z, 60 s before the incident',
    'since then: nothing has changed',
  ]);
});

test('another image and another configuration are told, of each instance', () => {
  const before = [instance('web-1'), instance('web-2')];
  const now = [
    instance('web-1', { id: 'new', revision: 'sha256:bbb config1' }),
    instance('web-2', { revision: 'sha256:aaa config2' }),
  ];
  assert.deepEqual(changes([look(-MINUTE, ...before)], now)?.slice(1), [
    'web-1: image changed from sha256:aaa to sha256:bbb',
    'web-2: configuration changed from config1 to config2',
  ]);
});

test('instances that came, went, were recreated or started anew are told', () => {
  const before = [instance('a'), instance('b'), instance('c')];
  const now = [instance('a', { id: 'other' }), instance('b', { startedAt: START_AT - 1_000 }), instance('d')];
  assert.deepEqual(changes([look(-MINUTE, ...before)], now)?.slice(1), [
    'a: was recreated, with the same image and configuration',
    'b: was started anew at 2026-11-24T11:59:59.000Z',
    'd: is new',
    'c: is gone',
  ]);
});

test('a deployment that looked well for a moment does not hide what it replaced', () => {
  const old = instance();
  const fresh = instance('web-1', { id: 'new', revision: 'sha256:bbb config1' });
  const looks = [
    look(-60 * MINUTE, old),
    look(-3 * MINUTE, old),
    look(-2 * MINUTE, fresh),
    look(-MINUTE, fresh),
  ];
  assert.deepEqual(changes(looks, [{ ...fresh, status: 'exited' }]), [
    'last seen well: 2026-11-24T11:59:00.000Z, 60 s before the incident',
    'since then: nothing has changed',
    'deployment before it: last seen well 2026-11-24T11:57:00.000Z, replaced by 2026-11-24T11:58:00.000Z, 2 min before the incident',
    'replaced then: image changed from sha256:aaa to sha256:bbb',
  ]);
});

test('a late look of before takes nothing back, and targets that are gone are forgotten', () => {
  const states = new WellStates();
  states.note(web, look(-MINUTE, instance('web-1', { revision: 'sha256:bbb' })));
  states.note(web, look(-2 * MINUTE, instance()));
  assert.equal(states.of('web').length, 1);
  assert.equal(states.of('web')[0]?.lastAt, START_AT - MINUTE);
  states.keepOnly([target('other')]);
  assert.deepEqual(states.of('web'), []);
});

test('of very many deployments a few are remembered', () => {
  const states = new WellStates();
  for (let turn = 0; turn < 50; turn += 1)
    states.note(web, look(turn * MINUTE, instance('web-1', { revision: `sha256:${turn}` })));
  assert.deepEqual(
    states.of('web').map(({ instances }) => instances[0]?.revision),
    ['sha256:47', 'sha256:48', 'sha256:49'],
  );
});

test('names of instances cannot steer a terminal', () => {
  const seen = instance('a\u001b[2J');
  const text = changes([look(-MINUTE, seen)], [])?.join('\n') ?? '';
  assert.ok(text.includes('a\\u001b[2J: is gone'), text);
});
