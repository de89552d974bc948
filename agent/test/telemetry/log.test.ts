import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { sayEntry } from '../../src/core/describe.ts';
import { JournalError } from '../../src/errors.ts';
import { JournalLog } from '../../src/telemetry/journalLog.ts';
import type { LogOptions } from '../../src/telemetry/log.ts';
import { openLog } from '../../src/telemetry/log.ts';
import { ManualClock } from '../fakes/clock.ts';
import { SAMPLE_BODIES, sampleEntry } from '../fakes/entries.ts';

function recording(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = openLog({
    level: 'debug',
    format: 'json',
    isTty: false,
    clock: new ManualClock(Date.UTC(2026, 0, 2, 3, 4, 5)),
    write: (line) => lines.push(line),
    ...options,
  });
  return { log, lines };
}

test('a line of JSON has time, level, incident, target and the sentence', () => {
  const { log, lines } = recording();
  new JournalLog(log).entryAppended(sampleEntry(SAMPLE_BODIES['mutation-started'], { seq: 7 }));
  assert.deepEqual(JSON.parse(lines[0] ?? ''), {
    level: 'info',
    time: '2026-01-02T03:04:05.000Z',
    incident: 'inc-1',
    target: 'market-predictor',
    entry: 'mutation-started',
    seq: 7,
    msg: 'market-predictor: restart of predictor-1 issued; then predictor-2',
  });
});

test('a journal that cannot be written is told with its reason, and ever more seldom', () => {
  const { log, lines } = recording();
  const journalLog = new JournalLog(log);
  const full = new JournalError('JOURNAL_WRITE', '/data/journal.sqlite: the disk is full');
  for (let n = 0; n < 10; n += 1) journalLog.journalCommitted(1, false, full);
  journalLog.journalCommitted(1, true);
  journalLog.journalCommitted(1, false, full);
  const told = lines.map((line) => JSON.parse(line)).map(({ level, msg }) => `${level} ${msg}`);
  const why = ': The journal could not be written: /data/journal.sqlite: the disk is full';
  assert.deepEqual(
    told.map((text) => text.replace(/\. Free disk space.*/, '')),
    ['', ', 2 times in a row', ', 4 times in a row', ', 8 times in a row', ''].map(
      (times) => `error nothing is acknowledged or mutated${times}${why}`,
    ),
  );
});

test('every entry becomes exactly one line', () => {
  const { log, lines } = recording();
  const journalLog = new JournalLog(log);
  for (const body of Object.values(SAMPLE_BODIES)) journalLog.entryAppended(sampleEntry(body));
  assert.equal(lines.length, Object.keys(SAMPLE_BODIES).length);
  for (const line of lines) assert.match(line, /^[^\n]+\n$/);
});

test('what needs a person is louder than the story, and repeats are quieter', () => {
  const { log, lines } = recording();
  const journalLog = new JournalLog(log);
  for (const type of ['signal-repeated', 'signal-heard', 'escalated', 'notified', 'quarantined'] as const) {
    journalLog.entryAppended(sampleEntry(SAMPLE_BODIES[type]));
  }
  const levels = lines.map((line) => JSON.parse(line).level);
  assert.deepEqual(levels, ['debug', 'info', 'warn', 'warn', 'error']);
});

test('the first signal of an incident is told once, and further ones each', () => {
  const { log, lines } = recording();
  const journalLog = new JournalLog(log);
  const heard = SAMPLE_BODIES['signal-heard'];
  const opened = {
    ...SAMPLE_BODIES['incident-opened'],
    reason: sayEntry(sampleEntry(heard)).replace('heard: ', ''),
  };
  for (const body of [opened, heard, heard]) journalLog.entryAppended(sampleEntry(body));
  journalLog.entryAppended(sampleEntry(opened));
  journalLog.entryAppended(sampleEntry(heard, { incident: 'another' }));
  journalLog.entryAppended(sampleEntry(opened));
  journalLog.entryAppended(sampleEntry({ ...heard, trusted: false }));
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)).map(({ level, entry }) => `${entry} ${level}`),
    [
      'incident-opened info',
      'signal-heard debug',
      'signal-heard info',
      'incident-opened info',
      'signal-heard info',
      'incident-opened info',
      'signal-heard info',
    ],
    'one that is old news says so',
  );
});

test('the end of a step is told once; an answer that was lost is news of its own', () => {
  const { log, lines } = recording();
  const journalLog = new JournalLog(log);
  for (const outcome of ['succeeded', 'unknown'] as const) {
    const result = { outcome, reason: 'as it was', output: null };
    journalLog.entryAppended(sampleEntry({ type: 'action-ended', index: 1, instance: 'web-1', result }));
  }
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).level),
    ['debug', 'info'],
  );
});

test('at a terminal a line reads like a sentence, in colours', () => {
  const { log, lines } = recording({ format: 'auto', isTty: true });
  new JournalLog(log).entryAppended(sampleEntry(SAMPLE_BODIES['incident-ended']));
  assert.equal(
    lines[0],
    '\u001b[2m03:04:05\u001b[0m \u001b[36minfo \u001b[0m market-predictor: recovered: healthy for 10 s \u001b[2mincident=inc-1\u001b[0m\n',
  );
});

test('pretty without a terminal has no colours', () => {
  const { log, lines } = recording({ format: 'pretty' });
  log.warn({ path: '/a' }, 'careful');
  assert.equal(lines[0], '03:04:05 warn  careful path=/a\n');
});

test('pretty does not say again what the sentence says', () => {
  const { log, lines } = recording({ format: 'pretty' });
  log.info(
    { url: 'http://127.0.0.1:1', never: ['prometheus', 'alertmanager'], name: 'other-name' },
    'listening on http://127.0.0.1:1, never touched: prometheus, alertmanager',
  );
  assert.equal(
    lines[0],
    '03:04:05 info  listening on http://127.0.0.1:1, never touched: prometheus, alertmanager name=other-name\n',
  );
});

for (const format of ['json', 'pretty'] as const) {
  test(`text from outside cannot steer what shows a ${format} log`, () => {
    const { log, lines } = recording({ format });
    const hostile = 'a\u001b[2Jb\nfake line\u009b31m\u202ec\u2028d';
    log.info({ name: hostile, err: new Error(hostile) }, hostile);
    assert.equal(lines.length, 1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    assert.doesNotMatch(lines[0] ?? '', /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    assert.equal((lines[0] ?? '').indexOf('\n'), (lines[0] ?? '').length - 1);
    if (format === 'json') assert.equal(JSON.parse(lines[0] ?? '').name, hostile);
  });
}

test('the level that is asked for holds', () => {
  const { log, lines } = recording({ level: 'warn' });
  log.info('quiet');
  log.warn('loud');
  assert.equal(lines.length, 1);
});

test('the output writes everything before it closes', async () => {
  const module = new URL('../../src/telemetry/log.ts', import.meta.url).href;
  const program = `
    const { openOutput } = await import(${JSON.stringify(module)});
    const output = openOutput(1);
    for (let n = 0; n < 5_000; n += 1) output.write('line ' + n + '\\n');
    await output.close();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  assert.equal(stdout.split('\n').length, 5_001);
});
