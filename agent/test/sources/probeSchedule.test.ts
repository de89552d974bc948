import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeResult } from '../../src/core/observation.ts';
import type { Signal } from '../../src/core/signal.ts';
import type { Target } from '../../src/core/target.ts';
import { ProbeRounds } from '../../src/engine/probeRounds.ts';
import type { Prober } from '../../src/ports.ts';
import { ProbeSource, type ProbeSourceParts } from '../../src/sources/probeSchedule.ts';
import { ManualClock } from '../fakes/clock.ts';
import { httpProbe, targetWith } from './targets.ts';

const INTERVAL_MS = 1_000;
const schedule = { intervalMs: INTERVAL_MS, failureThreshold: 3, successThreshold: 2 };

function target(name: string, rest: Partial<Target> = {}): Target {
  return targetWith([httpProbe('http://127.0.0.1:1/')], { name, schedule, ...rest });
}

/** A prober that answers for each target what the test says; by default all is well. */
class ScriptedProber implements Prober {
  readonly calls: string[] = [];
  readonly answers = new Map<string, () => Promise<readonly ProbeResult[]> | readonly ProbeResult[]>();

  async probe({ name, probes }: Target): Promise<readonly ProbeResult[]> {
    this.calls.push(name);
    return (await this.answers.get(name)?.()) ?? probes.map((probe) => result(true, probe.name));
  }

  set(name: string, ok: boolean): void {
    this.answers.set(name, () => [result(ok)]);
  }
}

function result(ok: boolean, name = 'health'): ProbeResult {
  return { name, ok, reason: ok ? 'HTTP 200' : 'HTTP 503, wanted 200-299', durationMs: 1 };
}

function start(rest: Partial<ProbeSourceParts> = {}) {
  const clock = new ManualClock(0);
  const prober = new ScriptedProber();
  const stop = new AbortController();
  const said: string[] = [];
  const reports: string[] = [];
  const failures: string[] = [];
  const rounds = new ProbeRounds();
  const source = new ProbeSource({
    clock,
    prober,
    random: () => 0,
    begin: (target) => rounds.begin(target),
    hear: async (signal) => void said.push(inShort(signal)),
    report: ({ name, mode }, results, at) =>
      void reports.push(`${at} ${name} ${mode} ${results.map(({ ok }) => ok)}`),
    failed: ({ name }, error) => void failures.push(`${name}: ${error}`),
    signal: stop.signal,
    ...rest,
  });
  return { clock, prober, stop, said, reports, failures, rounds, source };
}

function inShort(signal: Signal): string {
  assert.equal(signal.source, 'probe');
  return signal.source === 'probe'
    ? `${signal.target}/${signal.probe} ${signal.state}: ${signal.reason}`
    : '';
}

test('a target is failing after as many failures in a row as the threshold says, and not before', async () => {
  const { clock, prober, said, source } = start();
  prober.set('shop', false);
  source.watch([target('shop')]);
  await clock.advance(INTERVAL_MS);
  assert.deepEqual(said, []);
  await clock.advance(INTERVAL_MS);
  assert.deepEqual(said, ['shop/health failing: HTTP 503, wanted 200-299 (3 times in a row)']);
});

test('a success in between begins the count anew', async () => {
  const { clock, prober, said, source } = start();
  const oks = [false, false, true, false, false, true, false, false];
  prober.answers.set('shop', () => [result(oks.shift() ?? true)]);
  source.watch([target('shop')]);
  await clock.advance(7 * INTERVAL_MS);
  assert.deepEqual(said, []);
});

test('it is passing again after as many successes in a row as the threshold says', async () => {
  const { clock, prober, said, source } = start();
  prober.set('shop', false);
  source.watch([target('shop')]);
  await clock.advance(2 * INTERVAL_MS);
  prober.set('shop', true);
  await clock.advance(INTERVAL_MS);
  assert.equal(said.length, 1);
  await clock.advance(INTERVAL_MS);
  assert.deepEqual(said.slice(1), ['shop/health passing: HTTP 200']);
  await clock.advance(100 * INTERVAL_MS);
  assert.equal(said.length, 2, 'passing is said once');
});

