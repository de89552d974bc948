import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { createServer } from 'node:net';
import { it } from 'node:test';
import { DEFAULT_VERIFICATION } from '../../../src/core/settings.ts';
import type { Selector } from '../../../src/core/target.ts';
import { RuntimeError } from '../../../src/errors.ts';
import { NO_DISCOVERY } from '../../../src/runtimes/docker/discovery.ts';
import { DockerRuntime } from '../../../src/runtimes/docker/dockerRuntime.ts';
import { EngineClient } from '../../../src/runtimes/docker/engineClient.ts';
import { sampleTarget } from '../../fakes/target.ts';
import { FakeEngine, ID, inspectAnswer, json, web } from './fakeEngine.ts';

const options = { discovery: NO_DISCOVERY, context: { configured: [], verification: DEFAULT_VERIFICATION } };
const runtimeOn = (client: EngineClient) => new DockerRuntime(client, options);
const soon = () => AbortSignal.timeout(10_000);
const stop = { stopTimeoutMs: 1_000 };

const webTarget = sampleTarget();

/** The error that a call ends with. */
async function errorOf(call: Promise<unknown>): Promise<RuntimeError> {
  const error = await call.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RuntimeError, String(error));
  return error;
}

async function assertFails(call: Promise<unknown>, code: string, applied: string, words: RegExp) {
  const error = await errorOf(call);
  assert.deepEqual({ code: error.code, applied: error.applied }, { code, applied }, error.message);
  assert.match(error.message, words);
}

it('an absent socket is an unreachable runtime, and nothing was applied', async () => {
  const runtime = runtimeOn(new EngineClient({ kind: 'unix', path: '/nonexistent/docker.sock' }));
  const words = /unix:\/\/\/nonexistent\/docker\.sock.*ENOENT/;
  await assertFails(runtime.instances(webTarget, soon()), 'RUNTIME_UNREACHABLE', 'no', words);
  await assertFails(runtime.restart(web, stop, soon()), 'RUNTIME_UNREACHABLE', 'no', words);
});

it('a port that nobody listens on is an unreachable runtime, and nothing was applied', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  await new Promise((resolve) => server.close(resolve));
  const runtime = runtimeOn(
    new EngineClient({ kind: 'tcp', host: '127.0.0.1', port: address.port, tls: null }),
  );
  await assertFails(runtime.restart(web, stop, soon()), 'RUNTIME_UNREACHABLE', 'no', /ECONNREFUSED/);
});

it('a refused socket is reported with the group that would open it', async () => {
  await using engine = await FakeEngine.open(json(200, []));
  await chmod(engine.socketPath, 0o600);
  const asRoot = process.getuid?.() === 0;
  if (!asRoot) await chmod(engine.socketPath, 0o000);
  const group = process.getgid?.() ?? -1;
  // Root is refused nothing: for the length of the call this process is somebody else.
  if (asRoot) process.seteuid?.(65_534);
  try {
    const words = new RegExp(`group_add: \\["${group}"\\].*--group-add ${group}`);
    const call = runtimeOn(engine.client).restart(web, stop, soon());
    await assertFails(call, 'RUNTIME_FORBIDDEN', 'no', words);
  } finally {
    if (asRoot) process.seteuid?.(0);
  }
  assert.deepEqual(engine.requests, []);
});

it('what a proxy refuses is forbidden, and nothing was applied', async () => {
  await using engine = await FakeEngine.open((response) => {
    response.writeHead(403).end('<html><body><h1>403 Forbidden</h1>\nby rule.\n</body></html>');
  });
  const call = runtimeOn(engine.client).restart(web, stop, soon());
  await assertFails(call, 'RUNTIME_FORBIDDEN', 'no', /restart web: 403 403 Forbidden by rule\./);
});

