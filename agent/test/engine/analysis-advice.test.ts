import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert, step, strategy } from './given.ts';
import { Harness } from './harness.ts';
import { advising, configured, ScriptedAnalyst, says, sick, thinking } from './scriptedAnalyst.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

test('advice in the background makes what has not begun more careful, and changes no strategy', async () => {
  const steps = [step('wait', { for: '5s' }), step('restart')];
  const of = configured('background', {
    strategies: [
      strategy(steps, { analysis: 'background' }),
      strategy([step('escalate_to_human')], { name: 'call', matchers: [], sources: [] }),
    ],
  });
  const analyst = new ScriptedAnalyst(says({ strategy: 'call', withhold: 'restarts' }));
  const harness = await sick(analyst, of);
  await harness.pass(MINUTE_MS);
  const [tempered] = harness.said('plan-tempered');
  assert.equal(tempered?.strategy, 'test');
  assert.deepEqual(
    tempered?.steps.map(({ action }) => action),
    ['wait', 'escalate_to_human'],
  );
  assert.deepEqual(harness.acts(), []);
});

test('advice that comes during a restart is taken after it', async () => {
  const of = configured('background', {
    strategies: [strategy([step('restart'), step('restart')], { analysis: 'background' })],
  });
  const { analyst, answer } = thinking();
  const harness = await Harness.started(of, { analyst });
  harness.runtime.run('web').recovers = false;
  harness.runtime.die('web-1');
  harness.runtime.onAct = () => harness.clock.sleep(3 * SECOND_MS);
  await harness.fire(alert('web'));
  await harness.pass(SECOND_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  answer(advising({ withhold: 'restarts' }));
  await harness.pass(SECOND_MS);
  assert.equal(harness.said('plan-tempered').length, 0);
  await harness.pass(10 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(harness.escalations(), ['analyst-says-so']);
});

test('the analyst may have a person approve what acts, and the person may', async () => {
  const harness = await sick(new ScriptedAnalyst(says({ person: 'approve' })));
  await harness.until('approval-asked');
  assert.deepEqual(harness.acts(), []);
  const [{ id } = { id: '' }] = harness.engine.openIncidents();
  await harness.settled(harness.engine.command(id, 'approve', 'ann', 'go on'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
});

test('a bolder strategy is not taken, and the incident says that it was left', async () => {
  const harness = await sick(new ScriptedAnalyst(says({ strategy: 'bold' })));
  await harness.pass(MINUTE_MS);
  assert.match(
    harness.said('plan-tempered')[0]?.reason ?? '',
    /bold does not do less than test, and is left/,
  );
  assert.equal(harness.said('plan-tempered')[0]?.changed, false);
  assert.deepEqual(harness.acts(), ['restart web-1']);
});

test('what a person orders is not analysed again, and nothing that was advised holds it back', async () => {
  const analyst = new ScriptedAnalyst(says({ person: 'now' }));
  const harness = await sick(analyst);
  await harness.pass(SECOND_MS);
  assert.deepEqual(harness.escalations(), ['analyst-says-so']);
  await harness.settled(harness.engine.recover('web', 'ann', 'do it'));
  await harness.pass(MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.equal(analyst.questions.length, 1);
});