test('the first state is said also when it is passing: another may have been heard before a restart', async () => {
  const { clock, said, source } = start();
  source.watch([target('shop')]);
  await clock.advance(INTERVAL_MS);
  assert.deepEqual(said, ['shop/health passing: HTTP 200']);
});

test('what goes on failing is said again every 15 intervals', async () => {
  const { clock, prober, said, source } = start();
  prober.set('shop', false);
  source.watch([target('shop')]);
  await clock.advance((2 + 14) * INTERVAL_MS);
  assert.equal(said.length, 1);
  await clock.advance(INTERVAL_MS);
  assert.deepEqual(said[1], 'shop/health failing: HTTP 503, wanted 200-299 (18 times in a row)');
  await clock.advance(15 * INTERVAL_MS);
  assert.equal(said.length, 3);
});

test('a signal that was not taken is said again after the next interval', async () => {
  const heard: string[] = [];
  let full = true;
  const { clock, prober, failures, source } = start({
    hear: async (signal) => {
      if (full) throw new Error('the agent is full');
      heard.push(inShort(signal));
    },
  });
  prober.set('shop', false);
  source.watch([target('shop')]);
  await clock.advance(3 * INTERVAL_MS);
  assert.deepEqual(failures, ['shop: Error: the agent is full', 'shop: Error: the agent is full']);
  full = false;
  await clock.advance(INTERVAL_MS);
  assert.deepEqual(heard, ['shop/health failing: HTTP 503, wanted 200-299 (5 times in a row)']);
});

test('while a signal is being taken no second one of the same probe is sent', async () => {
  let taking = 0;
  const { clock, prober, reports, source } = start({
    hear: () => {
      taking += 1;
      return new Promise(() => undefined);
    },
  });
  prober.set('shop', false);
  source.watch([target('shop')]);
  await clock.advance(40 * INTERVAL_MS);
  assert.equal(taking, 1);
  assert.equal(reports.length, 41, 'and probing goes on');
});

test('every round is reported with its time', async () => {
  const { clock, reports, source } = start();
  source.watch([target('shop')]);
  await clock.advance(2 * INTERVAL_MS);
  assert.deepEqual(reports, ['0 shop auto true', '1000 shop auto true', '2000 shop auto true']);
});

test('first probes are spread over the interval, over at most 5 s', async () => {
  const { clock, prober, source } = start({ random: () => 0.5 });
  source.watch([target('shop'), target('slow', { schedule: { ...schedule, intervalMs: 3_600_000 } })]);
  await clock.advance(499);
  assert.deepEqual(prober.calls, []);
  await clock.advance(1);
  assert.deepEqual(prober.calls, ['shop']);
  await clock.advance(2_000);
  assert.deepEqual(prober.calls, ['shop', 'shop', 'slow', 'shop']);
});

test('a prober that hangs delays no other target, and counts as a failure after its timeout', async () => {
  const { clock, prober, reports, said, source } = start();
  prober.answers.set('stuck', () => new Promise(() => undefined));
  source.watch([target('stuck'), target('shop')]);
  await clock.advance(17_999);
  assert.equal(reports.filter((report) => report.includes('shop')).length, 18);
  assert.deepEqual(said, ['shop/health passing: HTTP 200']);
  await clock.advance(1);
  // 5 s of the probe's own and 1 s more, three times; rounds never overlap.
  assert.deepEqual(said.slice(1), ['stuck/health failing: the probe did not end in 6 s (3 times in a row)']);
  assert.equal(prober.calls.filter((name) => name === 'stuck').length, 4);
});

test('intervals that a slow round missed are left out, and the rhythm stays', async () => {
  const { clock, prober, source, reports } = start();
  prober.answers.set('shop', async () => {
    await clock.sleep(2_300);
    return [result(true)];
  });
  source.watch([target('shop')]);
  await clock.advance(9_000);
  assert.equal(prober.calls.length, 4, 'at 0, 3000, 6000 and 9000');
  assert.deepEqual(
    reports.map((report) => report.split(' ')[0]),
    ['2300', '5300', '8300'],
  );
});

test('a prober or report that throws is said, and probing goes on', async () => {
  const { clock, prober, failures, source } = start();
  prober.answers.set('shop', () => Promise.reject(new Error('broken prober')));
  source.watch([target('shop')]);
  await clock.advance(INTERVAL_MS);
  assert.deepEqual(failures, ['shop: Error: broken prober', 'shop: Error: broken prober']);
});

