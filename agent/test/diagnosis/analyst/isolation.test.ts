// The process that holds the library: what it can reach, what it sees, and that it never holds anything up.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { describe, it } from 'node:test';
import { ModelAnalyst } from '../../../src/diagnosis/analyst/analyst.ts';
import { ModelHost } from '../../../src/diagnosis/analyst/modelHost.ts';
import { launchOptions } from '../../../src/diagnosis/analyst/modelLaunch.ts';
import { ManualClock } from '../../fakes/clock.ts';
import { eventually } from './eventually.ts';
import { ModelServer, openAi } from './modelServer.ts';
import { KEY, question, REPORT, settings, Tools } from './scene.ts';

const calm = new AbortController().signal;
const report = openAi({ calls: [{ name: 'report', args: REPORT }] });
const PARENT = new URL('./isolationParent.ts', import.meta.url);
const PROBE = new URL('./isolationProbe.ts', import.meta.url);

/** One that has ended, and whose new parent has not asked for its end, is a zombie where there is a /proc to say so. */
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    const stat = existsSync('/proc/self/stat') ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
};

describe('the library’s process', () => {
  it('has no network, no files of ours, no programs, no threads, and none of the agent’s environment', async () => {
    await using server = await ModelServer.start(report);
    const options = launchOptions({
      OPENAI_API_KEY: KEY,
      LANGSMITH_TRACING: 'true',
      LANGSMITH_API_KEY: KEY,
      LANGSMITH_ENDPOINT: 'http://127.0.0.1:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NODE_OPTIONS: '--no-warnings',
    });
    // The probe is a file of the tests: it may read itself, besides what the process may read anyway.
    const execArgv = [...(options.execArgv ?? []), `--allow-fs-read=${PROBE.pathname}`];
    const child = fork(PROBE, [server.url], { ...options, execArgv });
    try {
      const [found] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
      assert.equal(server.received.length, 0);
      assert.deepEqual(found, {
        fetch: 'failed',
        socket: 'refused',
        dns: 'refused',
        read: 'refused',
        write: 'refused',
        program: 'refused',
        thread: 'refused',
        environment: {
          NODE_ENV: 'production',
          LANGSMITH_TRACING: 'false',
          LANGSMITH_TRACING_V2: 'false',
          LANGCHAIN_TRACING: 'false',
          LANGCHAIN_TRACING_V2: 'false',
          LANGCHAIN_CALLBACKS_BACKGROUND: 'false',
        },
      });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('does not exist before the first question, and ends when nobody asked for a while', async () => {
    await using server = await ModelServer.start(report);
    const clock = new ManualClock();
    const own = settings({ baseUrl: server.url, rememberMs: 0 });
    const host = new ModelHost(own, clock);
    const analyst = new ModelAnalyst(own, clock, host);
    assert.equal(host.pid, undefined);
    assert.equal((await analyst.analyse(question(), new Tools(), calm)).ok, true);
    const { pid } = host;
    assert.ok(pid !== undefined && isAlive(pid));
    await clock.advance(50_000);
    assert.equal((await analyst.analyse(question(), new Tools(), calm)).ok, true);
    assert.equal(host.pid, pid);
    await clock.advance(50_000);
    assert.ok(isAlive(pid));
    await clock.advance(10_000);
    await eventually('the process to end', () => host.pid === undefined);
    assert.equal((await analyst.analyse(question(), new Tools(), calm)).ok, true);
    host.close();
    await eventually('the process to end', () => host.pid === undefined);
  });

  it('that hangs is given up at the deadline, and killed', async (test) => {
    await using server = await ModelServer.start(() => undefined);
    const clock = new ManualClock();
    const own = settings({ baseUrl: server.url, timeoutMs: 10_000 });
    const host = new ModelHost(own, clock);
    // Stopped, it would outlive a test that fails.
    test.after(() => host.close());
    const answering = new ModelAnalyst(own, clock, host).analyse(question(), new Tools(), calm);
    await eventually('the question', () => server.received.length === 1);
    const { pid } = host;
    assert.ok(pid !== undefined);
    // It hears nothing any more: as if its loop were blocked.
    process.kill(pid, 'SIGSTOP');
    await clock.advance(10_000);
    const answered = await answering;
    assert.deepEqual([answered.ok, !answered.ok && answered.code], [false, 'timeout']);
    await clock.advance(1_000);
    await eventually('the process to be killed', () => host.pid === undefined);
  });

  it('that dies ends its conversations, and the next question starts another', async () => {
    await using server = await ModelServer.start(() => undefined);
    const clock = new ManualClock();
    const own = settings({ baseUrl: server.url });
    const host = new ModelHost(own, clock);
    const analyst = new ModelAnalyst(own, clock, host);
    const both = Promise.all([
      analyst.analyse(question(), new Tools(), calm),
      analyst.analyse(question({ target: 'other' }), new Tools(), calm),
    ]);
    await eventually('both questions', () => server.received.length === 2);
    const { pid } = host;
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    for (const answered of await both) {
      assert.deepEqual([answered.ok, !answered.ok && answered.code], [false, 'unavailable']);
      assert.match(answered.ok ? '' : answered.reason, /its process ended \(SIGKILL\)/);
    }
    server.reply(report);
    assert.equal((await analyst.analyse(question(), new Tools(), calm)).ok, true);
    host.close();
  });

  it('ends with the agent, however that ends', async (test) => {
    await using server = await ModelServer.start(() => undefined);
    const parent = fork(PARENT, [server.url], { stdio: 'inherit' });
    test.after(() => parent.kill('SIGKILL'));
    const [pid] = await once(parent, 'message');
    await eventually('the question', () => server.received.length === 1);
    assert.ok(isAlive(pid));
    parent.kill('SIGKILL');
    await eventually('the process to end', () => !isAlive(pid));
  });

  it('is not disturbed by a question that was called off before it was asked', async () => {
    await using server = await ModelServer.start(() => undefined);
    const clock = new ManualClock();
    const own = settings({ baseUrl: server.url });
    const host = new ModelHost(own, clock);
    const analyst = new ModelAnalyst(own, clock, host);
    const answering = analyst.analyse(question(), new Tools(), calm);
    await eventually('the question', () => server.received.length === 1);
    const { pid } = host;
    const late = await analyst.analyse(question({ target: 'b' }), new Tools(), AbortSignal.abort());
    assert.equal(late.ok, false);
    await clock.advance(2_000);
    assert.ok(pid !== undefined && isAlive(pid));
    host.close();
    assert.equal((await answering).ok, false);
  });

  it('holds several conversations at once, and mixes none up', async () => {
    const [cause] = REPORT.causes;
    await using server = await ModelServer.start((received, response) => {
      const [, target = ''] = /shop-(\d+)/.exec(received.text) ?? [];
      const args = { ...REPORT, causes: [{ ...cause, summary: `It is shop-${target}.` }] };
      return openAi({ calls: [{ name: 'report', args }] })(received, response);
    });
    const clock = new ManualClock();
    const own = settings({ baseUrl: server.url });
    const analyst = new ModelAnalyst(own, clock);
    const targets = Array.from({ length: 8 }, (_, index) => `shop-${index}`);
    const all = await Promise.all(
      targets.map((target) => analyst.analyse(question({ target }), new Tools(), calm)),
    );
    assert.deepEqual(
      all.map((answered) => answered.ok && answered.analysis.causes[0]?.summary),
      targets.map((target) => `It is ${target}.`),
    );
    analyst.close();
  });
});
