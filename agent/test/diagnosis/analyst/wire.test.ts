// The whole analyst against a server that speaks OpenAI's protocol on loopback.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { AnalystSettings } from '../../../src/analystSettings.ts';
import { ModelAnalyst } from '../../../src/diagnosis/analyst/analyst.ts';
import { ModelHost } from '../../../src/diagnosis/analyst/modelHost.ts';
import { ManualClock } from '../../fakes/clock.ts';
import { eventually } from './eventually.ts';
import { json, ModelServer, openAi, openAiEvents, type Reply, status } from './modelServer.ts';
import { KEY, LOGS, question, REPORT, settings, Tools } from './scene.ts';

const report = (): Reply => openAi({ calls: [{ name: 'report', args: REPORT }] });
const calm = new AbortController().signal;

let server: ModelServer;
let clock: ManualClock;
let host: ModelHost;
const open = (changes: Partial<AnalystSettings> = {}) =>
  new ModelAnalyst(settings({ baseUrl: `${server.url}/v1`, rememberMs: 0, ...changes }), clock, host);

before(async () => {
  server = await ModelServer.start();
  clock = new ManualClock();
  host = new ModelHost(settings({ baseUrl: `${server.url}/v1` }), clock);
});
after(async () => {
  host.close();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  server.received.length = 0;
});
afterEach(() => {
  // A test that failed may have left a reply that waits.
  server.reply(status(500));
});

describe('what is sent', () => {
  it('goes to chat completions with the key, and to nowhere else', async () => {
    server.reply(report());
    const answered = await open().analyse(question(), new Tools(), calm);
    assert.equal(answered.ok, true);
    assert.deepEqual(
      server.received.map(({ path, headers }) => [path, headers.authorization]),
      [['/v1/chat/completions', `Bearer ${KEY}`]],
    );
  });

  it('bounds the answer, asks for usage, and offers reading tools and the report alone', async () => {
    server.reply(report());
    await open({ outputTokens: 777 }).analyse(question(), new Tools(), calm);
    const body = server.received[0]?.body ?? {};
    assert.equal(body['max_tokens'], 777);
    assert.equal(body['tool_choice'], 'required');
    assert.deepEqual(body['stream_options'], { include_usage: true });
    assert.deepEqual(toolNames(body), ['more_logs', 'promql', 'facts', 'history', 'report']);
  });

  it('offers nothing but the report in the last turn', async () => {
    server.reply(openAi({ calls: [{ name: 'facts', args: {} }] }), report());
    await open({ turns: 2 }).analyse(question(), new Tools(), calm);
    assert.deepEqual(server.received.map(({ body }) => toolNames(body)).at(-1), ['report']);
  });

  it('offers nothing but the report when what its server holds is nearly full', async () => {
    const tools = new Tools();
    tools.moreLogs = async () => ({ ...LOGS, id: 'E9', text: 'a line of a log\n'.repeat(2_000) });
    server.reply(openAi({ calls: [{ name: 'more_logs', args: { lines: 500, contains: null } }] }), report());
    const small = { evidenceTokens: 500, outputTokens: 200, toolCalls: 1 };
    await open(small).analyse(question(), tools, calm);
    assert.deepEqual(
      server.received.map(({ body }) => toolNames(body).length),
      [5, 1],
    );
  });

  it('holds no secret of the agent: the key goes in its header alone', async () => {
    server.reply(report());
    await open().analyse(question(), new Tools(), calm);
    assert.ok(server.received.every(({ text }) => !text.includes(KEY)));
  });
});

