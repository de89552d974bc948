import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { MARKER_VARIABLE } from './marker.ts';
import type { GroupUsage, MarkedProcess, ProcessFacts, ProcessTable } from './processTable.ts';

/** `USER_HZ`: the same on every architecture that Node runs on. */
const MS_PER_TICK = 10;
/** How many files of /proc are open at once in a scan. */
const SCAN_WIDTH = 32;

type Stat = ProcessFacts & { readonly cpuMs: number };

/** Linux: everything is read from /proc. */
export class ProcfsTable implements ProcessTable {
  readonly #boot: string;

  /** Throws when /proc does not tell which boot this is. */
  constructor() {
    this.#boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  }

  bootId(): string {
    return this.#boot;
  }

  facts(pid: number): ProcessFacts | null {
    try {
      return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'), this.#boot);
    } catch (error) {
      if (isGone(error)) return null;
      throw error;
    }
  }

  async marked(prefix: string): Promise<readonly MarkedProcess[]> {
    const wanted = `${MARKER_VARIABLE}=`;
    return await scan(async (pid) => {
      // Another user's environment cannot be read, and need not be: ours run as we do.
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
      const variable = environment.split('\0').find((line) => line.startsWith(wanted));
      const marker = variable?.slice(wanted.length);
      if (marker?.startsWith(prefix) !== true) return null;
      const facts = this.facts(pid);
      return facts === null ? null : { ...facts, marker };
    });
  }

  async usage(group: number): Promise<GroupUsage | null> {
    const members = await scan(async (pid) => {
      const stat = parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'), this.#boot);
      if (stat?.group !== group) return null;
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      const memoryKiB = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
      return { cpuMs: stat.cpuMs, memoryBytes: memoryKiB * 1024 };
    });
    if (members.length === 0) return null;
    return {
      cpuMs: members.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      memoryBytes: members.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
      pids: members.length,
    };
  }
}

/** Fields of proc_pid_stat(5), counted from the state, which is the third. `null`: it has ended. */
function parseStat(text: string, boot: string): Stat | null {
  // The second field is the program's name in brackets and may itself hold brackets and spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  if (state === 'Z' || state === 'X') return null;
  const number = (index: number) => Number(fields[index]);
  return {
    pid: Number.parseInt(text, 10),
    parent: Number(parent),
    group: Number(group),
    identity: `${boot}:${fields[19]}`,
    cpuMs: (number(11) + number(12)) * MS_PER_TICK,
  };
}

/** Asks every process; those that are gone by then, or that we may not ask, are left out. */
async function scan<T>(ask: (pid: number) => Promise<T | null>): Promise<T[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: T[] = [];
  const worker = async () => {
    for (let pid = pids.pop(); pid !== undefined; pid = pids.pop()) {
      try {
        const answer = await ask(pid);
        if (answer !== null) found.push(answer);
      } catch (error) {
        if (!isGone(error) && !isForbidden(error)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: SCAN_WIDTH }, worker));
  return found;
}

function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ESRCH';
}

function isForbidden(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'EACCES' || code === 'EPERM';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}
