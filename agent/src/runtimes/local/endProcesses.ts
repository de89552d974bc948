import process from 'node:process';
import { assert } from '../../core/assert.ts';
import { RuntimeError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import type { ProcessFacts, ProcessTable } from './processTable.ts';

/** How often it is looked whether a process has ended, milliseconds. */
const LOOK_MS = 20;
/** How long the system may take to end a process that was killed, milliseconds. */
const KILLED_MS_MAX = 5_000;

export type Ending = {
  readonly table: ProcessTable;
  readonly clock: Clock;
  /** The process that was started; it leads its group. `null`: it has already ended. */
  readonly leader: { readonly pid: number; readonly identity: string } | null;
  /** Marks everything that any run of it left behind. */
  readonly markerPrefix: string;
  readonly stopTimeoutMs: number;
};

/**
 * Ends a process with all that it started: SIGTERM, at most `stopTimeoutMs`, SIGKILL. Processes that outlived their
 * leader are ended as well, for they may hold its port. Only processes that are proved to be ours are touched.
 *
 * Rejects with `RuntimeError` (applied: maybe) when one does not end even when killed.
 */
export async function endProcesses(ending: Ending): Promise<void> {
  const { table, clock, markerPrefix, stopTimeoutMs } = ending;
  const leader = ending.leader === null ? null : factsIfSame(table, ending.leader);
  const asked = await findOurs(table, markerPrefix, leader);
  for (const one of asked) {
    send(table, one, 'SIGTERM');
    // A stopped process hears nothing but SIGKILL until it is continued.
    send(table, one, 'SIGCONT');
  }
  await allEnd(asked, table, clock, stopTimeoutMs);
  // Again and again: what is being killed may still have made children.
  const giveUpAt = clock.monotonic() + KILLED_MS_MAX;
  for (;;) {
    const left = await findOurs(table, markerPrefix, leader);
    if (left.length === 0) return;
    if (clock.monotonic() >= giveUpAt) {
      const pids = left.map(({ pid }) => pid).join(', ');
      throw new RuntimeError('RUNTIME_FAILED', `process ${pids} does not end, not even by SIGKILL`, 'maybe');
    }
    for (const one of left) send(table, one, 'SIGKILL');
    await allEnd(left, table, clock, giveUpAt - clock.monotonic());
  }
}

/** The process with this pid, if it is still the one that was meant. */
export function factsIfSame(
  table: ProcessTable,
  { pid, identity }: { readonly pid: number; readonly identity: string },
): ProcessFacts | null {
  const facts = table.facts(pid);
  return facts?.identity === identity ? facts : null;
}

/** The leader first: its group is then told as a whole, before anyone in it can notice. */
async function findOurs(
  table: ProcessTable,
  markerPrefix: string,
  leader: ProcessFacts | null,
): Promise<readonly ProcessFacts[]> {
  const kin = ancestors(table);
  const marked = (await table.marked(markerPrefix)).filter(({ pid }) => pid !== leader?.pid && !kin.has(pid));
  const living = leader === null ? null : factsIfSame(table, leader);
  return living === null ? marked : [living, ...marked];
}

/** The agent and those it descends from: it may have been started inside of something that an agent had started. */
function ancestors(table: ProcessTable): ReadonlySet<number> {
  const kin = new Set<number>();
  for (let pid = process.pid; pid > 1 && !kin.has(pid); pid = table.facts(pid)?.parent ?? 0) kin.add(pid);
  return kin;
}

/** Compares once more, then signals; nothing else of this process can run in between. */
function send(table: ProcessTable, whom: ProcessFacts, signal: NodeJS.Signals): void {
  assert(whom.pid > 1 && whom.pid !== process.pid, 'the agent never signals itself, init, or "all"');
  const facts = factsIfSame(table, whom);
  if (facts === null) return;
  try {
    // A group is ours as a whole only while its leader, whose pid is its name, is ours.
    process.kill(facts.group === facts.pid ? -facts.pid : facts.pid, signal);
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    if (code === 'ESRCH') return;
    if (code === 'EPERM') {
      throw new RuntimeError('RUNTIME_FORBIDDEN', `process ${whom.pid} may not be signalled`, 'maybe', {
        cause: error,
      });
    }
    throw error;
  }
}

/** Waits until all have ended, or until the time is over. */
async function allEnd(
  ones: readonly ProcessFacts[],
  table: ProcessTable,
  clock: Clock,
  timeoutMs: number,
): Promise<void> {
  const giveUpAt = clock.monotonic() + timeoutMs;
  while (ones.some((one) => factsIfSame(table, one) !== null) && clock.monotonic() < giveUpAt) {
    await clock.sleep(LOOK_MS);
  }
}
