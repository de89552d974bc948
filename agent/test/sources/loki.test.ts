// Against a server that answers as Loki's HTTP API is documented; Loki itself cannot be had where this is tested.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LogOptions } from '../../src/ports.ts';
import { Secret } from '../../src/secret.ts';
import { ServiceClient } from '../../src/serviceClient.ts';
import { LokiLogs } from '../../src/sources/loki.ts';
import { ManualClock, settle } from '../fakes/clock.ts';
import { BAD_DAYS, type ScriptedServer, sendJson, startScripted } from '../fakes/scriptedServer.ts';
import { sampleTarget } from '../fakes/target.ts';

const QUERY = '{compose_service="{{ service }}"}';

const TARGET = sampleTarget({
  name: 'shop',
  selector: { by: 'compose-service', service: 'web', project: null },
});

const OPTIONS: LogOptions = { lines: 200, since: null, maxBytes: 65_536 };

type Values = readonly (readonly [time: string, line: string, metadata?: object])[];

/** An answer in the documented form; of each stream the newest entry first, as `direction=backward` asks for. */
function streams(...result: readonly { readonly container: string; readonly values: Values }[]): object {
  return {
    status: 'success',
    data: {
      resultType: 'streams',
      result: result.map(({ container, values }) => ({ stream: { job: 'docker', container }, values })),
      stats: { summary: { bytesProcessedPerSecond: 1 } },
    },
  };
}

function ask(
  server: ScriptedServer,
  options: Partial<LogOptions> = {},
  clock = new ManualClock(),
): ReturnType<LokiLogs['logs']> {
  const source = new LokiLogs(new ServiceClient(server.url, null), QUERY, clock);
  return source.logs(TARGET, { ...OPTIONS, ...options }, AbortSignal.timeout(20_000));
}

async function answering(body: unknown): Promise<ScriptedServer> {
  return startScripted((_request, response) => sendJson(response, body));
}

describe('what is asked of Loki', () => {
  test('is one range of the last hour in nanoseconds, the newest lines first, for this service', async () => {
    await using server = await answering(streams({ container: 'web-1', values: [['1', 'a']] }));
    const clock = new ManualClock(Date.UTC(2026, 0, 1, 12));
    await ask(server, { lines: 50 }, clock);
    const [request] = server.requests;
    assert.equal(request?.url.pathname, '/loki/api/v1/query_range');
    assert.deepEqual(Object.fromEntries(request?.url.searchParams ?? []), {
      query: '{compose_service="web"}',
      start: '1767265200000000000',
      end: '1767268800001000000',
      limit: '50',
      direction: 'backward',
    });
    assert.equal(clock.sleeping, 0);
  });

  test('begins where the caller says', async () => {
    await using server = await answering(streams({ container: 'web-1', values: [['1', 'a']] }));
    await ask(server, { since: 1_000.5 });
    assert.equal(server.requests[0]?.url.searchParams.get('start'), '1001000000');
  });

  test('goes to the tenant, with the token', async () => {
    await using server = await answering(streams({ container: 'web-1', values: [['1', 'a']] }));
    const client = new ServiceClient(server.url, new Secret('t0ken', 'file'), {
      'x-scope-orgid': 'shop|ops',
    });
    await new LokiLogs(client, QUERY, new ManualClock()).logs(TARGET, OPTIONS, AbortSignal.timeout(5_000));
    const { authorization, 'x-scope-orgid': tenant } = server.requests[0]?.headers ?? {};
    assert.deepEqual([authorization, tenant], ['Bearer t0ken', 'shop|ops']);
  });

  test('names no tenant where none is configured', async () => {
    await using server = await answering(streams({ container: 'web-1', values: [['1', 'a']] }));
    await ask(server);
    assert.equal(server.requests[0]?.headers['x-scope-orgid'], undefined);
  });
});

