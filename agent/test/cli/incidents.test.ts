import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLE_BODIES, sampleEntry } from '../fakes/entries.ts';
import { sampleSummary } from '../fakes/summary.ts';
import { openAgent } from './openAgent.ts';
import { runMpa } from './runMpa.ts';

test('incidents are listed as a table, and as JSON', async () => {
  await using agent = await openAgent();
  await agent.journal.append(
    [],
    [
      sampleSummary(),
      sampleSummary({ id: 'inc-0', openedAt: 0, outcome: 'recovered', endedAt: 1, target: null }),
    ],
  );
  const { out, exitCode } = await runMpa(['incidents'], agent.environment);
  assert.equal(exitCode, 0);
  assert.deepEqual(out.split('\n'), [
    'ID     OPENED (UTC)         TARGET            STATE      REASON',
    'inc-1  2026-11-23 19:10:00  market-predictor  verifying  alert ServiceDown firing',
    'inc-0  1970-01-01 00:00:00  (no target)       recovered  alert ServiceDown firing',
    '',
  ]);
  const json = await runMpa(['incidents', 'list', '--state', 'open', '--json'], agent.environment);
  assert.deepEqual(JSON.parse(json.out), [sampleSummary()]);
});

test('a list longer than one page is read to the limit that was asked for', async () => {
  await using agent = await openAgent();
  const summaries = Array.from({ length: 1_200 }, (_, n) => sampleSummary({ id: `i${n}`, openedAt: n }));
  await agent.journal.append([], summaries);
  const { out } = await runMpa(['incidents', 'list', '--limit', '1100', '--json'], agent.environment);
  const ids: string[] = JSON.parse(out).map(({ id }: { id: string }) => id);
  assert.equal(new Set(ids).size, 1_100);
});

test('an incident is told as a story, to its last page', async () => {
  await using agent = await openAgent();
  const entries = Array.from({ length: 1_500 }, () => sampleEntry(SAMPLE_BODIES.resumed));
  await agent.journal.append([...entries, sampleEntry(SAMPLE_BODIES['incident-ended'])], [sampleSummary()]);
  const { out } = await runMpa(['incidents', 'show', 'inc-1'], agent.environment);
  const lines = out.trimEnd().split('\n');
  assert.equal(lines[0], 'incident inc-1 of market-predictor: verifying');
  assert.equal(lines.length, 3 + 1_501);
  assert.equal(lines.at(-1), '2026-11-23 19:10:00  market-predictor: recovered: healthy for 10 s');
});

test('an unknown incident is one sentence with its remedy, and exit code 1', async () => {
  await using agent = await openAgent();
  const shown = await runMpa(['incidents', 'show', 'a b/c'], agent.environment);
  assert.equal(shown.exitCode, 1);
  assert.equal(shown.out, '');
  assert.equal(shown.err, 'mpa: No such incident: a b/c. See `mpa incidents list` for the ids.\n');
  const json = await runMpa(['incidents', 'show', 'nope', '--json'], agent.environment);
  assert.equal(JSON.parse(json.out).error.code, 'UNKNOWN_INCIDENT');
});

test('the report of an incident is printed as Markdown, and as JSON', async () => {
  await using agent = await openAgent();
  await agent.journal.append([sampleEntry(SAMPLE_BODIES['incident-opened'])], [sampleSummary()]);
  const ran = await runMpa(['incidents', 'show', 'inc-1', '--report'], agent.environment);
  assert.deepEqual([ran.exitCode, ran.err], [0, '']);
  assert.match(ran.out, /^# market-predictor: the agent is at work on it\n\n## In short\n/);
  const json = await runMpa(['incidents', 'show', 'inc-1', '--report', '--json'], agent.environment);
  assert.deepEqual(JSON.parse(json.out), { incident: 'inc-1', report: ran.out });
  const unknown = await runMpa(['incidents', 'show', 'nope', '--report'], agent.environment);
  assert.equal(unknown.exitCode, 1);
  assert.match(unknown.err, /No such incident/);
});

test('text of a journal cannot steer the terminal', async () => {
  await using agent = await openAgent();
  const summary = sampleSummary({ reason: 'x\u001b[2J\u202ey' });
  await agent.journal.append([], [summary]);
  const human = await runMpa(['incidents'], agent.environment);
  assert.match(human.out, /x\\u001b\[2J\\u202ey/);
  const json = await runMpa(['incidents', '--json'], agent.environment);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  assert.doesNotMatch(json.out, /[\u001b\u202e]/);
  assert.deepEqual(JSON.parse(json.out), [summary]);
});
