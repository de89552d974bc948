import { spawn } from 'node:child_process';
import { open, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import process from 'node:process';
import type { LocalProcess } from '../../core/target.ts';
import { RuntimeError } from '../../errors.ts';
import { MARKER_VARIABLE } from './marker.ts';

/** What a process gets of the agent's own environment. The rest, tokens among it, is nobody else's business. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/** A process that has just been started, and is our own child as long as we live. */
export type Launched = {
  readonly pid: number;
  /** Resolves with the exit code when it has ended; 128 and the signal's number when a signal ended it. */
  readonly exit: Promise<number | null>;
};

/**
 * Starts a process in a session of its own, writing to a file, so that it goes on when the agent ends.
 * Rejects with `RuntimeError` (applied: no) when it could not be started.
 */
export async function launch(definition: LocalProcess, marker: string, logPath: string): Promise<Launched> {
  const [program, ...args] = definition.command;
  if (program === undefined) throw new RuntimeError('RUNTIME_FAILED', 'the command is empty', 'no');
  await checkFolder(definition.cwd);
  await using log = await open(logPath, 'a', 0o600);
  const child = spawn(program, args, {
    cwd: definition.cwd ?? undefined,
    env: { ...inherited(), ...definition.env, [MARKER_VARIABLE]: marker },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  // Heard from the first moment on: it may end before anybody asks.
  const exit = new Promise<number | null>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(code ?? (signal === null ? null : 128 + constants.signals[signal])),
    );
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(cannotStart(program, error)));
  });
  if (child.pid === undefined) throw new RuntimeError('RUNTIME_FAILED', `${program} has no pid`, 'maybe');
  child.unref();
  return { pid: child.pid, exit };
}

/** Node reports a missing folder as a missing program. */
async function checkFolder(cwd: string | null): Promise<void> {
  if (cwd === null) return;
  const isFolder = await stat(cwd).then(
    (found) => found.isDirectory(),
    () => false, // Absent or not to be entered: the sentence below fits both.
  );
  if (!isFolder) throw new RuntimeError('RUNTIME_FAILED', `there is no folder ${cwd}`, 'no');
}

function cannotStart(program: string, error: Error): RuntimeError {
  const code: unknown = Reflect.get(error, 'code');
  const words =
    code === 'ENOENT'
      ? 'there is no such program'
      : code === 'EACCES'
        ? 'it may not be executed'
        : error.message;
  return new RuntimeError('RUNTIME_FAILED', `${program} cannot be started: ${words}`, 'no', { cause: error });
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
