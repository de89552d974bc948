import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EPISODES_MAX, Episodes } from '../../../src/core/fleet/episodes.ts';

const episode = (incident: string | null, endedAt = 0) => ({ incident, endedAt, lastStartsAt: 1 });

function remembered(episodes: Episodes, count: number, fingerprint: (index: number) => string): number {
  return Array.from({ length: count }, (_, index) => episodes.of(fingerprint(index))).filter(
    (known) => known !== null,
  ).length;
}

test('the end of an incident ends all of its episodes and no other', () => {
  const episodes = new Episodes();
  episodes.remember('a', episode('one'));
  episodes.remember('b', episode('one'));
  episodes.remember('c', episode('two'));
  episodes.end('one', 5_000);
  assert.deepEqual(episodes.of('a'), episode(null, 5_000));
  assert.deepEqual(episodes.of('b'), episode(null, 5_000));
  assert.deepEqual(episodes.of('c'), episode('two'));
});

test('an alert that joins another incident is no longer ended with the first', () => {
  const episodes = new Episodes();
  episodes.remember('a', episode('one'));
  episodes.remember('a', episode('two'));
  episodes.end('one', 5_000);
  assert.deepEqual(episodes.of('a'), episode('two'));
});

test('beyond the limit what is over is forgotten, oldest first, and what is open is kept', () => {
  const episodes = new Episodes();
  episodes.remember('open', episode('one'));
  for (let index = 0; index < EPISODES_MAX + 10; index += 1)
    episodes.remember(`over-${index}`, episode(null));
  assert.deepEqual(episodes.of('open'), episode('one'));
  assert.equal(episodes.of('over-0'), null);
  assert.notEqual(episodes.of(`over-${EPISODES_MAX + 9}`), null);
});

test('a storm of open episodes stays within the limit, and the youngest are kept', () => {
  const episodes = new Episodes();
  // Several times the limit: a cost that grows with what is known would not come to an end here.
  const storm = EPISODES_MAX * 6;
  for (let index = 0; index < storm; index += 1) episodes.remember(`f-${index}`, episode('one'));
  assert.ok(remembered(episodes, storm, (index) => `f-${index}`) <= EPISODES_MAX);
  assert.notEqual(episodes.of(`f-${storm - 1}`), null);
  episodes.end('one', 5_000);
  assert.equal(episodes.of(`f-${storm - 1}`)?.incident, null);
});
