import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_GUARDS } from '../../src/core/settings.ts';
import { alert, settings, step, strategy } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const JUMPS = { forward: HOUR_MS, back: -HOUR_MS, 'forward a little': 9_000, 'back a little': -9_000 };

for (const [direction, byMs] of Object.entries(JUMPS)) {
  test(`the wall clock jumps ${direction} in the soak: it is noticed, and the soak is watched in full`, async () => {
    const harness = await Harness.started(settings({ strategies: [strategy([step('restart')])] }));
    harness.runtime.die('web-1');
    await harness.fire(alert('web'));
    await harness.pass(5_050);
    harness.clock.jump(byMs);
    await harness.pass(8_000);
    assert.deepEqual(harness.outcomes(), []);
    assert.ok(harness.said('clock-jumped').some((jump) => jump.byMs === byMs));
    await harness.pass(5_000);
    assert.deepEqual(harness.outcomes(), ['recovered']);
    assert.deepEqual(harness.acts(), ['restart web-1']);
  });

  test(`the wall clock jumps ${direction} while a step waits: it is neither cut short nor lost`, async () => {
    const steps = [step('wait', { for: '2m' }), step('restart')];
    const harness = await Harness.started(settings({ strategies: [strategy(steps)] }));
    harness.runtime.die('web-1');
    await harness.fire(alert('web'));
    await harness.pass(MINUTE_MS);
    harness.clock.jump(byMs);
    await harness.pass(58_000);
    assert.deepEqual(harness.acts(), []);
    await harness.pass(3_000);
    assert.deepEqual(harness.acts(), ['restart web-1']);
  });

  test(`the wall clock jumps ${direction} while a restart is under way: it is not repeated`, async () => {
    const harness = await Harness.started();
    harness.runtime.die('web-1');
    harness.runtime.onAct = () => harness.clock.sleep(5_000);
    await harness.fire(alert('web'));
    await harness.pass(1_000);
    harness.clock.jump(byMs);
    await harness.pass(2 * MINUTE_MS);
    assert.deepEqual(harness.acts(), ['restart web-1']);
    assert.deepEqual(harness.outcomes(), ['recovered']);
  });

  test(`the wall clock jumps ${direction} again and again: no budget comes of it`, async () => {
    const guards = { ...DEFAULT_GUARDS, flapping: { ...DEFAULT_GUARDS.flapping, recoveries: 100 } };
    const harness = await Harness.started(settings({ guards }));
    for (let round = 0; round < 4; round += 1) {
      harness.runtime.die('web-1');
      await harness.fire(alert('web', { startsAt: harness.clock.now() }));
      await harness.pass(80_000);
      harness.clock.jump(byMs);
      await harness.pass(2_000);
    }
    assert.equal(harness.acts().length, 3);
  });
}

test('a jump while the journal is away is recorded when it is back', async () => {
  const harness = await Harness.started();
  harness.journal.refuse('disk full');
  harness.clock.jump(HOUR_MS);
  await harness.pass(10_000);
  harness.journal.refuse(null);
  await harness.pass(10_000);
  assert.deepEqual(
    harness.said('clock-jumped').map(({ byMs }) => byMs),
    [HOUR_MS],
  );
});

test('a small correction of the clock is no jump', async () => {
  const harness = await Harness.started();
  for (let times = 0; times < 20; times += 1) {
    harness.clock.jump(500);
    await harness.pass(2_000);
  }
  assert.deepEqual(harness.said('clock-jumped'), []);
});
