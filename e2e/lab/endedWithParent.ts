import { existsSync } from 'node:fs';

const setpriv = '/usr/bin/setpriv';

/**
 * The command line under which the kernel sends a program SIGTERM when the process that started it dies, also where no
 * handler of that process can run (SIGKILL). Where `setpriv` (util-linux) is not there, the command line as it is.
 */
export function endedWithParent(
  command: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  if (!existsSync(setpriv)) return { command, args };
  return { command: setpriv, args: ['--pdeathsig', 'TERM', command, ...args] };
}
