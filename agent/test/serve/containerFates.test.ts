import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ContainerFates } from '../../src/serve/containerFates.ts';
import type { DockerAction, DockerEvent } from '../../src/sources/dockerEvent.ts';
import { ManualClock, settle } from '../fakes/clock.ts';

const TERM = 15;
const KILL = 9;

/** Tells the events of one container in turn; a number lets as many milliseconds pass. */
async function fatesOf(
  ...story: readonly (
    | number
    | DockerAction
    | readonly ['kill' | 'die', number]
    | readonly ['die', number, 'list']
  )[]
): Promise<readonly string[]> {
  const clock = new ManualClock();
  const told: string[] = [];
  const over = new AbortController();
  const fates = new ContainerFates(clock, ({ what, reason }) => told.push(`${what}: ${reason}`), over.signal);
  for (const part of story) {
    if (typeof part === 'number') {
      await clock.advance(part);
      continue;
    }
    const [action, number, seenBy] = typeof part === 'string' ? [part, null] : part;
    const event: DockerEvent = {
      container: 'c1',
      name: 'web-1',
      labels: {},
      action,
      at: clock.now(),
      exitCode: action === 'die' ? number : null,
      signal: action === 'kill' ? number : null,
      seenBy: seenBy ?? 'stream',
    };
    fates.take(event);
  }
  await settle();
  over.abort();
  await settle();
  assert.equal(clock.sleeping, 0, 'nothing is held back after the end');
  return told.map((sentence) => sentence.replace(/: .*/, ''));
}

it('that its health check passes is told as well: what waits for it may look', async () => {
  assert.deepEqual(await fatesOf('healthy'), ['healthy']);
});

it('a health check that changes its mind many times a second is told to pass once a second', async () => {
  const flicker = Array.from({ length: 20 }, () => [100, 'healthy'] as const).flat();
  assert.deepEqual(await fatesOf(...flicker), ['healthy', 'healthy']);
});

describe('a failure is told at once', () => {
  it('when it died by itself, whatever its code: what should run does not end in success', async () => {
    assert.deepEqual(await fatesOf(['die', 3]), ['died']);
    assert.deepEqual(await fatesOf(['die', 0]), ['died']);
  });

  it('when it was killed and not stopped', async () => {
    assert.deepEqual(await fatesOf(['kill', KILL], ['die', 137]), ['died']);
  });

  it('when the kernel killed it for its memory, and when its health check fails', async () => {
    assert.deepEqual(await fatesOf('oom', ['die', 137]), ['oom', 'died']);
    assert.deepEqual(await fatesOf('unhealthy'), ['unhealthy']);
  });

  it('when a list shows what the stream lost, for no stop can be behind it', async () => {
    assert.deepEqual(await fatesOf(['kill', TERM], ['die', 1, 'list']), ['died']);
  });

  it('when the signal that it got was long ago', async () => {
    assert.deepEqual(await fatesOf(['kill', 1], 700_000, ['die', 1]), ['died']);
  });

  it('again, after it was started again', async () => {
    assert.deepEqual(await fatesOf(['kill', TERM], ['die', 0], 'stop', 'start', ['die', 1]), [
      'stopped',
      'started',
      'died',
    ]);
  });
});

describe('what a person does is no failure', () => {
  it('a stop, also one that had to kill', async () => {
    assert.deepEqual(await fatesOf(['kill', TERM], ['die', 0], 'stop', 5_000), ['stopped']);
    const patient = await fatesOf(['kill', TERM], 10_000, ['kill', KILL], ['die', 137], 5, 'stop', 5_000);
    assert.deepEqual(patient, ['stopped']);
  });

  it('a stop that is told before the death', async () => {
    assert.deepEqual(await fatesOf(['kill', TERM], 'stop', ['die', 0], 5_000), ['stopped']);
  });

  it('a restart', async () => {
    assert.deepEqual(await fatesOf(['kill', TERM], ['die', 0], 'stop', 'start', 'restart', 5_000), [
      'stopped',
      'started',
    ]);
  });

  it('a removal', async () => {
    assert.deepEqual(await fatesOf(['kill', TERM], ['die', 0], 'destroy', 5_000), ['removed']);
  });

  it('a pause and its end', async () => {
    assert.deepEqual(await fatesOf('pause', 'unpause'), ['paused', 'started']);
  });
});

it('a signal that made it end, and that no stop follows, is told after a moment', async () => {
  const story = [['kill', TERM], ['die', 1], 999] as const;
  assert.deepEqual(await fatesOf(...story), []);
  assert.deepEqual(await fatesOf(...story, 1), ['died']);
});

it('one that its restart policy brought back meanwhile is not told', async () => {
  assert.deepEqual(await fatesOf(['kill', TERM], ['die', 1], 100, 'start', 5_000), ['started']);
});
