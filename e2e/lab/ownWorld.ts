import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endedWithParent } from './endedWithParent.ts';
import { findProgram } from './labFolder.ts';
import { LabMissingError } from './labMissingError.ts';

const lockWaitSeconds = 300;
// One for the machine: its engine's images stay in the lab's folder, and two engines cannot share them.
const lockPath = join(tmpdir(), 'mpa-lab-own-world.lock');
/** Brings loopback up, and stays the first process: it takes the ended ones off the kernel's hands. */
const FIRST = '"$0" ip link set lo up && "$@"; exit $?';

/**
 * Runs a test file in network, mounts and processes of its own. It may do to an engine there what no other on this
 * machine must feel, on the very ports and bridges that others use; whatever it leaves behind ends with it.
 *
 * @returns the exit code, and all that it printed.
 * @throws LabMissingError when this machine or user cannot have one.
 */
export async function runInOwnWorld(
  script: string,
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly output: string }> {
  if (process.getuid?.() !== 0) throw new LabMissingError('only root can have a network of its own');
  const world = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--'];
  const lock = ['--no-fork', '--timeout', String(lockWaitSeconds), lockPath];
  const first = ['sh', '-c', FIRST, findProgram('busybox')];
  const { command, args } = endedWithParent(findProgram('flock'), [
    ...lock,
    ...[findProgram('unshare'), ...world, ...first],
    ...[process.execPath, '--test-reporter=spec', script],
  ]);
  // Else it would report to this file's runner, in a format that is not for people; and it has an engine of its own.
  const { NODE_TEST_CONTEXT: _runner, DOCKER_HOST: _engine, ...env } = process.env;
  const options: SpawnOptions = { env, stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGTERM' };
  const child = spawn(command, args, options);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code: typeof code === 'number' ? code : null, output };
}
