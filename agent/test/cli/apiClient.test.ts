import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { deadUrl } from '../fakes/loopback.ts';
import { startScripted } from '../fakes/scriptedServer.ts';
import { openAgent } from './openAgent.ts';
import { runMpa } from './runMpa.ts';

test('an agent that does not run is said so, with what to do', async () => {
  const ran = await runMpa(['targets', '--url', await deadUrl()]);
  assert.equal(ran.exitCode, 1);
  assert.match(ran.err, /^mpa: The agent cannot be reached: http:\S+: .*ECONNREFUSED.*\. See that it runs/);
});

test('an agent that does not answer in time is said so', async () => {
  await using stranger = await startScripted(() => undefined);
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
  await using page = await startScripted((_request, response) => response.end('<html>'));
  assert.match((await runMpa(['targets', '--url', page.url])).err, /answers in another form/);
  await using proxy = await startScripted((_request, response) => response.writeHead(502).end('bad gateway'));
  assert.match(
    (await runMpa(['targets', '--url', proxy.url])).err,
    /answered 502; is it the agent’s address\?/,
  );
  await using redirect = await startScripted((_request, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  );
  assert.match((await runMpa(['targets', '--url', redirect.url])).err, /cannot be reached: .*redirect/);
  assert.match((await runMpa(['targets', '--url', 'ftp://x'])).err, /is no http or https address/);
});

test('a variable that is set and empty names no address and no token file', async () => {
  const told = await runMpa(['targets', '--timeout', '1ms'], { MPA_URL: '', MPA_TOKEN_FILE: '' });
  assert.match(told.err, /^mpa: The agent cannot be reached: http:\/\/127\.0\.0\.1:8787: /);
});
