import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Problem } from '../../src/problems.ts';
import { type HttpSourceOptions, httpSource } from '../../src/sources/http.ts';

async function provider(
  answer: RequestListener,
): Promise<AsyncDisposable & { url: string; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens at a host and port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function fetchFrom(url: string, options: Partial<HttpSourceOptions> = {}) {
  const source = httpSource({ url, format: 'csv', timeoutMs: 2000, retries: 0, retryDelayMs: 1, ...options });
  return source.fetch('BRK.B', new AbortController().signal);
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => assert.fail('it should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Problem, String(error));
  return error;
}

const CSV = 'Date,Open,High,Low,Close,Volume\n2020-01-02,1,2,0.5,1.5,9\n2020-01-03,1.5,2,1,1,8\n';

test('CSV is read by its usual column names, the symbol filled into the address', async () => {
  await using server = await provider((_, response) => response.end(CSV));
  const rows = await fetchFrom(`${server.url}/bars/{symbol}.csv`);
  assert.deepEqual(server.requests, ['/bars/BRK.B.csv']);
  assert.deepEqual(rows[0], {
    time: '2020-01-02',
    open: '1',
    high: '2',
    low: '0.5',
    close: '1.5',
    volume: '9',
  });
});

test('JSON is read at its path by a mapping of columns', async () => {
  const body = { data: { bars: [{ t: 1_577_923_200, first: 1, h: 2, l: 0.5, c: 1.5 }] } };
  await using server = await provider((_, response) => response.end(JSON.stringify(body)));
  const rows = await fetchFrom(server.url, {
    format: 'json',
    rowsAt: 'data.bars',
    columns: { open: 'first' },
  });
  assert.deepEqual(rows, [{ time: 1_577_923_200, open: 1, high: 2, low: 0.5, close: 1.5, volume: 0 }]);
});

test('what may pass is tried again: two 500s, then the bars', async () => {
  await using server = await provider((_, response) => {
    response.statusCode = server.requests.length <= 2 ? 500 : 200;
    response.end(CSV);
  });
  assert.equal((await fetchFrom(server.url, { retries: 2 })).length, 2);
  assert.equal(server.requests.length, 3);
});

test('what will not pass is not tried again: 404', async () => {
  await using server = await provider((_, response) => {
    response.statusCode = 404;
    response.end();
  });
  const problem = await problemOf(fetchFrom(server.url, { retries: 3 }));
  assert.equal(problem.code, 'source-unreachable');
  assert.match(problem.message, /status 404/);
  assert.equal(server.requests.length, 1);
});

test('a provider that hangs is given up at the deadline of each attempt', async () => {
  await using server = await provider(() => {});
  const problem = await problemOf(fetchFrom(server.url, { timeoutMs: 60, retries: 1 }));
  assert.equal(problem.code, 'source-timeout');
  assert.match(problem.message, /within 60 ms \(after 2 attempts\)/);
});

test('a provider that begins to answer and then hangs is given up too', async () => {
  await using server = await provider((_, response) => response.write('Date,Open'));
  assert.equal((await problemOf(fetchFrom(server.url, { timeoutMs: 60 }))).code, 'source-timeout');
});

test('a provider that is not there is unreachable', async () => {
  const url = await (async () => {
    await using server = await provider(() => {});
    return server.url;
  })();
  assert.equal((await problemOf(fetchFrom(url))).code, 'source-unreachable');
});

test('garbage is told as such, with what it is', async () => {
  const cases: [string, Partial<HttpSourceOptions>, RegExp][] = [
    ['<html>Sign in</html>\n<p>', {}, /no column for "time"/],
    ['', {}, /no rows/],
    ['"unclosed', {}, /not CSV/],
    ['<html>', { format: 'json' }, /not JSON; it begins "<html>"/],
    ['{"error":"limit"}', { format: 'json' }, /no list at the top/],
    ['[1,2]', { format: 'json' }, /no objects/],
    ['[{"t":1}]', { format: 'json' }, /no column for "open"/],
  ];
  for (const [body, options, expected] of cases) {
    await using server = await provider((_, response) => response.end(body));
    const problem = await problemOf(fetchFrom(server.url, options));
    assert.equal(problem.code, 'source-garbage', body);
    assert.match(problem.message, expected);
  }
});

test('an answer without end is cut off', async () => {
  await using server = await provider((_, response) => {
    const megabyte = 'x'.repeat(1024 * 1024);
    const more = (): void => {
      if (response.destroyed) return;
      response.write(megabyte, () => setImmediate(more));
    };
    more();
  });
  const problem = await problemOf(fetchFrom(server.url, { timeoutMs: 20_000 }));
  assert.match(problem.message, /larger than/);
});

test('the description shows no secret of the address', () => {
  const { description } = httpSource({
    url: 'https://user:pass@example.org/{symbol}?key=secret',
    format: 'csv',
    timeoutMs: 1,
    retries: 0,
    retryDelayMs: 1,
  });
  assert.doesNotMatch(description, /pass|secret/);
});
