// A journal that a newer agent wrote may hold what this one has no word for. What it means for its incident nobody here
// can know, so that a person decides; and the sentence says which version could read it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeEntry } from '../../src/core/describe.ts';
import type { EntryBody } from '../../src/core/entry.ts';
import { alert, settings, target } from './given.ts';
import { Harness } from './harness.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const NEWER_AGENT = { type: 'agent-started', version: '9.9.0', self: 'outside', settings: 'x' } as const;

/** An entry of no type that is known here, as only a newer version writes it; it even looks like a state. */
function newer(): EntryBody {
  const body: unknown = { type: 'target-moved', phase: { kind: 'ready', index: 0 } };
  // No compiler knows what a newer version writes: that is what these tests are about.
  return body as EntryBody;
}

/** An agent that was killed in the middle of an incident of `web`, which a newer one then went on with. */
async function afterNewer(): Promise<Harness> {
  const harness = await Harness.started(settings({ targets: [target('web'), target('api')] }));
  harness.runtime.run('api');
  harness.runtime.die('web-1');
  harness.runtime.slowMs = 500;
  await harness.fire(alert('web'));
  harness.kill();
  harness.runtime.slowMs = 0;
  add(harness, null, NEWER_AGENT);
  add(harness, harness.said('incident-opened')[0]?.id ?? null, newer());
  return harness;
}

function add({ content: { entries } }: Harness, incident: string | null, body: EntryBody): void {
  const last = entries.at(-1);
  assert.ok(last !== undefined);
  entries.push({ ...last, seq: last.seq + 1, incident, target: incident === null ? null : 'web', body });
}

test('an incident with an entry of a newer version is set aside, and the person is told which version reads it', async () => {
  const harness = await Harness.restarted(await afterNewer());
  await harness.pass(5 * MINUTE_MS);
  assert.deepEqual(harness.acts(), []);
  assert.equal(harness.quarantined.length, 1);
  assert.deepEqual(
    harness.delivered.map(({ code, reason }) => [code, reason]),
    [
      [
        'decision-failed',
        'version 9.9.0 of the agent wrote “target-moved”, which this one does not know: run that version or a newer one; it is set aside, and all others go on',
      ],
    ],
  );
});

test('the others are healed meanwhile, and further starts call nobody again', async () => {
  let harness = await Harness.restarted(await afterNewer());
  for (let round = 0; round < 2; round += 1) harness = await Harness.restarted(harness);
  harness.runtime.die('api-1');
  await harness.fire(alert('api', { startsAt: harness.clock.now() }));
  await harness.pass(2 * MINUTE_MS);
  assert.deepEqual(harness.acts(), ['restart api-1']);
  assert.equal(harness.said('quarantined').length, 1);
});

test('which version wrote it is known also where that one had been running for long', async () => {
  const before = await afterNewer();
  await before.pass(3 * DAY_MS);
  const harness = await Harness.restarted(before);
  await harness.pass(MINUTE_MS);
  assert.match(harness.delivered[0]?.reason ?? '', /^version 9\.9\.0 of the agent/);
});

test('one that has ended is no matter for anybody, whatever it holds', async () => {
  const before = await afterNewer();
  const id = before.said('incident-opened')[0]?.id ?? null;
  add(before, id, { type: 'incident-ended', outcome: 'recovered', reason: 'the newer agent saw to it' });
  const harness = await Harness.restarted(before);
  await harness.pass(MINUTE_MS);
  assert.deepEqual([harness.quarantined, harness.delivered], [[], []]);
});

test('what is not known is told as such in the story', () => {
  const entry = { at: 0, incident: 'inc-1', target: 'web', settings: 'x', body: newer() };
  assert.equal(
    describeEntry(entry),
    'web: something that a newer version of the agent wrote, and this one does not know (target-moved)',
  );
});