for (const stream of [true, false]) {
  describe(stream ? 'a streamed answer' : 'an answer in one piece', () => {
    it('becomes an analysis, with what it cost', async () => {
      server.reply(report());
      const answered = await open({ stream }).analyse(question(), new Tools(), calm);
      assert.equal(server.received[0]?.body['stream'], stream);
      assert.ok(answered.ok);
      assert.deepEqual(answered.analysis.causes[0]?.citations, ['E1:3', 'E2:2']);
      assert.deepEqual(answered.analysis.advice, {
        from: 'analyst',
        strategy: 'tell-someone',
        withhold: 'restarts',
        person: 'now',
        reason: 'A restart reads the same certificate again.',
      });
      assert.deepEqual(answered.usage, {
        inputTokens: 1_000,
        outputTokens: 100,
        turns: 1,
        costUsd: (1_000 * 3 + 100 * 15) / 1_000_000,
      });
    });

    it('may ask back, several questions at once', async () => {
      const tools = new Tools();
      const asked = [
        { name: 'more_logs', args: { lines: 5, contains: null } },
        { name: 'promql', args: { query: 'up' } },
        { name: 'history', args: {} },
      ];
      server.reply(openAi({ calls: asked }), report());
      const answered = await open({ stream }).analyse(question(), tools, calm);
      assert.equal(answered.ok, true);
      assert.deepEqual(tools.asked.toSorted(), ['history', 'logs 5 null', 'promql up']);
      const told = JSON.stringify(server.received[1]?.body['messages']);
      assert.match(told, /TLS handshake failed/);
      assert.match(told, /no Prometheus is configured/);
    });

    it('may cite what a tool showed', async () => {
      const [cause] = REPORT.causes;
      const citing = { ...REPORT, causes: [{ ...cause, citations: ['E9:2'] }] };
      server.reply(
        openAi({ calls: [{ name: 'more_logs', args: { lines: 5, contains: null } }] }),
        openAi({ calls: [{ name: 'report', args: citing }] }),
      );
      const answered = await open({ stream }).analyse(question(), new Tools(), calm);
      assert.deepEqual(answered.ok && answered.analysis.causes[0]?.citations, ['E9:2']);
    });

    for (const [what, reply, code, says] of [
      [
        'a refused key',
        status(401, `Incorrect API key provided: ${KEY}`),
        'unavailable',
        /401: .*\[secret\]/,
      ],
      ['too many requests', status(429, 'slow down'), 'rate-limited', /429.*slow down/],
      ['a server error', status(500, 'oops'), 'unavailable', /500.*oops/],
      ['an overloaded server', status(529, 'overloaded'), 'unavailable', /529/],
      ['a redirection', moved, 'unavailable', /302/],
      ['a page in place of an answer', page, 'malformed', /./],
      ['no JSON', garbage, 'malformed', /./],
      ['an answer without choices', empty, 'malformed', /./],
      ['a refusal', openAi({ refusal: 'I cannot help.', finish: 'stop' }), 'refused', /refused/],
      ['a content filter', openAi({ text: '', finish: 'content_filter' }), 'refused', /refused/],
      ['an answer that is too long', openAi({ text: 'The', finish: 'length' }), 'malformed', /cut off/],
      ['prose', openAi({ text: 'It is the certificate.' }), 'malformed', /no report/],
      ['broken arguments', openAi({ calls: [{ name: 'report', args: '{"causes": [' }] }), 'malformed', /./],
      ['a connection that ends without a word', hangUp, 'unavailable', /closed/],
    ] as const) {
      it(`that is ${what} is no analysis: ${code}`, async () => {
        server.reply(reply);
        const answered = await open({ stream }).analyse(question(), new Tools(), calm);
        assert.deepEqual([answered.ok, !answered.ok && answered.code], [false, code]);
        const reason = answered.ok ? '' : answered.reason;
        assert.match(reason, says);
        assert.ok(!reason.includes(KEY), reason);
      });
    }

    it('is asked for once: nothing below the agent tries again', async () => {
      for (const reply of [status(429), status(500), hangUp]) {
        server.received.length = 0;
        server.reply(reply);
        await open({ stream }).analyse(question(), new Tools(), calm);
        assert.equal(server.received.length, 1);
      }
    });

    it('that asks to be left alone is left alone for as long', async () => {
      server.reply(status(429, 'slow down', { 'retry-after': '30' }));
      const analyst = open({ stream });
      await analyst.analyse(question(), new Tools(), calm);
      const refused = await analyst.analyse(question(), new Tools(), calm);
      assert.equal(!refused.ok && refused.code, 'breaker-open');
      await clock.advance(30_000);
      server.reply(report());
      assert.equal((await analyst.analyse(question(), new Tools(), calm)).ok, true);
    });

    it('that was refused costs nothing; one that broke off may have', async () => {
      server.reply(status(429));
      const refused = await open({ stream }).analyse(question(), new Tools(), calm);
      assert.equal(refused.usage.inputTokens, 0);
      server.reply((_received, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': '1000' });
        // Once it has left, or there would be no answer at all.
        response.write('data: {', () => response.destroy());
      });
      const broken = await open({ stream }).analyse(question(), new Tools(), calm);
      assert.deepEqual([broken.ok, !broken.ok && broken.code], [false, 'unavailable']);
      assert.ok(broken.usage.inputTokens > 0);
    });

    it('that is huge is not read to its end', async () => {
      server.reply((_received, response) => {
        response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
        const piece = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'x'.repeat(65_536) } }] })}\n\n`;
        const more = () => {
          while (!response.destroyed && response.write(piece)) {}
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      });
      const answered = await open({ stream }).analyse(question(), new Tools(), calm);
      assert.match(answered.ok ? '' : answered.reason, /larger than 4 MiB/);
    });

    it('that does not come in time is given up at the deadline', async () => {
      server.reply(() => undefined);
      const answering = open({ stream, timeoutMs: 10_000 }).analyse(question(), new Tools(), calm);
      await eventually('the question', () => server.received.length === 1);
      await clock.advance(10_000);
      const answered = await answering;
      assert.deepEqual([answered.ok, !answered.ok && answered.code], [false, 'timeout']);
      // The question was sent, and is owed.
      assert.ok(answered.usage.inputTokens > 0);
    });

    it('goes no further once whoever asked calls it off', async () => {
      let gone = false;
      server.reply((_received, response) => void response.on('close', () => (gone = true)));
      const over = new AbortController();
      const answering = open({ stream }).analyse(question(), new Tools(), over.signal);
      await eventually('the question', () => server.received.length === 1);
      over.abort(new Error('enough'));
      assert.equal((await answering).ok, false);
      await eventually('the connection to be closed', () => gone);
    });
  });
}

describe('a stream', () => {
  const events = openAiEvents({ calls: [{ name: 'report', args: REPORT }] });

  it('that comes too slowly is given up at the deadline', async () => {
    server.reply((_received, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(events[0]);
    });
    const answering = open({ timeoutMs: 10_000 }).analyse(question(), new Tools(), calm);
    await eventually('the question', () => server.received.length === 1);
    await clock.advance(10_000);
    const answered = await answering;
    assert.deepEqual([answered.ok, !answered.ok && answered.code], [false, 'timeout']);
  });

  // The last but one says why the model stopped, the last one what it used.
  for (let sent = 0; sent < events.length - 1; sent += 1) {
    it(`that ends after ${sent} of its ${events.length} events is no report`, async () => {
      // The end of the stream without its last words, as a proxy that gives up makes it; the connection closes well.
      server.reply((_received, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(events.slice(0, sent).join(''));
      });
      const answered = await open().analyse(question(), new Tools(), calm);
      assert.equal(answered.ok, false);
    });
  }

  it('may come without usage; then it is estimated, and nothing is fetched in order to count', async () => {
    server.reply(openAi({ calls: [{ name: 'report', args: REPORT }], usage: null }));
    const answered = await open().analyse(question(), new Tools(), calm);
    assert.ok(answered.ok);
    assert.ok(
      answered.usage.inputTokens > 1_000 && answered.usage.outputTokens > 50,
      JSON.stringify(answered.usage),
    );
  });
});

function toolNames(body: Readonly<Record<string, unknown>>): readonly string[] {
  const tools = body['tools'];
  return Array.isArray(tools) ? tools.map((tool) => String(tool.function.name)) : [];
}

function moved(...[, response]: Parameters<Reply>): void {
  response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
}

function page(...[, response]: Parameters<Reply>): void {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>');
}

function garbage(...[, response]: Parameters<Reply>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"choices": [}\n\n');
}

function empty(...[, response]: Parameters<Reply>): void {
  json(response, 200, { id: 'c1', choices: [] });
}

function hangUp(...[, response]: Parameters<Reply>): void {
  response.destroy();
}
