import { execFile, spawnSync } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { MARKER_VARIABLE } from './marker.ts';
import type { GroupUsage, MarkedProcess, ProcessFacts, ProcessTable } from './processTable.ts';

const run = promisify(execFile);

const FACTS = 'pid=,ppid=,pgid=,stat=,lstart=';
const TIMEOUT_MS = 5_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
/** `lstart` is written in the local language and time zone; an identity must not change with them. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };
const OPTIONS = { env: ENVIRONMENT, timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX };
const LINE = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]{8}\s+\d{4})(.*)$/;

/**
 * Systems without /proc, macOS above all: everything is asked of `ps`. A start time is known to the second here, and
 * the environment is read from the command line as `ps` shows it.
 */
export class PsTable implements ProcessTable {
  readonly #boot: string | null;

  constructor() {
    const asked = spawnSync('sysctl', ['-n', 'kern.bootsessionuuid'], { ...OPTIONS, encoding: 'utf8' });
    // No such setting, or no sysctl: then it cannot be told, which is an answer of its own.
    this.#boot = asked.status === 0 && asked.stdout.trim() !== '' ? asked.stdout.trim() : null;
  }

  bootId(): string | null {
    return this.#boot;
  }

  facts(pid: number): ProcessFacts | null {
    const asked = spawnSync('ps', ['-p', String(pid), '-o', FACTS], { ...OPTIONS, encoding: 'utf8' });
    if (asked.error !== undefined) throw asked.error;
    return parse(asked.stdout)[0]?.facts ?? null;
  }

  async marked(prefix: string): Promise<readonly MarkedProcess[]> {
    const withEnvironment = process.platform === 'darwin' ? ['-xwwE'] : ['xeww'];
    const { stdout } = await run('ps', [...withEnvironment, '-o', `${FACTS},command=`], OPTIONS);
    return parse(stdout).flatMap(({ facts, rest }) => {
      // The environment follows the arguments, so the last one is the variable.
      const marker = rest.split(/\s/).findLast((word) => word.startsWith(`${MARKER_VARIABLE}=${prefix}`));
      return marker === undefined ? [] : [{ ...facts, marker: marker.slice(MARKER_VARIABLE.length + 1) }];
    });
  }

  async usage(group: number): Promise<GroupUsage | null> {
    const { stdout } = await run('ps', ['-A', '-o', 'pgid=,rss=,time='], OPTIONS);
    const members = stdout
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([pgid]) => Number(pgid) === group);
    if (members.length === 0) return null;
    return {
      cpuMs: members.reduce((sum, [, , time]) => sum + parseTime(time ?? ''), 0),
      memoryBytes: members.reduce((sum, [, memoryKiB]) => sum + Number(memoryKiB) * 1024, 0),
      pids: members.length,
    };
  }
}

function parse(output: string): readonly { readonly facts: ProcessFacts; readonly rest: string }[] {
  return output.split('\n').flatMap((line) => {
    const [matched, pid, parent, group, state, startedAt, rest] = LINE.exec(line) ?? [];
    if (matched === undefined || state?.startsWith('Z') === true) return [];
    const identity = `lstart:${startedAt?.replace(/\s+/g, ' ')}`;
    const facts = { pid: Number(pid), parent: Number(parent), group: Number(group), identity };
    return [{ facts, rest: rest ?? '' }];
  });
}

/** `[DD-]HH:MM:SS` or `MM:SS.hh`, to milliseconds. */
function parseTime(text: string): number {
  const [days, clock] = text.includes('-') ? text.split('-') : ['0', text];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1_000;
}
