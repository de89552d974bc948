import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Letter, Post } from '../../src/engine/post.ts';
import { ManualClock } from '../fakes/clock.ts';

const AT_ONCE = 16;
const MINUTE_MS = 60_000;
const OFF = new Error('called off');

/** A post whose receivers take as long as they are told to. */
class PostOffice {
  readonly clock = new ManualClock();
  readonly post = new Post(this.clock);
  /** What was told, in order, and when. */
  readonly told: string[] = [];
  readonly ended: string[] = [];
  readonly aborted: string[] = [];
  underWay = 0;
  most = 0;
  tookMs = 0;

  send(name: string, rest: { channel?: string; againMs?: number; again?: boolean; afterMs?: number } = {}) {
    const { channel = 'pager', againMs = null, again = false, afterMs = 0 } = rest;
    const letter: Letter = {
      channel,
      again,
      deliver: async (signal) => {
        this.told.push(`${name} at ${this.clock.monotonic()}`);
        this.underWay += 1;
        this.most = Math.max(this.most, this.underWay);
        // Aborted: it was called off.
        await this.clock.sleep(this.tookMs, signal).catch(() => this.aborted.push(name));
        this.underWay -= 1;
        return againMs;
      },
      onEnd: async () => {
        this.ended.push(name);
      },
    };
    return this.post.send(letter, afterMs);
  }
}

const numbered = (count: number, name: string) => Array.from({ length: count }, (_, n) => `${name}-${n}`);

test('a letter is delivered when it is due, once, and its end is told', async () => {
  const office = new PostOffice();
  office.send('now');
  office.send('later', { afterMs: MINUTE_MS });
  await office.clock.advance(MINUTE_MS - 1_000);
  assert.deepEqual(office.ended, ['now']);
  await office.clock.advance(5 * MINUTE_MS);
  assert.deepEqual(office.ended, ['now', 'later']);
  assert.equal(office.told.length, 2);
});

test('a receiver that hangs is given a few at once, and holds up no other', async () => {
  const office = new PostOffice();
  office.tookMs = 10_000;
  for (const name of numbered(100, 'pager')) office.send(name);
  await office.clock.advance(1);
  assert.equal(office.underWay, AT_ONCE);
  office.send('other', { channel: 'mail' });
  await office.clock.advance(1);
  assert.equal(office.underWay, AT_ONCE + 1);
  await office.clock.advance(100 * 10_000);
  assert.equal(office.most, AT_ONCE + 1);
  assert.equal(office.ended.length, 101);
});

test('what is new goes before what is said again', async () => {
  const office = new PostOffice();
  office.tookMs = 1_000;
  for (const name of numbered(2 * AT_ONCE, 'again')) office.send(name, { again: true });
  await office.clock.advance(1);
  office.send('new');
  await office.clock.advance(3_000);
  assert.match(office.told[AT_ONCE] ?? '', /^new /);
  assert.equal(office.told.length, 2 * AT_ONCE + 1);
});

test('what is said again comes again that long after it was told, until it is called off', async () => {
  const office = new PostOffice();
  office.tookMs = 1_000;
  const letter = office.send('still', { again: true, againMs: MINUTE_MS, afterMs: MINUTE_MS });
  const began = office.clock.monotonic();
  await office.clock.advance(3 * MINUTE_MS + 2_500);
  assert.deepEqual(
    office.told,
    [1, 2, 3].map((turn) => `still at ${began + turn * MINUTE_MS + (turn - 1) * 1_000}`),
  );
  letter.callOff(OFF);
  await office.clock.advance(10 * MINUTE_MS);
  assert.equal(office.told.length, 3);
  assert.deepEqual(office.aborted, ['still'], 'what was being told is aborted');
  assert.deepEqual(office.ended, []);
});

test('what is called off before its turn is not told, and its place goes to the next', async () => {
  const office = new PostOffice();
  office.tookMs = 1_000;
  const letters = numbered(AT_ONCE + 2, 'n').map((name) => office.send(name));
  await office.clock.advance(1);
  letters[AT_ONCE]?.callOff(OFF);
  await office.clock.advance(5_000);
  await letters[AT_ONCE]?.idle;
  assert.deepEqual(
    office.ended.toSorted(),
    numbered(AT_ONCE + 2, 'n')
      .filter((name) => name !== `n-${AT_ONCE}`)
      .toSorted(),
  );
});

test('a post where nothing waits has no timer', async () => {
  const office = new PostOffice();
  office.send('soon', { afterMs: MINUTE_MS }).callOff(OFF);
  assert.equal(office.clock.sleeping, 0);
});
