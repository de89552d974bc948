import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAMILY_DEFAULTS } from '../../src/models/settings.ts';
import { Problem } from '../../src/problems.ts';
import { returnsOf } from '../../src/series/returns.ts';
import { ComputeQueue } from '../../src/worker/compute-queue.ts';
import { simulatedBars } from '../support/bars.ts';

const series = returnsOf(simulatedBars(1500));
const fit = { kind: 'fit', series, settings: FAMILY_DEFAULTS } as const;
const backtest = {
  kind: 'backtest',
  series,
  settings: { symbol: 'X', fromMs: 0, toMs: 8e15, refit: 'monthly', family: FAMILY_DEFAULTS },
} as const;

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no problem',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  );
}

test('the event loop turns while a fit is worked out, and the fit comes back whole', async () => {
  await using queue = new ComputeQueue();
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  const outcome = await queue.run<'fit'>(fit, { deadlineMs: 30_000 });
  clearInterval(timer);
  assert.ok(turns > 20, `${turns} turns`);
  assert.ok(outcome.fitted && outcome.body.models.length === 6);
});

test('a job that outlives its deadline is ended, and the next one is done', async () => {
  await using queue = new ComputeQueue();
  assert.equal(await code(queue.run<'backtest'>(backtest, { deadlineMs: 5 })), 'compute-timeout');
  assert.equal((await queue.run<'fit'>(fit, { deadlineMs: 30_000 })).fitted, true);
});

test('a job that is called off is ended, waiting or running', async () => {
  await using queue = new ComputeQueue();
  const first = new AbortController();
  const second = new AbortController();
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const running = code(
    queue.run<'backtest'>(backtest, {
      deadlineMs: 60_000,
      signal: first.signal,
      onProgress: () => resolve(),
    }),
  );
  const waiting = code(queue.run<'fit'>(fit, { deadlineMs: 60_000, signal: second.signal }));
  second.abort();
  assert.equal(await waiting, 'shutting-down');
  await begun;
  first.abort();
  assert.equal(await running, 'shutting-down');
});

test('a problem in a job arrives as that problem', async () => {
  await using queue = new ComputeQueue();
  const short = { ...backtest, series: returnsOf(simulatedBars(300)) };
  assert.equal(await code(queue.run<'backtest'>(short, { deadlineMs: 30_000 })), 'too-few-bars');
});

test('a queue takes only so many, and none once it is closed', async () => {
  const queue = new ComputeQueue();
  const all = Array.from({ length: 40 }, () => code(queue.run<'backtest'>(backtest, { deadlineMs: 60_000 })));
  await queue[Symbol.asyncDispose]();
  const codes = await Promise.all(all);
  assert.equal(codes.filter((c) => c === 'busy').length, 7);
  assert.equal(codes.filter((c) => c === 'shutting-down').length, 33);
  assert.equal(await code(queue.run<'fit'>(fit, { deadlineMs: 1000 })), 'shutting-down');
});
