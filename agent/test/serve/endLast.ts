import { existsSync, readFileSync } from 'node:fs';

/**
 * Ends the process whose pid is the last line of a file, where there is one: processes of the local runtime outlive
 * their agent. Those of the lines before were ended by the agent, which had restarted them.
 */
export function endLast(pidFile: string): void {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').trim().split('\n').at(-1));
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'ESRCH') throw error;
  }
}
