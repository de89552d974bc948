import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Diagnosis } from '../../../src/core/diagnosis.ts';
import type { EvidenceItem } from '../../../src/core/evidence.ts';
import type { Diagnoser, LogOptions, MetricsSource, Runtime } from '../../../src/ports.ts';
import { START_AT } from '../given.ts';
import { EVIDENCE_MS, GatherStage, instance, runtimeOf } from './stage.ts';

const never = () => new Promise<never>(() => undefined);
const hanging: Runtime['instances'] = never;
const metricsOf = (related: MetricsSource['related']): MetricsSource => ({
  name: 'Prometheus',
  related,
  query: never,
});

describe('the first step', () => {
  test('waits for what is quick, and for nothing that lies behind', async () => {
    const stage = new GatherStage(runtimeOf({ events: never, logs: never }), { metrics: metricsOf(never) });
    await stage.done();
    const [first] = stage.reports;
    assert.deepEqual({ late: first?.late, at: first?.at }, { late: false, at: 0 });
    assert.deepEqual(
      first?.items.map(({ id, kind }) => `${id} ${kind}`),
      ['E1 inspect', 'E2 logs'],
    );
    assert.equal(stage.reports.at(-1)?.at, EVIDENCE_MS);
  });

  test('waits for a runtime that hangs until the deadline, and what was found elsewhere is kept by then', async () => {
    const stage = new GatherStage(runtimeOf({ instances: hanging }), {
      metrics: metricsOf(async () => ({ text: 'up now 0', truncated: false })),
    });
    await stage.done();
    const [first, ...more] = stage.reports;
    assert.deepEqual({ late: first?.late, at: first?.at }, { late: false, at: EVIDENCE_MS });
    assert.equal(stage.textOf('metrics'), 'up now 0');
    assert.match(first?.missing.join() ?? '', /no answer within 2000 ms/);
    assert.deepEqual(more, []);
  });

  test('is told at once when the target is no longer known', async () => {
    const stage = new GatherStage(runtimeOf(), { runtimes: new Map() });
    await stage.done();
    assert.deepEqual(stage.missing, ['everything: the target is no longer known']);
    assert.equal(stage.reports.length, 1);
  });
});

describe('what lies behind', () => {
  test('is kept when it comes: events, metrics, history, each by itself', async () => {
    const stage = new GatherStage(
      runtimeOf({ events: async () => ({ text: 'die (exit code 1)', truncated: false }) }),
      { metrics: metricsOf(async () => ({ text: 'up now 0', truncated: true })) },
    );
    await stage.done();
    const late = stage.reports.filter((report) => report.late).flatMap(({ items }) => items);
    assert.deepEqual(
      late.map(({ kind, instance: of, text, truncated }) => [kind, of, text, truncated]).sort(),
      [
        ['events', 'web-1', 'die (exit code 1)', false],
        ['metrics', '', 'up now 0', true],
      ],
    );
    assert.deepEqual(stage.missing, []);
  });

  test('is not held up by one source that hangs, which is named', async () => {
    const stage = new GatherStage(
      runtimeOf({ events: async () => ({ text: 'die (exit code 1)', truncated: false }) }),
      { metrics: metricsOf(never) },
    );
    await stage.done();
    assert.equal(stage.textOf('events'), 'die (exit code 1)');
    assert.deepEqual(stage.missing, ['metrics: no answer within 2000 ms']);
  });

  test('comes with its error where a source fails, and the rest is kept', async () => {
    const stage = new GatherStage(
      runtimeOf({ events: () => Promise.reject(new Error('the proxy refuses /events')) }),
      { metrics: metricsOf(async () => ({ text: 'up now 0', truncated: false })) },
    );
    await stage.done();
    assert.deepEqual(stage.missing, ['events of web-1: the proxy refuses /events']);
    assert.equal(stage.textOf('metrics'), 'up now 0');
  });

  test('does not keep the place of the effect: what others wait for is given free with the evidence itself', async () => {
    const stage = new GatherStage(runtimeOf(), { metrics: metricsOf(never) });
    await stage.done();
    assert.equal(stage.releasedAt, 0);
  });

  test('is looked up for a few incidents at a time, and what it did not come to is said', async () => {
    let asked = 0;
    const metrics = metricsOf(async () => {
      asked += 1;
      return never();
    });
    const stage = new GatherStage(runtimeOf(), { metrics });
    const begun = Array.from({ length: 12 }, () => stage.gather());
    await stage.clock.advance(EVIDENCE_MS - 100);
    assert.equal(asked, 8);
    await stage.clock.advance(200);
    await Promise.all(begun);
    assert.equal(stage.missing.length, 12);
    assert.ok(
      stage.missing.every((what) => /metrics.*: no (answer|time)/.test(what)),
      stage.missing.join('\n'),
    );
  });

  test('ends with the effect: nothing is reported of what is no longer wanted, and no timer stays', async () => {
    const stage = new GatherStage(runtimeOf({ events: never }), { metrics: metricsOf(never) });
    const gathering = stage.gather();
    await stage.clock.advance(100);
    stage.abort.abort(new Error('the agent stops'));
    await stage.clock.advance(0);
    await gathering;
    assert.equal(stage.reports.length, 1);
    assert.equal(stage.clock.sleeping, 0);
  });
});

