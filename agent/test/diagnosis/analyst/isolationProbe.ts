// Runs as the library's process does, tries what that one must not be able to do, and says what came of it.
import { execFileSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';

async function attempt(what: () => unknown): Promise<string> {
  try {
    await what();
    return 'done';
  } catch (error) {
    const causes = [error, error instanceof Error ? error.cause : undefined];
    const isRefusal = causes.some(
      (each) => each instanceof Error && 'code' in each && each.code === 'ERR_ACCESS_DENIED',
    );
    return isRefusal ? 'refused' : String(error);
  }
}

/** An emitter's first word: that it did, or an error. */
function heard(emitter: NodeJS.EventEmitter, done: string): Promise<void> {
  return new Promise((resolve, reject) => void emitter.once(done, resolve).once('error', reject));
}

const found = {
  // What `fetch` says of a refusal is only that it failed; whether it got through the server knows.
  fetch: (await attempt(() => fetch(process.argv[2] ?? ''))) === 'done' ? 'done' : 'failed',
  socket: await attempt(() => heard(connect('/var/run/docker.sock'), 'connect')),
  dns: await attempt(() => lookup('localhost')),
  read: await attempt(() => readFileSync('/etc/hostname')),
  write: await attempt(() => writeFileSync(join(tmpdir(), 'mpa-probe'), '')),
  program: await attempt(() => execFileSync('/bin/true')),
  thread: await attempt(() => new Worker('', { eval: true })),
  environment: Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_CHANNEL_')),
  ),
};
process.send?.(found, () => process.exit());
