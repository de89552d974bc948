import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EvidenceItem } from '../../src/core/evidence.ts';
import { HISTORY_MS, type History, NO_HISTORY, readHistory } from '../../src/report/history.ts';
import { REPORT_BYTES_MAX, reportOf } from '../../src/report/report.ts';
import { START_AT } from '../engine/given.ts';
import { SAMPLE_BODIES, sampleEntry } from '../fakes/entries.ts';
import { MemoryJournal } from '../fakes/memoryJournal.ts';
import { sampleSummary } from '../fakes/summary.ts';
import { anchorsIn, foreignIn, renderings } from './render.ts';
import { NOT_ANALYSED, OOM_ANALYSED, OOM_DIAGNOSIS, OOM_EVIDENCE } from './samples.ts';
import { STORIES, type Story, told } from './stories.ts';

const SECTIONS = [
  'In short',
  'Why it failed',
  'What was done',
  'What was refused or put off',
  'How it was verified',
  'Who was called',
  'So that it does not come back',
  'How often',
  'Time line',
  'Evidence',
];

function reportOn({ entries }: Story, history: History = NO_HISTORY): string {
  return reportOf(entries, history) ?? assert.fail('there is no report');
}

/** The lines under one of its headings. */
function sectionOf(report: string, title: string): string {
  return report.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
}

