import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { describe, it } from 'node:test';
import { health } from '../../src/cli/health.ts';
import { deadUrl, onLoopback } from '../fakes/loopback.ts';
import { runMpa } from './runMpa.ts';

/** Runs what is given against a server on loopback. */
async function against<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  await using server = await onLoopback(createServer(listener));
  return await use(server.url);
}

describe('mpa health', () => {
  it('is 0 when the loop turns, and asks nothing but that', async () => {
    const asked: string[] = [];
    const ran = await against(
      (request, response) => {
        asked.push(`${request.method} ${request.url}`);
        response.end('{"ok":true,"reason":"the loop turns"}');
      },
      (url) => runMpa(['health'], { MPA_URL: url }),
    );
    assert.deepEqual(ran, { out: 'healthy\n', err: '', exitCode: 0 });
    assert.deepEqual(asked, ['GET /-/healthy']);
  });

  it('is 1 with the agent’s own words when it is not healthy', async () => {
    const ran = await against(
      (_request, response) => response.writeHead(503).end('{"ok":false,"reason":"it hangs"}'),
      (url) => runMpa(['health', '--url', url]),
    );
    assert.equal(ran.exitCode, 1);
    assert.match(ran.err, /answered 503: .*it hangs/);
  });

  it('shows the words of whoever answers there, and lets them steer no terminal', async () => {
    const ran = await against(
      (_request, response) => response.writeHead(503).end('\u009b2J\u202e\u001b[31m'),
      (url) => runMpa(['health', '--url', url]),
    );
    assert.match(ran.err, /answered 503: "\\u009b2J\\u202e\\u001b\[31m"\n$/);
  });

  it('is 1 when nobody listens, and says where', async () => {
    const gone = await deadUrl();
    const ran = await runMpa(['health', '--url', gone]);
    assert.equal(ran.exitCode, 1);
    assert.match(ran.err, new RegExp(`${gone}: .*ECONNREFUSED`));
  });

  it('is 1 when the answer does not come in time', async () => {
    let err = '';
    const io = { stdout: { write: () => true }, stderr: { write: (text: string) => (err += text) } };
    const code = await against(
      () => undefined, // Never answers.
      (url) => health(url, 50, { ...io, environment: {} }),
    );
    assert.equal(code, 1);
    assert.match(err, /no answer within 0.05 s/);
  });

  it('is 1 for a redirection: somebody else’s health is not ours', async () => {
    const ran = await against(
      (request, response) =>
        request.url === '/-/healthy'
          ? response.writeHead(302, { location: '/login' }).end()
          : response.end('welcome'),
      (url) => runMpa(['health', '--url', url]),
    );
    assert.equal(ran.exitCode, 1);
  });

  it('is 1 for an address that is none', async () => {
    assert.equal((await runMpa(['health', '--url', 'nonsense'])).exitCode, 1);
  });
});
