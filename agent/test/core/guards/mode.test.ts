import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modeGuard } from '../../../src/core/guards/mode.ts';
import type { Mode } from '../../../src/core/target.ts';
import { settings, target } from '../../engine/given.ts';
import { entry, fleetOf, incidentOf, NOW, request } from './request.ts';

const MODES: readonly Mode[] = ['auto', 'approve', 'observe', 'off'];
const EXPECTED = { auto: 'allow', approve: 'approval', observe: 'refuse', off: 'refuse' } as const;

const set = (of: string | null, mode: Mode) =>
  fleetOf(
    entry(NOW - 1, null, of, {
      type: 'control-set',
      control: { kind: 'mode', target: of, mode },
      who: 'ann',
      reason: '',
    }),
  );

for (const one of MODES) {
  for (const other of MODES) {
    const stricter = MODES[Math.max(MODES.indexOf(one), MODES.indexOf(other))] ?? 'off';
    test(`of ${one} and ${other} the stricter wins, at whatever levels they stand`, () => {
      const strategy = { ...incidentOf(), strategy: { name: 's', mode: other, steps: [] } };
      const questions = [
        request({ settings: settings({ mode: one }), target: target('web', { mode: other }) }),
        request({ target: target('web', { mode: one }), incident: strategy }),
        request({ settings: settings({ mode: one }), fleet: set('web', other) }),
        request({ settings: settings({ mode: one }), fleet: set(null, other) }),
      ];
      for (const question of questions) assert.equal(modeGuard(question).verdict, EXPECTED[stricter]);
    });
  }
}

test('what a person approved is allowed under approve, and under nothing stricter', () => {
  assert.equal(
    modeGuard(request({ settings: settings({ mode: 'approve' }), approved: true })).verdict,
    'allow',
  );
  assert.equal(
    modeGuard(request({ settings: settings({ mode: 'observe' }), approved: true })).verdict,
    'refuse',
  );
});

test('a mode that was set for another target says nothing here', () => {
  assert.equal(modeGuard(request({ fleet: set('db', 'off') })).verdict, 'allow');
});

test('the sentences name the mode and what it means', () => {
  assert.equal(
    modeGuard(request({ settings: settings({ mode: 'observe' }) })).reason,
    'mode is observe: nothing is touched',
  );
  assert.equal(
    modeGuard(request({ settings: settings({ mode: 'approve' }) })).reason,
    'mode is approve: a person decides',
  );
});
