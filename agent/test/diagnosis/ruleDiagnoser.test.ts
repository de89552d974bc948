import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { shippedPatterns } from '../../src/config/shippedPatterns.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { EvidenceItem, EvidenceKind } from '../../src/core/evidence.ts';
import { RuleDiagnoser } from '../../src/diagnosis/ruleDiagnoser.ts';

const rules = new RuleDiagnoser(shippedPatterns());
const DISK_FULL = 'write /data/a: no space left on device';
const REFUSED = 'connect ECONNREFUSED 10.0.0.3:5432';

function item(
  number: number,
  kind: EvidenceKind,
  lines: readonly string[],
  instance = 'shop-1',
): EvidenceItem {
  return { id: `E${number}`, kind, instance, text: lines.join('\n'), truncated: false };
}

const logs = (...lines: readonly string[]) => item(1, 'logs', lines);
const diagnose = (...evidence: readonly EvidenceItem[]) => rules.diagnose('shop', evidence, []);
const confidenceOf = ({ causes }: Diagnosis, id: string) =>
  causes.find((cause) => cause.id === id)?.confidence;

/** A line that was written so many seconds before twelve o'clock. */
const before = (seconds: number, text: string) =>
  `${new Date(Date.UTC(2026, 0, 10, 12) - seconds * 1_000).toISOString()} ${text}`;
const inspect = (facts: Readonly<Record<string, string>>) =>
  item(
    2,
    'inspect',
    Object.entries(facts).map(([name, value]) => `${name}: ${value}`),
  );
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 10, 12) - seconds * 1_000).toISOString();

describe('a diagnosis by rules', () => {
  it('says what is likely, where it rests, whether a restart helps, and what to do', () => {
    const { causes } = diagnose(logs('started', DISK_FULL));
    assert.deepEqual(causes, [
      {
        id: 'disk-full',
        group: 'disk',
        summary: 'The disk (or its inodes) that the service writes to is full.',
        restartHelps: 'no',
        confidence: 0.93,
        citations: ['E1:2'],
        remedy: 'Free space on the volume (`df -h`, `df -i`); a restart only loses the log of it.',
      },
    ]);
  });

  it('explains the end of a run by nothing that an earlier one wrote, unless it is begun again and again', () => {
    const earlier = { ...logs(DISK_FULL), run: 'earlier', side: 'before' } as const;
    assert.deepEqual(diagnose(earlier, inspect({ status: 'exited', 'exit code': '1' })), {
      causes: [],
      unusual: [],
    });
    const looping = inspect({ status: 'restarting', 'restarts by the engine': '4' });
    assert.notEqual(confidenceOf(diagnose(earlier, looping), 'disk-full'), undefined);
  });

  it('finds nothing where nothing is known', () => {
    assert.deepEqual(diagnose(logs('all is well', 'GET / 200')), { causes: [], unusual: [] });
    assert.deepEqual(diagnose(), { causes: [], unusual: [] });
  });

  it('tells the surest cause first', () => {
    const { causes } = diagnose(logs(REFUSED, DISK_FULL));
    assert.deepEqual(
      causes.map(({ id }) => id),
      ['disk-full', 'connection-refused'],
    );
  });

  it('reads in what the runtime says only what is written for it', () => {
    assert.equal(
      confidenceOf(diagnose(inspect({ 'out of memory': 'yes' })), 'container-out-of-memory'),
      0.95,
    );
    assert.deepEqual(diagnose(logs('out of memory: yes')).causes, []);
    assert.deepEqual(diagnose(item(1, 'history', [DISK_FULL])).causes, []);
  });

  it('is surer of what is said often, and of what several say', () => {
    const once = confidenceOf(diagnose(logs(REFUSED)), 'connection-refused') ?? 0;
    const often = confidenceOf(diagnose(logs(...Array(5).fill(REFUSED))), 'connection-refused') ?? 0;
    const veryOften = confidenceOf(diagnose(logs(...Array(20).fill(REFUSED))), 'connection-refused') ?? 0;
    const agreed = confidenceOf(
      diagnose(logs(REFUSED), item(2, 'logs', [REFUSED], 'shop-2')),
      'connection-refused',
    );
    assert.ok(once < often && often < veryOften && veryOften < 0.75, `${once} ${often} ${veryOften}`);
    assert.equal(agreed, 0.68);
  });

  it('cites a few lines, the newest', () => {
    const { causes } = diagnose(logs(...Array(20).fill(DISK_FULL)));
    assert.deepEqual(causes[0]?.citations, ['E1:16', 'E1:17', 'E1:18', 'E1:19', 'E1:20']);
  });

  it('tells at most ten causes', () => {
    const examples = shippedPatterns().map(({ example }) => example ?? '');
    assert.equal(diagnose(logs(...examples.slice(0, 60))).causes.length, 10);
  });

  it('names what is new against the past, with its place', () => {
    const past = Array.from({ length: 300 }, (_, index) => `GET /orders/${index} 200`);
    const { unusual } = rules.diagnose('shop', [logs('GET /orders/7 200', 'the flux is out of phase')], past);
    assert.deepEqual(
      unusual.map(({ kind, citation }) => [kind, citation]),
      [['new', 'E1:2']],
    );
  });
});

