// The look right before a step ends as soon as it is certain what it means.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Incident } from '../../src/core/incident.ts';
import { judgeHealth, type Observation, type SymptomResult } from '../../src/core/observation.ts';
import type { Probe } from '../../src/core/target.ts';
import { Observer } from '../../src/engine/observer.ts';
import { ManualClock } from '../fakes/clock.ts';
import { FakeRuntime } from '../fakes/fakeRuntime.ts';
import { alert, settings, target } from './given.ts';
import { Harness } from './harness.ts';

const probe = (name: string): Probe => ({ kind: 'tcp', name, host: '127.0.0.1', port: 80, timeoutMs: 3_000 });

type World = {
  /** How long each probe takes, milliseconds, and what it comes to. */
  readonly probes: Readonly<Record<string, { readonly ms: number; readonly ok: boolean }>>;
  readonly symptom: SymptomResult['verdict'];
  readonly askMs?: number;
};

/** Looks at such a world; answers with what was seen, and how long it took. */
async function look({ probes, symptom, askMs = 0 }: World): Promise<{ seen: Observation; tookMs: number }> {
  const clock = new ManualClock();
  const runtime = new FakeRuntime(clock);
  runtime.run('web');
  const observer = new Observer({
    clock,
    runtimes: new Map([['docker', runtime]]),
    prober: {
      probe: async (of, signal) =>
        Promise.all(
          of.probes.map(async ({ name }) => {
            const { ms, ok } = probes[name] ?? { ms: 0, ok: false };
            await clock.sleep(ms, signal);
            return { name, ok, reason: ok ? 'open' : 'refused', durationMs: ms };
          }),
        ),
    },
    symptoms: [
      {
        name: 'prometheus',
        ask: async (fingerprint, _alert, signal) => {
          await clock.sleep(askMs, signal);
          return { fingerprint, verdict: symptom, reason: 'asked' };
        },
      },
    ],
  });
  const begun = clock.monotonic();
  let tookMs = Number.NaN;
  const looked = observer
    .lookToAct(
      target('web', { probes: Object.keys(probes).map(probe) }),
      await incident(),
      new AbortController().signal,
    )
    .finally(() => {
      tookMs = clock.monotonic() - begun;
    });
  for (let turn = 0; turn < 1_000 && Number.isNaN(tookMs); turn += 1) await clock.advance(10);
  return { seen: await looked, tookMs };
}

async function incident(): Promise<Incident> {
  const harness = await Harness.started();
  await harness.fire(alert('web'));
  const [open] = harness.engine.openIncidents();
  assert.ok(open !== undefined);
  return open;
}

test('an alert that holds is not asked twice: a probe that hangs is not waited for, and the look says so', async () => {
  const { seen, tookMs } = await look({ probes: { http: { ms: 3_000, ok: false } }, symptom: 'present' });
  assert.ok(tookMs < 3_000, `${tookMs}`);
  assert.deepEqual(seen.unawaited, ['http']);
  assert.deepEqual(judgeHealth(seen), {
    verdict: 'unwell',
    reason: 'probe http did not answer at once, and was not waited for: its alert holds',
  });
  assert.deepEqual(
    seen.symptoms.map(({ verdict }) => verdict),
    ['present'],
  );
});

test('what was seen by then is kept: the probes that answered at once', async () => {
  const { seen } = await look({
    probes: { port: { ms: 0, ok: true }, http: { ms: 2_000, ok: true } },
    symptom: 'present',
  });
  assert.deepEqual(
    seen.probes.map(({ name }) => name),
    ['port'],
  );
  assert.deepEqual(seen.unawaited, ['http']);
});

test('a sound service answers at once, and is heard although its alert holds', async () => {
  const { seen } = await look({ probes: { http: { ms: 20, ok: true } }, symptom: 'present' });
  assert.equal(seen.unawaited, undefined);
  assert.equal(judgeHealth(seen).verdict, 'well');
});

test('where the alert may be over, the slowest probe is waited for', async () => {
  for (const symptom of ['gone', 'present'] as const) {
    const { seen } = await look({
      probes: { http: { ms: 2_000, ok: true } },
      symptom,
      askMs: symptom === 'present' ? 2_500 : 0,
    });
    assert.equal(seen.unawaited, undefined, symptom);
    assert.equal(judgeHealth(seen).verdict, 'well');
    assert.equal(seen.symptoms[0]?.verdict, symptom);
  }
});

test('a probe that fails is enough: no symptom source is waited for', async () => {
  const { seen, tookMs } = await look({
    probes: { http: { ms: 10, ok: false } },
    symptom: 'gone',
    askMs: 2_000,
  });
  assert.ok(tookMs < 2_000, `${tookMs}`);
  assert.equal(judgeHealth(seen).reason, 'probe http: refused');
});

test('what answers and has yet to be called healthy is not restarted where a source says that its alert is over', async () => {
  const harness = await Harness.started(settings({ targets: [target('web', { probes: [probe('http')] })] }));
  harness.runtime.run('web').health = 'starting';
  harness.probes = [{ name: 'http', ok: true, reason: 'open', durationMs: 1 }];
  harness.symptom = 'gone';
  await harness.fire(alert('web'));
  await harness.until('verification-started');
  assert.deepEqual(harness.acts(), []);
});