test('each probe of a target has a course of its own', async () => {
  const { clock, prober, said, source } = start();
  prober.answers.set('shop', () => [result(true, 'health'), result(false, 'port')]);
  const probes = [httpProbe('http://127.0.0.1:1/'), httpProbe('http://127.0.0.1:1/', { name: 'port' })];
  source.watch([target('shop', { probes })]);
  await clock.advance(2 * INTERVAL_MS);
  assert.deepEqual(said, [
    'shop/health passing: HTTP 200',
    'shop/port failing: HTTP 503, wanted 200-299 (3 times in a row)',
  ]);
});

test('after a reload the same target keeps its course, a changed one begins anew, a removed one is left', async () => {
  const { clock, prober, said, reports, source } = start();
  for (const name of ['same', 'changed', 'removed']) prober.set(name, false);
  source.watch([target('same'), target('changed'), target('removed')]);
  await clock.advance(INTERVAL_MS + 500);
  reports.length = 0;
  source.watch([
    target('same', { mode: 'observe' }),
    target('changed', { schedule: { ...schedule, failureThreshold: 4 } }),
  ]);
  await clock.advance(1_000);
  assert.deepEqual(said, ['same/health failing: HTTP 503, wanted 200-299 (3 times in a row)']);
  assert.deepEqual(reports, [
    '1500 changed auto false',
    '2000 same observe false',
    '2500 changed auto false',
  ]);
  await clock.advance(2_000);
  assert.deepEqual(said.slice(1), ['changed/health failing: HTTP 503, wanted 200-299 (4 times in a row)']);
});

test('targets without a schedule or without probes are not probed', async () => {
  const { clock, prober, source } = start();
  source.watch([target('unscheduled', { schedule: null }), target('unprobed', { probes: [] })]);
  await clock.advance(10 * INTERVAL_MS);
  assert.deepEqual(prober.calls, []);
  assert.equal(clock.sleeping, 0);
});

test('stopping ends everything, also a round that is under way', async () => {
  const { clock, prober, stop, reports, failures, source } = start();
  prober.answers.set('stuck', () => new Promise(() => undefined));
  source.watch([target('stuck'), target('shop')]);
  await clock.advance(0);
  stop.abort();
  await clock.advance(60_000);
  assert.equal(clock.sleeping, 0, 'nothing waits any more');
  assert.deepEqual(failures, []);
  assert.deepEqual(reports, ['0 shop auto true']);
});

test('a round that is called off says nothing, and none begins until the call on its target has ended', async () => {
  const calls: string[] = [];
  const signals: AbortSignal[] = [];
  const slow: Prober['probe'] = async ({ name }, signal) => {
    calls.push(name);
    signals.push(signal);
    await clock.sleep(500, signal).catch(() => undefined); // As a prober does: the end of its look is a failed result.
    return [result(!signal.aborted)];
  };
  const { clock, rounds, said, reports, failures, source } = start({ prober: { probe: slow } });
  source.watch([target('shop')]);
  await clock.advance(INTERVAL_MS + 100);
  const held = rounds.hold('shop');
  assert.equal(signals.at(-1)?.aborted, true);
  await clock.advance(5 * INTERVAL_MS);
  assert.deepEqual(calls, ['shop', 'shop'], 'none while it is held');
  held[Symbol.dispose]();
  await clock.advance(INTERVAL_MS);
  assert.equal(calls.length, 3);
  await clock.advance(INTERVAL_MS);
  assert.deepEqual(reports, ['500 shop auto true', '7500 shop auto true'], 'the one called off is left out');
  assert.deepEqual(said, ['shop/health passing: HTTP 200']);
  assert.deepEqual(failures, []);
});

test('a prober that does not listen holds up nobody when its round is called off', async () => {
  const { clock, prober, rounds, reports, failures, source } = start();
  prober.answers.set('shop', () => new Promise(() => undefined));
  source.watch([target('shop')]);
  await clock.advance(100);
  const held = rounds.hold('shop');
  prober.set('shop', true);
  held[Symbol.dispose]();
  await clock.advance(INTERVAL_MS);
  assert.deepEqual([reports, failures], [['1000 shop auto true'], []]);
});