describe('what is too old', () => {
  it('does not count: the last five minutes do, the last one in full', () => {
    const confidence = (seconds: number) =>
      confidenceOf(diagnose(logs(before(seconds, DISK_FULL), before(0, 'ended'))), 'disk-full');
    assert.equal(confidence(59), 0.93);
    assert.equal(confidence(299), 0.837);
    assert.equal(confidence(301), undefined);
  });

  it('is measured from the newest time that the evidence knows, not only from the log’s last line', () => {
    const old = logs(before(86_400, DISK_FULL));
    assert.equal(confidenceOf(diagnose(old), 'disk-full'), 0.93);
    const checks = item(2, 'health-log', [`${at(0)} exit 1: no answer`]);
    assert.deepEqual(diagnose(old, checks).causes, []);
  });

  it('does not count among events either', () => {
    const events = (seconds: number) => item(1, 'events', [`${at(seconds)} oom`, `${at(0)} start`]);
    assert.equal(confidenceOf(diagnose(events(10)), 'out-of-memory-event'), 0.9);
    assert.deepEqual(diagnose(events(1_800)).causes, []);
  });

  it('does not count by lines, where no line has a time', () => {
    const confidence = (behind: number) =>
      confidenceOf(diagnose(logs(DISK_FULL, ...Array(behind).fill('fine'))), 'disk-full');
    assert.equal(confidence(49), 0.93);
    assert.equal(confidence(499), 0.837);
    assert.equal(confidence(501), undefined);
  });

  it('is told by the line before it, where a line has no time of its own', () => {
    const old = [before(400, 'failed:'), DISK_FULL, before(0, 'ended')];
    assert.deepEqual(diagnose(logs(...old)).causes, []);
  });
});

describe('another run', () => {
  const lines = logs(before(30, DISK_FULL), before(10, 'listening'), before(0, 'hanging'));

  it('does not count: somebody started it since', () => {
    const running = inspect({ status: 'running', started: at(15), finished: at(20) });
    assert.deepEqual(diagnose(lines, running).causes, []);
  });

  it('does not count either when it was started within a second', () => {
    const quick = logs(before(1.05, DISK_FULL), before(0.4, 'listening'), before(0, 'hanging'));
    const running = inspect({ status: 'running', started: at(0.5), finished: at(0.9) });
    assert.deepEqual(diagnose(quick, running).causes, []);
    const ended = inspect({ status: 'exited', started: at(0.4), finished: at(0) });
    assert.deepEqual(diagnose(quick, ended).causes, []);
  });

  it('begins a moment before the runtime says so, or within the second that the log names', () => {
    const early = logs(before(0.7, DISK_FULL), before(0, 'hanging'));
    const running = inspect({ status: 'running', started: at(0.5), finished: at(10) });
    assert.notEqual(confidenceOf(diagnose(early, running), 'disk-full'), undefined);
    const whole = logs('2026-01-10T11:59:55Z '.concat(DISK_FULL), before(0, 'hanging'));
    const begun = inspect({ status: 'running', started: at(4.1), finished: at(4.6) });
    assert.notEqual(confidenceOf(diagnose(whole, begun), 'disk-full'), undefined);
  });

  it('counts where the engine starts it again and again', () => {
    const looping = inspect({
      status: 'running',
      started: at(15),
      finished: at(20),
      'restarts by the engine': '4',
    });
    assert.equal(confidenceOf(diagnose(lines, looping), 'disk-full'), 0.93);
  });

  it('is told by the instance: that of one says nothing about another', () => {
    const other = item(2, 'inspect', [`started: ${at(15)}`], 'shop-2');
    assert.equal(confidenceOf(diagnose(lines, other), 'disk-full'), 0.93);
  });
});

