import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alert } from './given.ts';
import { Harness } from './harness.ts';

test('a restart whose answer was lost is recognised and not repeated', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.trouble = 'answer-lost';
  await harness.fire(alert('web'));
  await harness.pass(120_000);
  assert.deepEqual(harness.acts(), ['restart web-1']);
  assert.deepEqual(
    harness.said('mutation-confirmed').map(({ verdict }) => verdict),
    ['happened'],
  );
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a restart that did not happen is tried again, and takes no second place in the budget', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.onAct = async () => {
    harness.runtime.trouble = harness.runtime.calls.length === 1 ? 'never-applied' : 'none';
  };
  await harness.fire(alert('web'));
  await harness.pass(300_000);
  assert.deepEqual(harness.acts(), ['restart web-1', 'restart web-1']);
  assert.deepEqual(
    harness.said('mutation-started').map(({ counts }) => counts),
    [true, false],
  );
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('a restart that never happens is given up after three tries, and a person is called', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.trouble = 'never-applied';
  await harness.fire(alert('web'));
  await harness.pass(600_000);
  assert.equal(harness.runtime.calls.length, 3);
  assert.equal(harness.delivered.length, 1);
});

test('of several instances, the one whose restart did not happen is tried again before the next', async () => {
  const harness = new Harness();
  for (const name of ['web-1', 'web-2']) harness.runtime.run('web', name).health = 'unhealthy';
  await harness.start();
  harness.runtime.onAct = async () => {
    harness.runtime.trouble = harness.runtime.calls.length === 1 ? 'never-applied' : 'none';
  };
  await harness.fire(alert('web'));
  await harness.pass(300_000);
  assert.deepEqual(harness.acts(), ['restart web-1', 'restart web-1', 'restart web-2']);
  assert.deepEqual(harness.outcomes(), ['recovered']);
});

test('an agent that was killed before the call restarts the container, once', async () => {
  const first = await Harness.started();
  first.runtime.die('web-1');
  first.runtime.onAct = async () => {
    // The process ends between its record and the socket: the call never gets there.
    first.kill();
    await new Promise(() => undefined);
  };
  await first.fire(alert('web'));
  await first.pass(500);
  first.runtime.onAct = async () => undefined;
  first.runtime.calls.length = 0;

  const second = await Harness.restarted(first);
  await second.pass(300_000);
  assert.deepEqual(second.acts(), ['restart web-1']);
  assert.deepEqual(second.outcomes(), ['recovered']);
});

test('a container that was recreated under the same name during the recovery is not touched for its predecessor', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.slowMs = 300;
  await harness.fire(alert('web'));
  await harness.until('mutation-started');
  harness.runtime.run('web').id = 'another-container'.padEnd(64, '0');
  harness.runtime.slowMs = 0;
  await harness.pass(300_000);
  assert.deepEqual(harness.acts(), []);
  assert.match(harness.said('action-ended').at(-1)?.result.reason ?? '', /well|healthy|running/);
  assert.ok(harness.said('action-ended').some(({ result }) => result.reason.includes('recreated')));
  assert.equal(harness.outcomes().length, 1);
});

test('a container that somebody started anew between the decision and the call is left alone', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.slowMs = 300;
  await harness.fire(alert('web'));
  await harness.until('mutation-started');
  harness.runtime.run('web').startedAt = harness.clock.now();
  harness.runtime.slowMs = 0;
  await harness.pass(300_000);
  assert.deepEqual(harness.acts(), []);
  assert.ok(harness.said('action-ended').some(({ result }) => result.reason.includes('left alone')));
  assert.equal(harness.outcomes().length, 1);
});

test('a container that was removed during the recovery goes to a person', async () => {
  const harness = await Harness.started();
  harness.runtime.die('web-1');
  harness.runtime.slowMs = 300;
  await harness.fire(alert('web'));
  await harness.until('mutation-started');
  harness.runtime.remove('web-1');
  harness.runtime.slowMs = 0;
  await harness.pass(300_000);
  assert.deepEqual(harness.acts(), []);
  assert.equal(harness.delivered.length, 1);
});

test('a new run of what the runtime brings back by itself is no proof that a call is over that may still come', async () => {
  const harness = new Harness();
  const web = harness.runtime.run('web');
  web.supervised = true;
  web.health = 'unhealthy';
  await harness.start();
  harness.runtime.trouble = 'never-applied';
  harness.runtime.onAct = async () => {
    // While the daemon waits for it to stop it ends by itself, and the restart policy starts it.
    web.startedAt = harness.clock.now();
    web.health = 'none';
  };
  await harness.fire(alert('web'));
  await harness.pass(14_000);
  assert.deepEqual(
    harness.said('mutation-confirmed'),
    [],
    'the stop timeout is 10 s, and 5 s are for the rest',
  );
  await harness.pass(60_000);
  assert.deepEqual(
    harness.said('mutation-confirmed').map(({ verdict }) => verdict),
    ['happened'],
  );
  assert.deepEqual(harness.acts(), ['restart web-1']);
});