it('an engine that answers 500 may have applied a restart, and its words are kept', async () => {
  await using engine = await FakeEngine.open(json(500, { message: 'driver failed\u001b[31m' }));
  const runtime = runtimeOn(engine.client);
  const words = /500 driver failed\\u001b\[31m/;
  await assertFails(runtime.restart(web, stop, soon()), 'RUNTIME_FAILED', 'maybe', words);
  await assertFails(runtime.instances(webTarget, soon()), 'RUNTIME_FAILED', 'no', words);
});

it('a restart that cannot start again may have stopped the container, though the answer is 404', async () => {
  await using engine = await FakeEngine.open(json(404, { message: 'network front not found' }));
  const call = runtimeOn(engine.client).restart(web, stop, soon());
  await assertFails(call, 'RUNTIME_FAILED', 'maybe', /network front not found/);
});

it('a container that is gone was not restarted', async () => {
  await using engine = await FakeEngine.open(json(404, { message: `No such container: ${ID}` }));
  await assertFails(runtimeOn(engine.client).restart(web, stop, soon()), 'RUNTIME_GONE', 'no', /No such/);
});

it('a slow engine is left at the deadline; a restart may have happened', async () => {
  await using engine = await FakeEngine.open(() => undefined);
  const runtime = runtimeOn(engine.client);
  const looking = runtime.instances(webTarget, AbortSignal.timeout(100));
  await assertFails(looking, 'RUNTIME_TIMEOUT', 'no', /no answer came/);
  const restarting = runtime.restart(web, stop, AbortSignal.timeout(100));
  await assertFails(restarting, 'RUNTIME_TIMEOUT', 'maybe', /no answer came/);
});

it('an answer whose body stands still is left at the deadline', async () => {
  await using engine = await FakeEngine.open((response) => void response.writeHead(200).write('{"Id":'));
  const call = runtimeOn(engine.client).instances(webTarget, AbortSignal.timeout(100));
  await assertFails(call, 'RUNTIME_TIMEOUT', 'no', /inspect web/);
});

it('a connection that drops after the request may have applied it', async () => {
  await using engine = await FakeEngine.open((response) => response.destroy());
  const runtime = runtimeOn(engine.client);
  await assertFails(runtime.restart(web, stop, soon()), 'RUNTIME_UNREACHABLE', 'maybe', /restart web/);
  await assertFails(runtime.start(web, soon()), 'RUNTIME_UNREACHABLE', 'maybe', /start web/);
  assert.equal(engine.requests.length, 2, 'nothing is repeated by itself');
});

it('an answer that breaks off ends at once', async () => {
  await using engine = await FakeEngine.open((response) => {
    response.writeHead(200, { 'content-length': 1_000 }).write('{"Id":', () => response.destroy());
  });
  const never = new AbortController();
  const call = runtimeOn(engine.client).instances(webTarget, never.signal);
  await assertFails(call, 'RUNTIME_UNREACHABLE', 'no', /inspect web/);
});

it('an answer that is no JSON, or not what was asked, is an error that says so', async () => {
  await using noise = await FakeEngine.open((response) => void response.writeHead(200).end('<html>'));
  const failed = runtimeOn(noise.client).instances(webTarget, soon());
  await assertFails(failed, 'RUNTIME_FAILED', 'no', /cannot be read/);
  const odd = { ...inspectAnswer(), State: { Status: 'confused' } };
  await using other = await FakeEngine.open(json(200, odd));
  const refused = runtimeOn(other.client).instances(webTarget, soon());
  await assertFails(refused, 'RUNTIME_FAILED', 'no', /State\.Status/);
});

it('an endless answer is cut off', async () => {
  await using engine = await FakeEngine.open((response) => {
    const spaces = Buffer.alloc(1024 * 1024, ' ');
    const more = () => void response.write(spaces, (error) => error ?? more());
    more();
  });
  const call = runtimeOn(engine.client).instances(webTarget, soon());
  await assertFails(call, 'RUNTIME_FAILED', 'no', /longer than/);
});

it('a start of what the restart policy holds back is not taken for a success', async () => {
  const held = inspectAnswer({ state: { Status: 'restarting', ExitCode: 1 } });
  await using engine = await FakeEngine.open((response, request) =>
    request.method === 'POST' ? void response.writeHead(304).end() : json(200, held)(response, request),
  );
  const call = runtimeOn(engine.client).start(web, soon());
  await assertFails(call, 'RUNTIME_FAILED', 'no', /nothing was started.*holds it back/);
});

it('the stop timeout is sent in whole seconds, never less than asked', async () => {
  await using engine = await FakeEngine.open((response) => void response.writeHead(204).end());
  await runtimeOn(engine.client).restart(web, { stopTimeoutMs: 1_200 }, soon());
  await runtimeOn(engine.client).restart(web, { stopTimeoutMs: 0 }, soon());
  assert.deepEqual(engine.requests, [
    `POST /containers/${ID}/restart?t=2`,
    `POST /containers/${ID}/restart?t=0`,
  ]);
});

it('a stop timeout that would wait for ever is never sent', async () => {
  await using engine = await FakeEngine.open((response) => void response.writeHead(204).end());
  await assert.rejects(runtimeOn(engine.client).restart(web, { stopTimeoutMs: -1 }, soon()), /not negative/);
  assert.deepEqual(engine.requests, []);
});

it('a selector that is empty, or would mean something wider, asks nothing', async () => {
  await using engine = await FakeEngine.open(json(200, []));
  const selectors: readonly Selector[] = [
    { by: 'container-name', name: '' },
    { by: 'container-name', name: '../containers' },
    { by: 'container-name', name: 'json?all=1' },
    { by: 'compose-service', service: '', project: null },
    { by: 'compose-service', service: 'web', project: '' },
    { by: 'label', label: '', value: 'x' },
    { by: 'label', label: 'tier', value: '' },
    { by: 'label', label: 'tier=', value: 'x' },
  ];
  for (const selector of selectors) {
    const call = runtimeOn(engine.client).instances(sampleTarget({ selector }), soon());
    await assertFails(call, 'RUNTIME_FAILED', 'no', /cannot be looked for/);
  }
  assert.deepEqual(engine.requests, []);
});

it('the beginning of an id is not taken for a name', async () => {
  await using engine = await FakeEngine.open(json(200, inspectAnswer()));
  const target = sampleTarget({ selector: { by: 'container-name', name: 'aaaa' } });
  assert.deepEqual(await runtimeOn(engine.client).instances(target, soon()), []);
});

it('a container that is removed between the list and the look is no instance', async () => {
  await using engine = await FakeEngine.open((response, request) =>
    request.url?.startsWith('/containers/json') === true
      ? json(200, [{ Id: ID, Names: ['/web'], Labels: {}, State: 'running' }])(response, request)
      : json(404, { message: `No such container: ${ID}` })(response, request),
  );
  const target = sampleTarget({ selector: { by: 'compose-service', service: 'web', project: 'shop' } });
  assert.deepEqual(await runtimeOn(engine.client).instances(target, soon()), []);
  const filters = encodeURIComponent(
    JSON.stringify({
      label: ['com.docker.compose.service=web', 'com.docker.compose.project=shop'],
    }),
  );
  assert.equal(engine.requests[0], `GET /containers/json?all=true&filters=${filters}`);
});

it('evidence names the piece that cannot be had, and keeps the others', async () => {
  await using engine = await FakeEngine.open((response, request) => {
    const url = request.url ?? '';
    if (url.includes('/logs'))
      json(501, { message: 'the logging driver does not support reading' })(response, request);
    else if (url.includes('/stats')) response.destroy();
    else json(200, inspectAnswer())(response, request);
  });
  const kinds: string[] = [];
  const { missing } = await runtimeOn(engine.client).evidence(
    web,
    ({ kind }) => void kinds.push(kind),
    soon(),
    null,
  );
  assert.deepEqual(kinds, ['inspect']);
  assert.equal(missing.length, 2);
  assert.match(missing.join('\n'), /logs of web: .*does not support reading/);
  assert.match(missing.join('\n'), /stats of web: /);
});
