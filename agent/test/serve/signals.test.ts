import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const CONFIG = 'server: { listen: "127.0.0.1:0" }\ndiscovery: { by: [] }\n';

/** An agent that listens, in a process of its own. */
async function startAgent(folder: string) {
  const file = join(folder, 'mpa.yml');
  await writeFile(file, CONFIG);
  const child = spawn(process.execPath, [main, 'serve', '--config', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const heard = async (words: string) => {
    const tooSoon = ended.then(() => Promise.reject(new Error(`it ended without a word of "${words}"`)));
    while (!said.includes(words)) await Promise.race([once(child.stdout, 'data'), tooSoon]);
    tooSoon.catch(() => undefined); // It may end from here on.
  };
  return { child, heard, ended, said: () => said, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

test('Ctrl-C that comes from the terminal and from npm as well is one Ctrl-C: it ends in order', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'mpa-signals-'));
  using agent = await startAgent(folder.path);
  await agent.heard('listening on');
  agent.child.kill('SIGINT');
  await agent.heard('no more signals are taken');
  agent.child.kill('SIGINT');
  assert.deepEqual(await agent.ended, { code: 0, signal: null });
  assert.match(agent.said(), /agent-stopped/);
});