describe('the ids of evidence', () => {
  test('are unique, and go on after what was kept meanwhile', async () => {
    const stage = new GatherStage(runtimeOf({ events: async () => ({ text: 'die', truncated: false }) }), {
      metrics: metricsOf(async () => ({ text: 'up', truncated: false })),
    });
    const gathering = stage.gather();
    await stage.clock.advance(0);
    stage.evidence += 3;
    await stage.clock.advance(EVIDENCE_MS);
    await gathering;
    assert.deepEqual(
      stage.items.map(({ id }) => id),
      ['E1', 'E2', 'E6', 'E7'],
    );
  });

  test('begin after what an earlier run of the agent had kept', async () => {
    const stage = new GatherStage();
    stage.evidence = 7;
    await stage.done();
    assert.deepEqual(
      stage.items.map(({ id }) => id),
      ['E8', 'E9'],
    );
  });
});

describe('the bound of one incident', () => {
  test('holds over all that comes, early and late, and what is beyond it is told in a sentence', async () => {
    const large = `${'x'.repeat(99)}\n`.repeat(3_000);
    const names = ['web-1', 'web-2', 'web-3', 'web-4', 'web-5', 'web-6'];
    const stage = new GatherStage(
      runtimeOf({
        instances: async () => names.map((name) => instance(name)),
        evidence: async ({ name }, found) => {
          found({ kind: 'inspect', instance: name, text: 'status: exited', truncated: false });
          found({ kind: 'logs', instance: name, text: `${large}end of ${name}`, truncated: false });
          return { missing: [] };
        },
        events: async () => ({ text: large, truncated: false }),
      }),
      {
        wellStates: () => [
          { firstAt: 0, lastAt: START_AT - 1_000, instances: names.map((name) => instance(name)) },
        ],
      },
    );
    await stage.done();
    const kept = stage.items.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    assert.ok(kept <= 1024 * 1024 && kept > 1000 * 1024, `${kept} bytes`);
    const cut = stage.items.find(({ kind, truncated }) => kind === 'logs' && truncated);
    assert.match(cut?.text ?? '', /\nend of web-4$/);
    assert.match(cut?.text ?? '', /^x{99}\n/);
    assert.match(
      stage.missing.join('\n'),
      /^what is beyond 1024 KiB of evidence: logs of web-4 \(\d+ KiB\), logs of web-5 \(293 KiB\)$/m,
    );
    assert.match(
      stage.missing.join('\n'),
      /^what is beyond 1024 KiB of evidence: events of web-1 \(293 KiB\), /m,
    );
    assert.ok(!stage.items.some(({ instance: of }) => of === 'web-6'), 'five instances are enough');
    assert.doesNotMatch(stage.textOf('changes') ?? '', /web-6/, 'and all are compared');
  });
});

describe('what comes from outside', () => {
  test('is redacted, made visible and cut before it is reported, and a line stays a line', async () => {
    const lines = ['token=hunter2', 'red \u001b[31mword', `long ${'y'.repeat(10_000)} hunter2`, 'last'];
    const stage = new GatherStage(
      runtimeOf({
        evidence: async ({ name }, found) => {
          found({ kind: 'inspect', instance: name, text: 'error: hunter2', truncated: false });
          found({ kind: 'logs', instance: name, text: lines.join('\n'), truncated: false });
          return { missing: ['stats of web-1: hunter2'] };
        },
      }),
      { redact: (text) => text.replaceAll('hunter2', '[redacted]') },
    );
    await stage.done();
    assert.equal(stage.textOf('inspect'), 'error: [redacted]');
    assert.deepEqual(stage.missing, ['stats of web-1: [redacted]']);
    const kept = stage.textOf('logs')?.split('\n') ?? [];
    assert.equal(kept.length, 4);
    assert.equal(kept[0], 'token=[redacted]');
    assert.equal(kept[1], 'red \\u001b[31mword');
    assert.match(kept[2] ?? '', /^long y{3995}… \(\d+ characters more\)$/);
    assert.equal(kept[3], 'last');
  });
});

