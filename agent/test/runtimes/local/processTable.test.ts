import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { Duplex, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { MARKER_VARIABLE } from '../../../src/runtimes/local/marker.ts';
import type { ProcessTable } from '../../../src/runtimes/local/processTable.ts';
import { ProcfsTable } from '../../../src/runtimes/local/procfsTable.ts';
import { PsTable } from '../../../src/runtimes/local/psTable.ts';

/** Every way to ask that this machine has: `ps` everywhere, /proc on Linux. */
const tables: readonly (readonly [string, () => ProcessTable])[] = [
  ...(existsSync('/proc/self/stat') ? [['/proc', () => new ProcfsTable()] as const] : []),
  ['ps', () => new PsTable()],
];

/** A process that sleeps, with a marker, in a group of its own. */
async function sleeper(marker: string) {
  const child = spawn('/bin/sleep', ['600'], {
    env: { [MARKER_VARIABLE]: marker },
    stdio: 'ignore',
    detached: true,
  });
  await once(child, 'spawn');
  const { pid } = child;
  assert.ok(pid !== undefined);
  const end = async () => {
    if (child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  return { pid, end, [Symbol.asyncDispose]: end };
}

for (const [name, open] of tables) {
  test(`${name}: a living process has its parent, its group, and the same identity at every look`, async () => {
    await using one = await sleeper('test/a/1');
    const table = open();
    const facts = table.facts(one.pid);
    assert.deepEqual([facts?.pid, facts?.parent, facts?.group], [one.pid, process.pid, one.pid]);
    assert.deepEqual(open().facts(one.pid), facts);
  });

  test(`${name}: a process that has ended is none, also when nobody has waited for it`, async () => {
    const table = open();
    // The child ends once its parent is no shell any more: a shell may wait for it, and then it is gone.
    const script = 'cat <&3 >/dev/null & echo $!; exec sleep 600 >/dev/null 3<&-';
    const parent = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
    try {
      const [, out, , live] = parent.stdio;
      assert.ok(out instanceof Readable && live instanceof Duplex);
      const zombie = Number(await text(out));
      live.destroy();
      for (let left = 500; table.facts(zombie) !== null && left > 0; left -= 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal(table.facts(zombie), null);
      process.kill(zombie, 0); // It is still there: a pid that cannot be given to another.
    } finally {
      parent.kill('SIGKILL');
    }
    await using gone = await sleeper('test/a/1');
    await gone.end();
    assert.equal(table.facts(gone.pid), null);
  });

  test(`${name}: processes are found by the beginning of their marker`, async () => {
    const unique = `table-${process.pid}-${name.replace('/', '')}`;
    await using one = await sleeper(`${unique}/a/1`);
    await using other = await sleeper(`${unique}/b/2`);
    const table = open();
    const pids = async (prefix: string) => (await table.marked(prefix)).map(({ pid }) => pid);
    assert.deepEqual((await pids(`${unique}/`)).sort(), [one.pid, other.pid].sort());
    assert.deepEqual(await pids(`${unique}/b/`), [other.pid]);
    assert.deepEqual(await pids(`${unique}/c/`), []);
    const [found] = await table.marked(`${unique}/a/`);
    assert.equal(found?.marker, `${unique}/a/1`);
    assert.equal(found?.identity, table.facts(one.pid)?.identity);
  });

  test(`${name}: the use of a group is told, and nothing of one that does not exist`, async () => {
    await using one = await sleeper('test/a/1');
    const table = open();
    const usage = await table.usage(one.pid);
    assert.equal(usage?.pids, 1);
    assert.ok(usage !== null && usage.memoryBytes > 0 && usage.cpuMs >= 0 && usage.cpuMs < 60_000);
    await one.end();
    assert.equal(await table.usage(one.pid), null);
  });
}
