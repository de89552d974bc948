import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recorder, type RecorderParts } from '../../src/engine/recorder.ts';
import { ManualClock } from '../fakes/clock.ts';
import { MemoryJournal } from '../fakes/memoryJournal.ts';
import { SILENT_TELEMETRY } from '../fakes/silentTelemetry.ts';

/** A recorder over a journal in memory, and what its watches failed with. */
async function openRecorder(rest: Partial<RecorderParts>) {
  const clock = new ManualClock();
  const journal = new MemoryJournal();
  const over = new AbortController();
  const failed: string[] = [];
  const recorder = new Recorder({
    clock,
    journal,
    telemetry: {
      ...SILENT_TELEMETRY,
      watchFailed: (what, error) => failed.push(`${what}: ${error instanceof Error ? error.message : ''}`),
    },
    version: () => 'test',
    over: over.signal,
    conclude: () => undefined,
    isDue: () => false,
    onCommitted: () => undefined,
    onRefolded: () => undefined,
    ...rest,
  });
  await recorder.open();
  const types = () => journal.content.entries.map(({ body }) => body.type);
  return { recorder, clock, over, failed, types };
}

test('what throws while the clock is looked at is told, and the clock is watched on', async () => {
  let broken = true;
  const isDue = () => {
    if (broken) throw new Error('a defect');
    return false;
  };
  const { recorder, clock, failed, types } = await openRecorder({ isDue });
  recorder.watchClock();
  await clock.advance(2_000);
  assert.deepEqual(failed, ['clock: a defect', 'clock: a defect']);
  broken = false;
  clock.jump(60_000);
  await clock.advance(1_000);
  assert.deepEqual(types(), ['clock-jumped']);
});

test('what throws about the fleet as a whole is told, and what was decided beside it is kept', async () => {
  const conclude = () => {
    throw new Error('a defect');
  };
  const { recorder, failed, types } = await openRecorder({ conclude });
  for (let times = 0; times < 2; times += 1)
    await recorder.record(null, { type: 'agent-stopped', reason: '' });
  assert.deepEqual(types(), ['agent-stopped', 'agent-stopped']);
  assert.deepEqual(failed, ['fleet: a defect', 'fleet: a defect']);
});

test('the watch of the clock ends with the agent', async () => {
  const { recorder, clock, over } = await openRecorder({});
  recorder.watchClock();
  await clock.advance(1_000);
  assert.equal(clock.sleeping, 1);
  over.abort();
  assert.equal(clock.sleeping, 0);
});
