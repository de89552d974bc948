import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntryBody } from '../../../src/core/entry.ts';
import { Fleet } from '../../../src/core/fleet.ts';
import { draft, opened } from '../../fakes/drafts.ts';

function started(at: number, counts: boolean) {
  const body: EntryBody = {
    type: 'mutation-started',
    index: 0,
    action: 'restart',
    instance: 'web-1',
    instanceId: 'id',
    run: 'id@0',
    remaining: [],
    counts,
    until: at + 25_000,
  };
  return draft(body, { at, incident: 'i1', target: 'web' });
}

test('a mutation that is repeated because it did not happen counts in the windows from the repeat on, and once', () => {
  const fleet = new Fleet();
  fleet.apply(opened('i1'));
  fleet.apply(started(2_000, true));
  fleet.apply(started(302_000, false));
  assert.deepEqual(
    fleet.mutationsOf('web', 0).map(({ at }) => at),
    [302_000],
  );
});
