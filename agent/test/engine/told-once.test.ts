// What opens an incident is in the journal twice, as what was heard and as why it was opened; a reader is told it once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storyLines } from '../../src/cli/story.ts';
import { describeEntry } from '../../src/core/describe.ts';
import { alert } from './given.ts';
import { Harness } from './harness.ts';

function story({ content }: Harness): readonly string[] {
  const views = content.entries
    .filter(({ incident }) => incident !== null)
    .map((entry) => ({ ...entry, text: describeEntry(entry), body: { ...entry.body } }));
  return storyLines(views).map((line) => line.replace(/^.{21}/, '').replace(/inc-\d+/, 'ID'));
}

test('the signal that opens an incident is told once, and each further one, whatever raised them', async () => {
  const harness = await Harness.started();
  await harness.fire(alert('web', { annotations: { summary: 'web is down' } }));
  await harness.fire(alert('web', { fingerprint: 'another', labels: { alertname: 'Slow', service: 'web' } }));
  const lines = story(harness);
  assert.deepEqual(
    lines.filter((line) => line.includes(' firing')),
    ['web: incident ID opened: alert ServiceDown firing (web is down)', 'web: heard: alert Slow firing'],
  );
});

test('that it is old news is told besides', async () => {
  const harness = await Harness.started();
  await harness.fire(alert('web', { startsAt: harness.clock.now() - 3_600_000 }));
  assert.deepEqual(
    story(harness).filter((line) => line.includes(' firing')),
    [
      'web: incident ID opened: alert ServiceDown firing',
      'web: heard: alert ServiceDown firing (old news: confirmed by a look first)',
    ],
  );
});
