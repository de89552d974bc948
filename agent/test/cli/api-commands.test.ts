import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { MpaError } from '../../src/errors.ts';
import { SAMPLE_BODIES, sampleEntry } from '../fakes/entries.ts';
import { sampleSummary } from '../fakes/summary.ts';
import { sampleStatus } from '../fakes/targetStatus.ts';
import { openAgent } from './openAgent.ts';
import { runMpa } from './runMpa.ts';

/** Something that answers, and is no agent. */
async function openStranger(answer: RequestListener) {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server's address is never null nor a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}

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

for (const [typed, meant] of [
  [['incidents', 'mwu-1'], 'mpa incidents show mwu-1'],
  [['incidents', 'list', 'mwu-1'], 'mpa incidents show mwu-1'],
  [['maintenance', 'web'], 'mpa maintenance start TARGET --for 30m --reason TEXT'],
  [['breaker', 'web'], 'mpa breaker reset web --reason TEXT'],
  [['mode', 'observe'], 'mpa mode set off|observe|approve|auto --target NAME --reason TEXT'],
] as const) {
  test(`who types mpa ${typed.join(' ')} is told what to type`, async () => {
    await using agent = await openAgent();
    const { err, out, exitCode } = await runMpa(typed, agent.environment);
    assert.deepEqual([out, exitCode], ['', 1]);
    const [group, ...words] = typed;
    assert.match(err, new RegExp(`^error: \`mpa ${group}\` has no command '${words.at(-1)}'; to \\w+ \\w+`));
    assert.ok(err.includes(`: ${meant}\n`), err);
  });
}

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

test('a recovery is asked for in the name of the account, or of who is named', async () => {
  await using agent = await openAgent();
  agent.control.statuses = [sampleStatus()];
  const { out, exitCode } = await runMpa(
    ['recover', 'market-predictor', '--reason', 'slow'],
    agent.environment,
  );
  assert.equal(exitCode, 0);
  assert.match(out, /mpa incidents show inc-1/);
  await runMpa(['recover', 'market-predictor', '--reason', 'x', '--who', 'eve'], agent.environment);
  assert.deepEqual(
    agent.control.recoveries.map(({ who, reason }) => [who, reason]),
    [
      ['ada', 'slow'],
      ['eve', 'x'],
    ],
  );
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

for (const word of ['acknowledge', 'close', 'approve', 'deny']) {
  test(`mpa ${word} says so to the incident`, async () => {
    await using agent = await openAgent();
    const ran = await runMpa([word, 'inc-7', '--reason', 'because'], agent.environment);
    assert.deepEqual([ran.exitCode, ran.err], [0, '']);
    assert.deepEqual(agent.control.commands, [
      { incident: 'inc-7', command: word, who: 'ada', reason: 'because' },
    ]);
  });
}

test('to approve and to take an incident needs no reason; the other words do, and an empty one is none', async () => {
  await using agent = await openAgent();
  for (const word of ['approve', 'acknowledge']) {
    const ran = await runMpa([word, 'inc-7'], agent.environment);
    assert.deepEqual([ran.exitCode, ran.err], [0, '']);
  }
  assert.deepEqual(
    agent.control.commands.map(({ reason }) => reason),
    ['approved', 'acknowledged'],
  );
  const denied = await runMpa(['deny', 'inc-7'], agent.environment);
  assert.match(denied.err, /required option '--reason <text>'/);
  const empty = await runMpa(['close', 'inc-7', '--reason', ' '], agent.environment);
  assert.match(empty.err, /Say why in a few words/);
  assert.equal(agent.control.commands.length, 2);
});

test('a word that does not fit now is said so', async () => {
  await using agent = await openAgent();
  agent.control.failure = new MpaError('NOT_POSSIBLE', 'nothing waits for approval');
  const ran = await runMpa(['approve', 'inc-7', '--reason', 'ok'], agent.environment);
  assert.equal(ran.exitCode, 1);
  assert.match(ran.err, /^mpa: That is not possible now: nothing waits for approval\. /);
});

test('targets and a reload', async () => {
  await using agent = await openAgent();
  agent.control.statuses = [sampleStatus()];
  const targets = await runMpa(['targets'], agent.environment);
  assert.match(
    targets.out,
    /^market-predictor {2}unwell {2}13 ms {4}auto {2}- {11}inc-1 {5}connection refused$/m,
  );
  const reload = await runMpa(['reload'], agent.environment);
  assert.equal(reload.out, 'version s2 of the configuration is in force\n');
});

test('targets are shown with the mode in force, and why they are left alone', async () => {
  await using agent = await openAgent();
  const status = sampleStatus('web');
  agent.control.statuses = [
    { ...status, mode: 'observe', held: 'stopped' },
    { ...status, maintenance: { until: 1_000, reason: 'upgrade' } },
  ];
  const { out } = await runMpa(['targets'], agent.environment);
  assert.match(out, /^web .* observe {2}stopped by a person {20}inc-1/m);
  assert.match(out, /^web .* auto {5}maintenance until 1970-01-01 00:00:01 {2}inc-1/m);
});

test('an agent that does not run is said so, with what to do', async () => {
  let url = '';
  {
    await using stranger = await openStranger(() => {});
    url = stranger.url;
  }
  const ran = await runMpa(['targets', '--url', url]);
  assert.equal(ran.exitCode, 1);
  assert.match(ran.err, /^mpa: The agent cannot be reached: http:\S+: .*ECONNREFUSED.*\. See that it runs/);
});

test('an agent that does not answer in time is said so', async () => {
  await using stranger = await openStranger(() => {});
  const ran = await runMpa(['targets', '--url', stranger.url, '--timeout', '50ms']);
  assert.match(ran.err, /no answer within 0\.05 s/);
});

test('a missing and a wrong token are told apart, and the token is never shown', async () => {
  await using agent = await openAgent();
  const url = agent.environment.MPA_URL;
  const missing = await runMpa(['targets', '--url', url]);
  assert.match(missing.err, /it wants one; name its file by `--token-file`/);
  const file = join(agent.folder, 'wrong');
  await writeFile(file, 'wrong-token');
  const wrong = await runMpa(['targets', '--url', url, '--token-file', file]);
  assert.match(wrong.err, /it does not take the one in \S+wrong\b/);
  assert.doesNotMatch(wrong.err, /wrong-token/);
});

test('a token file that cannot be used is said so before anything is sent', async () => {
  await using agent = await openAgent();
  const ran = await runMpa(['targets', '--token-file', join(agent.folder, 'missing')], agent.environment);
  assert.match(ran.err, /^mpa: A token file cannot be used: /);
  assert.deepEqual(agent.answered, []);
});

test('what is no agent is said so: another page, a proxy’s error, a redirect, no address', async () => {
  await using page = await openStranger((_, response) => response.end('<html>'));
  assert.match((await runMpa(['targets', '--url', page.url])).err, /answers in another form/);
  await using proxy = await openStranger((_, response) => response.writeHead(502).end('bad gateway'));
  assert.match(
    (await runMpa(['targets', '--url', proxy.url])).err,
    /answered 502; is it the agent’s address\?/,
  );
  await using redirect = await openStranger((_, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  );
  assert.match((await runMpa(['targets', '--url', redirect.url])).err, /cannot be reached: .*redirect/);
  assert.match((await runMpa(['targets', '--url', 'ftp://x'])).err, /is no http or https address/);
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

test('maintenance is started, listed and ended', async () => {
  await using agent = await openAgent();
  const start = ['maintenance', 'start', 'web', '--for', '30m', '--reason', 'upgrade'];
  const started = await runMpa(start, agent.environment);
  assert.match(started.out, /^maintenance (m-\S+) of web until 2026-01-01 00:30:00 UTC\n$/);
  const id = started.out.split(' ')[1] ?? '';
  agent.control.inForce = {
    ...agent.control.inForce,
    maintenance: [{ id, target: 'web', until: 0, who: 'ada', reason: 'upgrade' }],
    recurring: [{ targets: [], until: 1_000, reason: 'backups' }],
  };
  const listed = await runMpa(['maintenance'], agent.environment);
  assert.match(listed.out, new RegExp(`^${id} +web +1970`, 'm'));
  assert.match(listed.out, /^- +\(all\) +1970-01-01 00:00:01 +\(configuration\) +backups$/m);
  await runMpa(['maintenance', 'end', id, '--reason', 'done'], agent.environment);
  assert.deepEqual(
    agent.control.set.map(({ control, who }) => [control.kind, who]),
    [
      ['maintenance-start', 'ada'],
      ['maintenance-end', 'ada'],
    ],
  );
});

test('everything is never meant by leaving out a name', async () => {
  await using agent = await openAgent();
  for (const args of [
    ['maintenance', 'start', '--for', '30m', '--reason', 'x'],
    ['maintenance', 'start', 'web', '--all', '--for', '30m', '--reason', 'x'],
    ['mode', 'set', 'off', '--reason', 'x'],
    ['mode', 'clear', '--reason', 'x'],
    ['mode', 'set', 'off', '--target', 'web', '--all', '--reason', 'x'],
    ['mode', 'set', 'wild', '--all', '--reason', 'x'],
    ['maintenance', 'start', '--all', '--for', '30', '--reason', 'x'],
    ['breaker', 'reset', 'web'],
  ]) {
    const ran = await runMpa(args, agent.environment);
    assert.equal(ran.exitCode, 1, args.join(' '));
    assert.match(ran.err, /^error: /);
  }
  assert.deepEqual(agent.control.set, []);
});

test('a mode is set and taken back, and a breaker reset', async () => {
  await using agent = await openAgent();
  await runMpa(['mode', 'set', 'observe', '--all', '--reason', 'x'], agent.environment);
  await runMpa(['mode', 'clear', '--target', 'web', '--reason', 'x'], agent.environment);
  await runMpa(['breaker', 'reset', 'web', '--reason', 'x'], agent.environment);
  assert.deepEqual(
    agent.control.set.map(({ control }) => control),
    [
      { kind: 'mode', target: null, mode: 'observe' },
      { kind: 'mode', target: 'web', mode: null },
      { kind: 'breaker-reset', target: 'web' },
    ],
  );
});

test('who sets `auto` is told that a stricter configuration stands over it', async () => {
  await using agent = await openAgent();
  const set = (mode: string) => runMpa(['mode', 'set', mode, '--all', '--reason', 'x'], agent.environment);
  assert.equal(
    (await set('auto')).out,
    'mode of every target: auto, where the configuration is no stricter\n',
  );
  assert.equal((await set('observe')).out, 'mode of every target: observe\n');
});

test('modes that people set are shown', async () => {
  await using agent = await openAgent();
  assert.match((await runMpa(['mode'], agent.environment)).out, /^no mode is set/);
  agent.control.inForce = {
    ...agent.control.inForce,
    modes: [
      { target: null, mode: 'observe' },
      { target: 'web', mode: 'off' },
    ],
  };
  const shown = await runMpa(['mode', 'show'], agent.environment);
  assert.equal(shown.out, 'TARGET  MODE\n(all)   observe\nweb     off\n');
});

test('open breakers and what waits for approval are listed', async () => {
  await using agent = await openAgent();
  assert.equal((await runMpa(['breaker'], agent.environment)).out, 'no breaker is open\n');
  assert.equal((await runMpa(['approvals'], agent.environment)).out, 'nothing waits for approval\n');
  agent.control.inForce = {
    ...agent.control.inForce,
    breakers: [{ target: 'web', until: 0, reason: '3 in 10 min' }],
  };
  agent.control.waiting = [{ incident: 'inc-1', target: 'web', until: 0, reason: 'mode approve' }];
  assert.match(
    (await runMpa(['breaker'], agent.environment)).out,
    /^web +1970-01-01 00:00:00 +3 in 10 min$/m,
  );
  assert.match((await runMpa(['approvals'], agent.environment)).out, /^inc-1 +web +1970.* mode approve$/m);
});

test('the looks of the past are asked for where a program reads the targets, and not for a table', async () => {
  const asked: string[] = [];
  await using agent = await openStranger((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end('{"targets":[]}');
  });
  await runMpa(['targets', '--url', agent.url]);
  await runMpa(['targets', '--json', '--url', agent.url]);
  assert.deepEqual(asked, ['/api/v1/targets?course=false', '/api/v1/targets?course=true']);
});