describe('the diagnosis', () => {
  const cause = (id: string): Diagnosis => ({
    causes: [
      {
        id,
        group: 'test',
        summary: id,
        restartHelps: 'no',
        confidence: 1,
        citations: ['E2:1'],
        remedy: '',
      },
    ],
    unusual: [],
  });

  test('comes with the first evidence, and once more only when it is another', async () => {
    const asked: [readonly EvidenceItem[], readonly string[]][] = [];
    const diagnoser: Diagnoser = {
      diagnose: (_target, evidence, past) => {
        asked.push([[...evidence], past]);
        return cause(past.length === 0 ? 'first' : 'second');
      },
    };
    const stage = new GatherStage(
      runtimeOf({
        events: async () => ({ text: 'die', truncated: false }),
        logs: async () => ({ text: 'old one\nold two', truncated: false }),
      }),
      { diagnoser },
    );
    await stage.done();
    const said = stage.reports.map(({ late, diagnosis }) => [late, diagnosis?.causes[0]?.id]);
    assert.deepEqual(said, [
      [false, 'first'],
      [true, 'second'],
    ]);
    assert.deepEqual(asked[0]?.[1], []);
    assert.deepEqual(asked[1]?.[1], ['old one', 'old two']);
    assert.deepEqual(
      asked[1]?.[0].map(({ kind }) => kind),
      ['inspect', 'logs', 'events'],
    );
  });

  test('that fails is told with the evidence, and holds up nothing', async () => {
    const diagnoser: Diagnoser = {
      diagnose: () => {
        throw new Error('a defect');
      },
    };
    const stage = new GatherStage(runtimeOf(), { diagnoser });
    await stage.done();
    assert.equal(stage.reports[0]?.at, 0);
    assert.equal(stage.reports[0]?.items.length, 2);
    assert.deepEqual(stage.missing, ['diagnosis: a defect']);
  });

  test('is given the day before the minutes of the failure, and Loki’s where the container is young', async () => {
    const options: LogOptions[] = [];
    let past: readonly string[] = [];
    const ended = instance('web-1', { status: 'exited', finishedAt: START_AT - 60_000 });
    const stage = new GatherStage(
      runtimeOf({
        instances: async () => [ended],
        logs: async (_instance, asked) => {
          options.push(asked);
          return { text: 'of the container', truncated: false };
        },
      }),
      {
        diagnoser: {
          diagnose: (_target, _evidence, lines) => {
            past = lines;
            return { causes: [], unusual: [] };
          },
        },
        keptLogs: {
          name: 'Loki',
          logs: async (_target, asked) => {
            options.push(asked);
            return { text: 'of one before\nof the container', truncated: false, remarks: [] };
          },
        },
      },
    );
    await stage.done();
    assert.deepEqual(past, ['of one before', 'of the container']);
    const until = START_AT - 60_000 - 300_000;
    for (const asked of options) {
      assert.deepEqual(asked, {
        lines: 5_000,
        since: START_AT - 60_000 - 86_400_000,
        until,
        maxBytes: 1024 * 1024,
      });
    }
    assert.equal(options.length, 2);
  });
});

describe('the failure', () => {
  const askedWith = async (rest: Parameters<typeof instance>[1]) => {
    let at: number | null = null;
    const stage = new GatherStage(
      runtimeOf({
        instances: async () => [instance('web-1', rest)],
        evidence: async (_instance, _found, _signal, failedAt) => {
          at = failedAt;
          return { missing: [] };
        },
      }),
    );
    await stage.done();
    return at;
  };

  test('of an instance that has ended is its end: it wrote everything before', async () => {
    assert.equal(await askedWith({ status: 'exited', finishedAt: START_AT - 50 }), Number.POSITIVE_INFINITY);
  });

  test('of an instance that was brought back lies between its end and its new start', async () => {
    const rest = { finishedAt: START_AT - 2_000, startedAt: START_AT - 1_000 };
    assert.equal(await askedWith(rest), START_AT - 1_500);
  });

  test('of an instance that runs and is sick is the first signal, also when it was restarted long ago', async () => {
    assert.equal(await askedWith({}), START_AT);
    assert.equal(
      await askedWith({ finishedAt: START_AT - 86_400_000, startedAt: START_AT - 86_300_000 }),
      START_AT,
    );
  });
});
