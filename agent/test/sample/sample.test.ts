import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { choosePort } from '../../src/demo/choosePort.ts';

const PROGRAM = join(import.meta.dirname, '../../sample/sample.ts');

/** A sample service of its own for one test, ended with it. */
async function startSample() {
  const port = await choosePort(0);
  const child: ChildProcess = spawn(process.execPath, [PROGRAM], {
    env: { PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  assert.ok(child.stdout !== null);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  assert.match(line.toString(), new RegExp(`listening on http://127\\.0\\.0\\.1:${port}\\n`));
  const ask = async (path: string, method = 'GET', signal = AbortSignal.timeout(10_000)) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, signal });
    return { status: response.status, text: await response.text() };
  };
  return {
    child,
    exit,
    ask,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await exit;
    },
  };
}

test('it is well, says so, and shows a page for people', async () => {
  await using sample = await startSample();
  assert.deepEqual(await sample.ask('/health'), { status: 200, text: '{"status":"ok"}\n' });
  const page = await sample.ask('/');
  assert.match(page.text, /I am well/);
  for (const fault of ['crash', 'hang', 'errors', 'slow'])
    assert.match(page.text, new RegExp(`/break/${fault}"`));
  const metrics = await sample.ask('/metrics');
  assert.match(metrics.text, /^http_requests_total\{code="200"\} 2$/m);
  assert.match(metrics.text, /^process_start_time_seconds \d/m);
  assert.equal((await sample.ask('/else')).status, 404);
});

test('it ends in order when it is told to', async () => {
  await using sample = await startSample();
  sample.child.kill('SIGTERM');
  assert.deepEqual(await sample.exit, [0, null]);
});

test('break/crash answers and then ends the process with code 1', async () => {
  await using sample = await startSample();
  const { status, text } = await sample.ask('/break/crash', 'POST');
  assert.deepEqual(
    [status, text],
    [200, 'Broken: the process ends with exit code 1. Now watch the agent.\n'],
  );
  assert.deepEqual(await sample.exit, [1, null]);
});

test('break/errors makes every answer a 500', async () => {
  await using sample = await startSample();
  await sample.ask('/break/errors', 'POST');
  let answer = await sample.ask('/health');
  while (answer.status === 200) answer = await sample.ask('/health');
  assert.equal(answer.status, 500);
  assert.match((await sample.ask('/metrics')).text, /^http_requests_total\{code="500"\} 1$/m);
});

test('break/hang makes it deaf: it answers nothing and ignores SIGTERM', async () => {
  await using sample = await startSample();
  await sample.ask('/break/hang', 'POST');
  // Requests that were taken before the effect are still answered; one after it never is.
  const unanswered = async (): Promise<boolean> => {
    for (;;) {
      try {
        await sample.ask('/health', 'GET', AbortSignal.timeout(1_000));
      } catch (error) {
        return error instanceof DOMException && error.name === 'TimeoutError';
      }
    }
  };
  assert.equal(await unanswered(), true);
  sample.child.kill('SIGTERM');
  assert.equal(await unanswered(), true);
  assert.deepEqual([sample.child.exitCode, sample.child.signalCode], [null, null]);
});

test('only POST breaks it, and only by what it knows', async () => {
  await using sample = await startSample();
  assert.equal((await sample.ask('/break/crash')).status, 404);
  assert.equal((await sample.ask('/break/everything', 'POST')).status, 404);
  assert.equal((await sample.ask('/break/constructor', 'POST')).status, 404);
  assert.equal((await sample.ask('/health')).status, 200);
});