describe('what a service has lived with', () => {
  const running = inspect({ status: 'running', started: at(4_000) });

  it('is less likely why it failed, however often it is said', () => {
    const lived = diagnose(logs(before(900, DISK_FULL), before(5, DISK_FULL), before(0, 'hanging')), running);
    assert.equal(confidenceOf(lived, 'disk-full'), 0.744);
    const often = Array.from({ length: 20 }, (_, index) => before(19 - index, DISK_FULL));
    assert.equal(confidenceOf(diagnose(logs(before(900, DISK_FULL), ...often), running), 'disk-full'), 0.744);
  });

  it('is not what it wrote in the run before', () => {
    const restarted = inspect({ status: 'exited', started: at(60), finished: at(0) });
    const both = logs(before(900, DISK_FULL), before(5, DISK_FULL), before(0, 'ended'));
    assert.equal(confidenceOf(diagnose(both, restarted), 'disk-full'), 0.93);
  });
});

describe('what clients write into the log', () => {
  const said = [
    '10.0.0.9 - - [10/Jan/2026:10:11:12 +0000] "GET / HTTP/1.1" 200 12 "-" "no space left on device"',
    '10.0.0.9 - - [10/Jan/2026:10:11:12 +0000] "GET /certificate has expired HTTP/1.1" 404 12',
    '2026/01/10 10:11:12 [error] 29#29: *1 open() failed, client: 10.0.0.9, request: "GET /no space left on device HTTP/1.1", host: "a"',
    '2026/01/10 10:11:12 [error] 29#29: *1 x, request: "GET / HTTP/1.1", referrer: "certificate has expired"',
  ];
  for (const line of said)
    it(`is no cause: ${line.slice(0, 100)}`, () => {
      assert.deepEqual(diagnose(logs(line)).causes, []);
    });

  it('hides nothing of what the line says besides', () => {
    const line =
      '2026/01/10 10:11:12 [error] 29#29: *1 connect() failed (111: Connection refused) while connecting to upstream, request: "GET / HTTP/1.1"';
    assert.deepEqual(
      diagnose(logs(line)).causes.map(({ id }) => id),
      ['connection-refused'],
    );
  });
});

describe('whatever the evidence holds', () => {
  const examples = shippedPatterns().map(({ example }) => example ?? '');
  const anyLine = fc.oneof(fc.constantFrom(...examples), fc.string(), fc.string({ unit: 'binary' }));
  const anyItem = fc.record({
    id: fc.constantFrom('E1', 'E2', 'E3'),
    kind: fc.constantFrom<EvidenceKind>('logs', 'inspect', 'health-log', 'stats', 'events', 'history'),
    instance: fc.constantFrom('', 'shop-1', 'shop-2'),
    text: fc.array(anyLine, { maxLength: 12 }).map((lines) => lines.join('\n')),
    truncated: fc.boolean(),
  });

  it('never throws; causes are few, between 0 and 1, ordered, and cite lines that are there', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyItem, { maxLength: 3, selector: ({ id }) => id }), (evidence) => {
        const { causes } = diagnose(...evidence);
        assert.ok(causes.length <= 10);
        causes.forEach(({ confidence, citations, summary }, index) => {
          assert.ok(confidence > 0 && confidence < 1, `${confidence}`);
          assert.ok(confidence <= (causes[index - 1]?.confidence ?? 1));
          assert.ok(citations.length > 0 && summary !== '');
          for (const citation of citations) {
            const [id, line] = citation.split(':');
            const text = evidence.find((one) => one.id === id)?.text.split('\n')[Number(line) - 1];
            assert.ok(text !== undefined && text !== '', citation);
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  it('is bounded in its work: where lines want every pattern tried, the newest are read and the rest is given up', () => {
    const words = shippedPatterns().map(({ counterexample }) => counterexample ?? '');
    const dear = words.join(' ').slice(0, 4_000);
    const lines = [REFUSED, ...Array<string>(480).fill(dear), DISK_FULL];
    const ids = diagnose(logs(...lines)).causes.map(({ id }) => id);
    assert.ok(ids.includes('disk-full'), ids.join());
    assert.ok(!ids.includes('connection-refused'), ids.join());
  });
});
