import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

/**
 * Removes a folder in which a daemon may have left mounts: a network namespace that containers shared stays mounted
 * after `dockerd` has ended, and what is mounted cannot be removed.
 */
export async function removeWithMounts(folder: string): Promise<void> {
  for (const mount of mountsBelow(folder)) spawnSync('umount', ['-l', mount], { stdio: 'ignore' });
  await rm(folder, { recursive: true, force: true });
}

/** The innermost first. The kernel writes a space in a path as an octal number, and there is none in ours. */
function mountsBelow(folder: string): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .filter((mount) => mount.startsWith(`${folder}/`))
    .toReversed();
}