for (const [name, live] of Object.entries(STORIES)) {
  test(`the report of an incident that was ${name} has every section, is the same every time, and all its own`, async () => {
    const story = await live();
    const report = reportOn(story);
    assert.deepEqual(
      [...report.matchAll(/^## (.*)$/gm)].map(([, title]) => title),
      SECTIONS,
    );
    assert.equal(reportOn(story), report);
    for (const html of renderings(report)) assert.deepEqual(foreignIn(html), []);
    assert.doesNotMatch(report, /undefined|NaN|\[object/);
  });
}

const FIRST_LINES: { readonly [name in keyof typeof STORIES]: string } = {
  recovered: '# web: recovered after 10 s',
  escalated: '# web: a person is on it',
  suppressed: '# web: left alone after 0 ms',
  selfResolved: '# web: well again by itself after 10 s',
  approvalDenied: '# web: waits for a person',
  quarantined: '# web: waits for a person',
  protected: '# web: waits for a person',
  budgetSpent: '# web: waits for a person',
  unknownTarget: '# An unknown target: waits for a person',
};

test('the title says how it stands', async () => {
  for (const [name, live] of Object.entries(STORIES)) {
    // The keys of both are the same by their types.
    assert.equal(reportOn(await live()).split('\n')[0], FIRST_LINES[name as keyof typeof STORIES]);
  }
});

test('what was done, refused and said is told with its reason', async () => {
  const recovered = reportOn(await STORIES.recovered());
  assert.match(
    sectionOf(recovered, 'What was done'),
    /\*\*acted:\*\* `restart` of `web-1` succeeded after 0 ms/,
  );
  assert.match(
    sectionOf(recovered, 'How it was verified'),
    /\*\*proved\*\*: well for 10 s; every alert is over/,
  );
  const suppressed = reportOn(await STORIES.suppressed());
  assert.match(sectionOf(suppressed, 'What was done'), /check_logs/);
  assert.match(
    sectionOf(suppressed, 'What was refused or put off'),
    /\*\*refused\*\* by the guard `stopped`, before step 2: web-1 was stopped by a person/,
  );
  const denied = reportOn(await STORIES.approvalDenied());
  assert.match(
    sectionOf(denied, 'What was refused or put off'),
    /\*\*denied\*\* by ada: the database is moved/,
  );
  const spent = reportOn(await STORIES.budgetSpent());
  assert.match(sectionOf(spent, 'What was refused or put off'), /breaker opened/);
  assert.match(sectionOf(spent, 'So that it does not come back'), /The budget of `web` is spent/);
  const escalated = reportOn(await STORIES.escalated());
  assert.match(
    sectionOf(escalated, 'Who was called'),
    /delivered: call 1 over `people`, after 5 times in vain/,
  );
  assert.match(sectionOf(escalated, 'Who was called'), /ada: acknowledge, “I look at it”/);
});

test('a cause is told with a link to every line that it rests on, and the line is there', async () => {
  const story = told(await STORIES.recovered(), { items: OOM_EVIDENCE, diagnosis: OOM_DIAGNOSIS });
  const report = reportOn(story);
  const why = sectionOf(report, 'Why it failed');
  assert.match(why, /\*\*Almost certain \(95 %\):\*\* Node ran out of heap/);
  assert.match(why, /\[E2:42\]\(#e2-line-42\) `FATAL ERROR: Reached heap limit/);
  assert.match(report, /^> 42 │ FATAL ERROR: Reached heap limit Allocation failed/m);
  const anchors = anchorsIn(report);
  const links = [...report.matchAll(/\]\((#[^)]*)\)/g)].map(([, link]) => link ?? '');
  assert.ok(links.length >= 3);
  for (const link of links) assert.ok(anchors.has(link), `${link} leads nowhere`);
  assert.match(sectionOf(report, 'In short'), /\*\*What to do:\*\* Raise the memory limit/);
});

test('a cited line is shown from the middle of a long log, and the log is not', async () => {
  const lines = Array.from({ length: 900 }, (_, index) => `line ${index + 1}`);
  const log: EvidenceItem = {
    id: 'E1',
    kind: 'logs',
    instance: 'web-1',
    text: lines.join('\n'),
    truncated: true,
  };
  const [cause] = OOM_DIAGNOSIS.causes;
  assert.ok(cause !== undefined);
  const diagnosis = { causes: [{ ...cause, citations: ['E1:450', 'E1:9'] }], unusual: [] };
  const report = reportOn(told(await STORIES.recovered(), { items: [log], diagnosis }));
  assert.match(report, /^> 450 │ line 450$/m);
  assert.match(report, /^> {2}9 │ line 9$|^> 9 │ line 9$/m);
  assert.match(report, /│ line 900$/m);
  assert.doesNotMatch(report, /line 600\b/);
});

test('a citation of what does not exist is said so and leads nowhere', async () => {
  const [cause] = OOM_DIAGNOSIS.causes;
  assert.ok(cause !== undefined);
  const citations = ['E9:1', 'E2:4000', 'E2:0', '](http://evil.example)', '__proto__'];
  const diagnosis = { causes: [{ ...cause, citations }], unusual: [] };
  const report = reportOn(told(await STORIES.recovered(), { items: OOM_EVIDENCE, diagnosis }));
  assert.equal(report.match(/there is no such evidence/g)?.length, citations.length);
  for (const html of renderings(report)) assert.deepEqual(foreignIn(html), []);
});

test('what a model said is told beside the rules, with what was struck out; and that it said nothing', async () => {
  const story = await STORIES.recovered();
  const evidence = { items: OOM_EVIDENCE, diagnosis: OOM_DIAGNOSIS };
  const answered = sectionOf(reportOn(told(story, { ...evidence, more: OOM_ANALYSED })), 'Why it failed');
  assert.match(
    answered,
    /`openai\/some-model` answered after \d+ ms \(4430 tokens in 2 answers, 0\.0171 USD\)/,
  );
  assert.match(answered, /Struck out: 1 of its claims/);
  assert.match(answered, /It would look at: the growth of web’s memory/);
  const silent = sectionOf(reportOn(told(story, { ...evidence, more: NOT_ANALYSED })), 'Why it failed');
  assert.match(
    silent,
    /Nothing after \d+ ms \(`timeout`\): no answer within 10 s\. The rules decided alone\./,
  );
  assert.doesNotMatch(sectionOf(reportOn(told(story, evidence)), 'Why it failed'), /model/);
});

test('earlier incidents of the target are counted for 30 days, with those of the same cause and what was done', async () => {
  const journal = new MemoryJournal();
  const day = 86_400_000;
  const past = [
    ['inc-a', START_AT - day, 'web'],
    ['inc-b', START_AT - 2 * day, 'web'],
    ['inc-old', START_AT - HISTORY_MS - 1, 'web'],
    ['inc-other', START_AT - day, 'api'],
  ] as const;
  await journal.append(
    [
      sampleEntry({ type: 'diagnosed', diagnosis: OOM_DIAGNOSIS }, { incident: 'inc-a' }),
      sampleEntry({ type: 'diagnosed', diagnosis: { causes: [], unusual: [] } }, { incident: 'inc-b' }),
    ],
    past.map(([id, openedAt, target]) =>
      sampleSummary({
        id,
        openedAt,
        target,
        endedAt: openedAt + 60_000,
        outcome: 'recovered',
        phase: 'ended',
      }),
    ),
  );
  const summary = sampleSummary({ id: 'inc-1', target: 'web', openedAt: START_AT });
  await journal.append([], [summary]);
  const history = await readHistory(journal, summary);
  assert.deepEqual(
    history.past.map(({ summary: { id } }) => id),
    ['inc-a', 'inc-b'],
  );
  const story = told(await STORIES.recovered(), { items: OOM_EVIDENCE, diagnosis: OOM_DIAGNOSIS });
  const report = reportOn(story, history);
  assert.match(sectionOf(report, 'How often'), /In the 30 days before, `web` had 2 incidents: 2 recovered\./);
  assert.match(sectionOf(report, 'How often'), /The same cause was found in 1 of them/);
  assert.match(sectionOf(report, 'In short'), /\*\*Before:\*\* twice in 30 days, once with the same cause/);
  assert.match(sectionOf(report, 'So that it does not come back'), /The same cause was there once before/);
});

test('an earlier incident that a person was called for is not counted as repaired, nor what was tried then as its cure', async () => {
  const at = START_AT - 60_000;
  const earlier = (id: string, escalated: boolean) => ({
    summary: sampleSummary({
      id,
      openedAt: at,
      endedAt: at + 30_000,
      phase: 'ended',
      outcome: 'recovered',
      escalated,
    }),
    entries: [
      sampleEntry(SAMPLE_BODIES['mutation-started'], { incident: id }),
      sampleEntry(
        { type: 'verification-ended', verified: !escalated, reason: 'it was looked at' },
        { incident: id },
      ),
    ],
  });
  const story = await STORIES.recovered();
  const mended = [earlier('inc-a', false), earlier('inc-b', false)];
  const called = [earlier('inc-c', true), earlier('inc-d', true)];
  const told = reportOn(story, { past: [...mended, ...called], more: false });
  assert.match(sectionOf(told, 'How often'), /2 recovered, 2 recovered with a person called\./);
  assert.match(sectionOf(told, 'How often'), /`inc-a` recovered by `restart`, 30 s long/);
  assert.match(
    sectionOf(told, 'How often'),
    /`inc-c` recovered with a person called after `restart`, 30 s long/,
  );
  assert.match(sectionOf(told, 'So that it does not come back'), /It was repaired 3 times within a day/);
  const helped = reportOn(story, { past: called, more: false });
  assert.doesNotMatch(helped, /within a day/);
});

test('however much there is, a report keeps within its limit, and what is cited is in it', async () => {
  const story = await STORIES.budgetSpent();
  const wide = '日本語'.repeat(2_000);
  const items = Array.from({ length: 300 }, (_, index) => ({
    id: `E${index + 1}`,
    kind: 'logs' as const,
    instance: wide,
    text: Array.from({ length: 40 }, (_line, n) => `${n} ${wide}`).join('\n'),
    truncated: true,
  }));
  const [cause] = OOM_DIAGNOSIS.causes;
  assert.ok(cause !== undefined);
  const causes = Array.from({ length: 100 }, (_, index) => ({
    ...cause,
    id: wide,
    summary: wide,
    remedy: `${index}${wide}`,
    citations: Array.from({ length: 50 }, (_c, n) => `E${index * 3 + 1}:${n * 3 + 1}`),
  }));
  const unusual = Array.from({ length: 100 }, () => ({
    template: wide,
    kind: 'new' as const,
    count: 1,
    citation: 'E299:39',
  }));
  const flood = told(story, { items, diagnosis: { causes, unusual } });
  const entries = [
    ...flood.entries,
    ...Array.from({ length: 3_000 }, (_, index) =>
      sampleEntry(
        { type: 'person-said', command: 'acknowledge', who: wide, reason: `${index} ${wide}` },
        { at: START_AT + index },
      ),
    ),
  ];
  const report = reportOf(entries, NO_HISTORY) ?? '';
  const size = Buffer.byteLength(report);
  assert.ok(size <= REPORT_BYTES_MAX, `${size} bytes`);
  for (const cited of [/^> +1 │ 0 日本語/m, /^> 16 │ 15 日本語/m])
    assert.ok(cited.test(report), String(cited));
  for (const html of renderings(report)) assert.deepEqual(foreignIn(html), []);
});

test('entries that do not begin with an opening tell of no incident', () => {
  assert.equal(reportOf([], NO_HISTORY), null);
  assert.equal(reportOf([sampleEntry({ type: 'resumed' })], NO_HISTORY), null);
});
