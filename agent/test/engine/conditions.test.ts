import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cause } from '../../src/core/diagnosis.ts';
import { doesNoMore } from '../../src/core/gentler.ts';
import type { StepCondition } from '../../src/core/strategy.ts';
import { alert, settings, step, strategy } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;
const EITHER: readonly StepCondition[] = ['previous_failed', 'restart_helps'];

/** Restarted only for a reason; the simulated instance uses half of its memory. */
function onlyForReason(limit: number) {
  const steps = [
    step('check_resources', { max_memory_share: limit }),
    step('restart', {}, { onlyIf: EITHER }),
    step('check_health'),
    step('escalate_to_human', { reason: 'it is slow' }),
  ];
  return settings({ strategies: [strategy(steps)] });
}

const cause = (restartHelps: Cause['restartHelps'], confidence: number): Cause => ({
  id: `heap-${restartHelps}`,
  group: 'memory',
  summary: 'its heap is full',
  restartHelps,
  confidence,
  citations: [],
  remedy: '',
});
const knowing = (...causes: readonly Cause[]) => ({
  diagnoser: { diagnose: () => ({ causes, unusual: [] }) },
});

/** What becomes of a target that is slow by its alert, and that a restart mends. */
async function slow(limit: number, wits: Parameters<typeof Harness.started>[1] = {}): Promise<Harness> {
  const harness = await Harness.started(onlyForReason(limit), wits);
  harness.symptom = 'present';
  await harness.fire(alert('web'));
  await harness.pass(MINUTE_MS);
  harness.symptom = 'gone';
  await harness.pass(5 * MINUTE_MS);
  return harness;
}

test('where what was looked at before is over its limit, the step is done', async () => {
  const harness = await slow(0.4);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('where nothing gives a reason, the step is skipped with that reason, and a person is called', async () => {
  const harness = await slow(0.9);
  assert.deepEqual(harness.acts(), []);
  assert.deepEqual(harness.escalations(), ['strategy-says-so']);
  assert.deepEqual(
    harness
      .said('step-ended')
      .map(({ outcome, reason }) => [outcome, reason])
      .slice(1, 2),
    [
      [
        'skipped',
        'it is done only if the step before it failed, or the diagnosis knows a cause that a restart removes',
      ],
    ],
  );
});

test('a cause that a restart removes, surely enough, is a reason', async () => {
  assert.deepEqual((await slow(0.9, knowing(cause('yes', 0.9)))).acts(), ['restart web-1']);
  assert.deepEqual((await slow(0.9, knowing(cause('yes', 0.1)))).acts(), []);
  assert.deepEqual((await slow(0.9, knowing(cause('unknown', 0.9)))).acts(), []);
});

test('a cause that it does not remove, and that is as sure, makes it none', async () => {
  const harness = await slow(0.9, knowing(cause('yes', 0.9), cause('no', 0.9)));
  assert.deepEqual(harness.acts(), []);
  assert.equal(harness.escalations().length, 1);
});

test('a look that is only for after a step is left out where that was skipped', async () => {
  const steps = [
    step('restart', {}, { onlyIf: ['restart_helps'] }),
    step('check_health', {}, { onlyIf: ['previous_done'] }),
    step('escalate_to_human'),
  ];
  for (const [causes, looked] of [
    [[], 'skipped'],
    [[cause('yes', 0.9)], 'succeeded'],
  ] as const) {
    const harness = await Harness.started(settings({ strategies: [strategy(steps)] }), knowing(...causes));
    harness.symptom = 'present';
    await harness.fire(alert('web'));
    await harness.pass(MINUTE_MS);
    assert.equal(harness.said('step-ended').find(({ index }) => index === 1)?.outcome, looked);
  }
});

test('what was done before a person said recover is not taken for a step of the plan that follows', async () => {
  const steps = [
    step('check_health'),
    step('restart', {}, { onlyIf: ['previous_failed'] }),
    step('check_logs', {}, { onlyIf: ['previous_done'] }),
    step('escalate_to_human'),
  ];
  const harness = await Harness.started(settings({ strategies: [strategy(steps)] }));
  const web = harness.runtime.run('web');
  web.health = 'unhealthy';
  web.recovers = false;
  harness.symptom = 'present';
  await harness.fire(alert('web'));
  await harness.pass(5 * MINUTE_MS);
  const ends = (of: number) => harness.said('step-ended').filter(({ index }) => index === of);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(
    ends(2).map(({ outcome }) => outcome),
    ['succeeded'],
  );

  web.status = 'running';
  web.health = 'healthy';
  const [incident] = harness.engine.openIncidents();
  await harness.settled(harness.engine.command(incident?.id ?? '', 'recover', 'ann', 'try again'));
  await harness.pass(MINUTE_MS);
  assert.equal(ends(1).at(-1)?.outcome, 'skipped', 'it is well, so there is nothing to restart');
  assert.equal(ends(2).at(-1)?.outcome, 'skipped', 'nor to look at after a restart');
});

test('an agent that is started anew in between decides the same', async () => {
  const first = await Harness.started(onlyForReason(0.4));
  first.symptom = 'present';
  await first.fire(alert('web'));
  await first.until('step-ended');
  const second = await Harness.restarted(first);
  await second.pass(MINUTE_MS);
  assert.deepEqual(second.acts(), ['restart web-1']);
});

test('of two plans, the one with a condition does no more, where nothing follows that would come sooner', () => {
  const plan = (...steps: Parameters<typeof strategy>[0]) => ({
    strategy: 's',
    mode: 'auto' as const,
    steps,
  });
  const look = step('check_resources');
  const restart = step('restart');
  const perhaps = step('restart', {}, { onlyIf: EITHER });
  assert.ok(doesNoMore(plan(look, perhaps), plan(look, restart)));
  assert.ok(!doesNoMore(plan(look, restart), plan(look, perhaps)));
  assert.ok(doesNoMore(plan(look, perhaps), plan(look, perhaps)));
  assert.ok(
    !doesNoMore(plan(look, perhaps, restart), plan(look, restart, restart)),
    'the second would come first',
  );
  assert.ok(
    !doesNoMore(plan(step('check_health'), perhaps), plan(look, perhaps)),
    'another look fails sooner',
  );
  assert.ok(!doesNoMore(plan(perhaps), plan(look, perhaps)));
  const surely = step('restart', {}, { onlyIf: ['restart_helps'] });
  assert.ok(!doesNoMore(plan(look, perhaps), plan(look, surely)), 'more conditions hold more often');
});
