import { readFile } from 'node:fs/promises';

/** What a process has in memory, MiB: all of it, and of it what is its own and no page of a file. */
export type ResidentMemory = { readonly residentMiB: number; readonly ownMiB: number };

/** @param pid As this machine knows it. */
export async function residentMemory(pid: number): Promise<ResidentMemory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return { residentMiB: mib('VmRSS'), ownMiB: mib('RssAnon') };
}

export function higher(one: ResidentMemory, other: ResidentMemory): ResidentMemory {
  return {
    residentMiB: Math.max(one.residentMiB, other.residentMiB),
    ownMiB: Math.max(one.ownMiB, other.ownMiB),
  };
}

export function describeMemory({ residentMiB, ownMiB }: ResidentMemory): string {
  return `${residentMiB.toFixed(0)} MiB resident (${ownMiB.toFixed(0)} of it its own)`;
}
