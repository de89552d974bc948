import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogSource } from '../../src/ports.ts';
import { alert } from './given.ts';
import { Harness } from './harness.ts';

async function startedWith(keptLogs: LogSource): Promise<Harness> {
  const harness = new Harness(undefined, undefined, keptLogs);
  harness.runtime.run('web');
  await harness.start();
  return harness;
}

const LINES = { text: 'the last words', truncated: false, remarks: ['an ingester is away'] };

test('the logs of a container that is gone are evidence all the same, from where they are kept', async () => {
  const harness = await startedWith({ name: 'Loki', logs: async () => LINES });
  harness.runtime.remove('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5_000);
  const gathered = harness.said('evidence-gathered');
  assert.deepEqual(
    gathered.flatMap(({ items }) => items),
    [{ id: 'E1', kind: 'logs', instance: '', text: 'the last words', truncated: true }],
  );
  assert.deepEqual(
    gathered.flatMap(({ missing }) => missing),
    ['some logs in Loki: an ingester is away'],
  );
});

test('where the logs are kept is not asked when the container shows them itself', async () => {
  let asked = 0;
  const harness = await startedWith({
    name: 'Loki',
    logs: async () => {
      asked += 1;
      return LINES;
    },
  });
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(60_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
  assert.equal(asked, 0);
});

test('logs that take a moment to come are waited for: evidence before action', async () => {
  const harness = await startedWith({
    name: 'Loki',
    logs: async (_target, _options, signal) => {
      await harness.clock.sleep(800, signal);
      return LINES;
    },
  });
  harness.runtime.remove('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5_000);
  const gathered = harness.said('evidence-gathered').flatMap(({ items }) => items);
  assert.deepEqual(
    gathered.map(({ text }) => text),
    ['the last words'],
  );
});

test('a place of kept logs that never answers holds up the first step for 1 s and no more', async () => {
  const restartedAt = async (keptLogs: LogSource | null) => {
    const harness = new Harness(undefined, undefined, keptLogs);
    harness.runtime.run('web');
    harness.runtime.evidence = async () => ({
      missing: ['logs: the logging driver does not support reading'],
    });
    await harness.start();
    harness.runtime.die('web-1');
    await harness.fire(alert('web'));
    await harness.pass(60_000);
    assert.deepEqual(harness.outcomes(), ['recovered']);
    const [restart] = harness.runtime.calls;
    assert.equal(restart?.what, 'restart');
    return restart.at;
  };
  const hanging: LogSource = { name: 'Loki', logs: () => new Promise(() => undefined) };
  assert.equal((await restartedAt(hanging)) - (await restartedAt(null)), 1_000);
});

test('what is wrong with the place of kept logs is in the evidence', async () => {
  const harness = await startedWith({
    name: 'Loki',
    logs: () => Promise.reject(new Error('Loki: HTTP 500')),
  });
  harness.runtime.remove('web-1');
  await harness.fire(alert('web'));
  await harness.pass(5_000);
  const missing = harness.said('evidence-gathered').flatMap((entry) => entry.missing);
  assert.deepEqual(missing, ['logs: Loki: HTTP 500']);
});
