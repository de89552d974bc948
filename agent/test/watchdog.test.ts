import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

const LIMIT_MS = 2_000;

/** Starts a watched process; it is ended with the test. */
function start(manner: string) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'watchdogChild.ts'), `${LIMIT_MS}`, manner],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, said }));
  return { child, ended, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

describe('the watchdog', { concurrency: true }, () => {
  it('ends a process whose main loop hangs, and says why, once', async () => {
    using hung = start('hang');
    const { code, signal, said } = await hung.ended;
    // A shell and Docker tell it as 134: 128 and the signal’s number.
    assert.deepEqual({ code, signal }, { code: null, signal: 'SIGABRT' });
    assert.match(
      said,
      /^The main loop has not turned for 2 s; the agent ends itself to be started again\.\n$/,
    );
  });

  it('leaves one alone that works hard and turns', async () => {
    using toiling = start('toil');
    assert.deepEqual(await toiling.ended, { code: 0, signal: null, said: '' });
  });

  it('leaves one alone that was suspended for longer than the limit', async () => {
    using idle = start('idle');
    await once(idle.child.stdout, 'data');
    idle.child.kill('SIGSTOP');
    await delay(2 * LIMIT_MS); // The suspension itself; there is nothing to wait for in it.
    idle.child.kill('SIGCONT');
    idle.child.kill('SIGTERM');
    assert.deepEqual(await idle.ended, { code: 0, signal: null, said: '' });
  });

  it('watches no more once it is disposed', async () => {
    using released = start('released');
    assert.deepEqual(await released.ended, { code: 0, signal: null, said: '' });
  });
});