describe('the lines of an answer', () => {
  test('are in the order of their times over all streams, each with its container', async () => {
    const first = {
      container: 'web-1',
      values: [
        ['1767268800000000003', 'third'],
        ['1767268800000000001', 'first'],
      ],
    } as const;
    const second = {
      container: 'web-2',
      values: [['1767268800000000002', 'second', { trace: 'x' }]],
    } as const;
    await using server = await answering(streams(first, second));
    assert.deepEqual(await ask(server), {
      text: 'web-1 | first\nweb-2 | second\nweb-1 | third',
      truncated: false,
      remarks: [],
    });
  });

  test('of one time stay as they were written, and one container needs no name', async () => {
    const values = [
      ['2', 'c'],
      ['1', 'b'],
      ['1', 'a'],
    ] as const;
    await using server = await answering(streams({ container: 'web-1', values }));
    assert.equal((await ask(server)).text, 'a\nb\nc');
  });

  test('show what a terminal would act on', async () => {
    const values = [['1', 'a\u001b[31m\tb\r\nc\n']] as const;
    await using server = await answering(streams({ container: 'web-1', values }));
    assert.equal((await ask(server)).text, 'a\\u001b[31m\tb\nc');
  });

  test('are cut at the oldest when they are too many bytes, and that is said', async () => {
    const values = Array.from(
      { length: 50 },
      (_, index) => [String(100 - index), `line ${99 - index}`] as const,
    );
    await using server = await answering(streams({ container: 'web-1', values }));
    assert.deepEqual(await ask(server, { maxBytes: 15 }), {
      text: 'line 98\nline 99',
      truncated: true,
      remarks: [],
    });
  });

  test('are kept in part where one alone is too long', async () => {
    await using server = await answering(streams({ container: 'web-1', values: [['1', 'ä'.repeat(100)]] }));
    assert.deepEqual(await ask(server, { maxBytes: 11 }), { text: 'äääää', truncated: true, remarks: [] });
  });

  test('are as many as were asked for, also when more come, and that there may be more is said', async () => {
    const values = [3, 2, 1].map((time) => [String(time), `line ${time}`] as const);
    await using server = await answering(streams({ container: 'web-1', values }));
    assert.deepEqual(await ask(server, { lines: 2 }), {
      text: 'line 2\nline 3',
      truncated: true,
      remarks: [],
    });
  });

  test('that may not be all come with Loki’s own words', async () => {
    const body = {
      ...streams({ container: 'web-1', values: [['1', 'a']] }),
      warnings: ['an ingester\nis away'],
    };
    await using server = await answering(body);
    assert.deepEqual((await ask(server)).remarks, ['an ingester\\u000ais away']);
  });
});

describe('Loki that has nothing to say is an error in words:', () => {
  test('no lines', async () => {
    await using server = await answering(streams());
    await assert.rejects(ask(server), { message: /Loki has no lines of \{compose_service="web"\}/ });
  });

  test('no lines, and a warning why', async () => {
    await using server = await answering({ ...streams(), warnings: ['the index is away'] });
    await assert.rejects(ask(server), { message: /no lines of .* \(the index is away\)/ });
  });

  const answers: Readonly<Record<string, readonly [number, string, RegExp]>> = {
    'a query that it cannot parse': [
      400,
      'parse error at line 1, col 17: syntax error: unexpected IDENTIFIER',
      /HTTP 400: parse error at line 1, col 17/,
    ],
    'no tenant': [401, 'no org id', /HTTP 401: no org id/],
    'too many questions': [429, 'too many outstanding requests', /HTTP 429: too many outstanding requests/],
    'a failure': [500, 'context deadline exceeded', /HTTP 500: context deadline exceeded/],
  };
  for (const [what, [status, body, words]] of Object.entries(answers)) {
    test(what, async () => {
      await using server = await startScripted((_request, response) => response.writeHead(status).end(body));
      await assert.rejects(ask(server), { code: 'SERVICE_FAILED', message: words });
      assert.equal(server.requests.length, 1);
    });
  }

  const garbage: Readonly<Record<string, unknown>> = {
    'a matrix': { status: 'success', data: { resultType: 'matrix', result: [] } },
    'an error with 200': { status: 'error', error: 'no' },
    'a time that is none': streams({ container: 'a', values: [['soon', 'x']] }),
    'a line that is none': {
      status: 'success',
      data: { resultType: 'streams', result: [{ stream: {}, values: [['1', 2]] }] },
    },
    null: null,
  };
  for (const [what, body] of Object.entries(garbage)) {
    test(what, async () => {
      await using server = await answering(body);
      await assert.rejects(ask(server), { code: 'SERVICE_FAILED', message: /not what was expected/ });
    });
  }

  for (const [what, { do: misbehave, words }] of Object.entries(BAD_DAYS)) {
    test(`it ${what}`, async () => {
      await using server = await startScripted((_request, response) => misbehave(response));
      const clock = new ManualClock();
      const asked = ask(server, {}, clock);
      const rejected = assert.rejects(asked, { code: 'SERVICE_FAILED', message: words });
      if (what.includes('never') || what.includes('stops')) await clock.advance(3_000);
      await rejected;
      assert.equal(clock.sleeping, 0);
    });
  }
});

test('a slow Loki ends the question after 3 s of its own', async () => {
  await using server = await startScripted(() => undefined);
  const clock = new ManualClock();
  let over = false;
  const asked = ask(server, {}, clock).finally(() => {
    over = true;
  });
  const rejected = assert.rejects(asked, { message: /no answer in time/ });
  await clock.advance(2_999);
  await settle();
  assert.equal(over, false);
  await clock.advance(1);
  await rejected;
});

test('an answer that is too large to be read is asked for once more with fewer lines', async () => {
  await using server = await startScripted(({ url }, response) => {
    const limit = Number(url.searchParams.get('limit'));
    const values = Array.from(
      { length: limit },
      (_, index) => [String(limit - index), 'x'.repeat(30_000)] as const,
    );
    sendJson(response, streams({ container: 'web-1', values }));
  });
  const { text, truncated } = await ask(server, { lines: 200 });
  assert.deepEqual(
    server.requests.map(({ url }) => url.searchParams.get('limit')),
    ['200', '20'],
  );
  assert.equal(truncated, true);
  assert.ok(Buffer.byteLength(text) <= OPTIONS.maxBytes && text.length > 30_000);
});
