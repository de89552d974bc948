import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from './waitFor.ts';

const soon = { deadlineMs: 100, everyMs: 1 };

test('it answers with the first thing seen that is accepted', async () => {
  let looks = 0;
  const look = () => {
    looks += 1;
    return looks;
  };
  assert.equal(await waitFor('three looks', look, (seen) => seen === 3, { everyMs: 1 }), 3);
});

test('a look that throws is "not yet"', async () => {
  let looks = 0;
  const look = () => {
    looks += 1;
    if (looks < 3) throw new Error('connection refused');
    return 'there';
  };
  assert.equal(await waitFor('the server', look, Boolean, { everyMs: 1 }), 'there');
});

test('at the deadline the error says what was waited for and what was seen last', async () => {
  const never = waitFor(
    'health',
    () => ({ status: 'starting' }),
    () => false,
    soon,
  );
  await assert.rejects(never, /waited 100 ms for health; last seen: \{ status: 'starting' \}/);
});

test('a look that failed last is the cause of the error', async () => {
  const refused = new Error('connection refused');
  const never = waitFor('the server', () => Promise.reject(refused), Boolean, soon);
  await assert.rejects(never, (error) => error instanceof Error && error.cause === refused);
});

test('a look that hangs is cut off at the deadline', async () => {
  const hung = new Promise<never>(() => undefined);
  await assert.rejects(
    waitFor('an answer', () => hung, Boolean, soon),
    /last seen: nothing yet/,
  );
});

test('it gives up at once when what is waited for can no longer come', async () => {
  const ended = new AbortController();
  const reason = new Error('the program ended');
  const look = () => ended.abort(reason);
  const never = waitFor('readiness', look, () => false, { signal: ended.signal });
  await assert.rejects(never, reason);
});
