import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventFeed } from '../../../src/runtimes/docker/eventFeed.ts';
import type { DockerEvent } from '../../../src/sources/dockerEvent.ts';
import { DockerEvents, type EventStreamNews } from '../../../src/sources/dockerEvents.ts';
import { SystemClock } from '../../../src/systemClock.ts';
import { DockerBench } from './dockerBench.ts';

it('what happens to containers of a real engine is heard as it happens', async () => {
  await using bench = await DockerBench.open();
  const events: DockerEvent[] = [];
  const news: EventStreamNews[] = [];
  const clock = new SystemClock();
  const source = new DockerEvents(eventFeed(bench.client), clock, {
    since: clock.now(),
    onEvent: (event) => void (event.labels['mpa.lab'] === bench.lab.runId && events.push(event)),
    onNews: (item) => void news.push(item),
  });
  const controller = new AbortController();
  const running = source.run(controller.signal);
  const heard = (what: string, accept: (event: DockerEvent) => boolean) =>
    bench.eventually(
      what,
      async () => events,
      (seen) => seen.some(accept),
    );

  const check = { command: ['sh', '-c', '! [ -e /tmp/sick ]'], intervalMs: 100, retries: 1 };
  const instance = await bench.runScript('sleep 60', { healthcheck: check });
  await heard('its start', ({ action }) => action === 'start');
  await bench.exec(instance, ': > /tmp/sick');
  await heard('its sickness', ({ action }) => action === 'unhealthy');
  await bench.lab.docker.getContainer(instance.id).stop({ t: 0 });
  await heard('its stop', ({ action }) => action === 'stop');
  await bench.lab.docker.getContainer(instance.id).remove();
  await heard('its removal', ({ action }) => action === 'destroy');

  controller.abort();
  await running;
  const actions = events.filter(({ container }) => container === instance.id).map(({ action }) => action);
  // It may have been called healthy first, and engines differ in how many signals a stop takes.
  const distinct = [...new Set(actions)].filter((action) => action !== 'healthy');
  assert.deepEqual(distinct, ['create', 'start', 'unhealthy', 'kill', 'die', 'stop', 'destroy']);
  assert.equal(events.find(({ action }) => action === 'die')?.exitCode, 137);
  assert.deepEqual(
    news.map(({ kind }) => kind),
    ['connected'],
  );
});
