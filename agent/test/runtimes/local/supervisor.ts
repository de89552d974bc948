// An agent that is nothing but its local runtime, for tests that kill it: `node supervisor.ts FOLDER TARGET [DIE]`.
// DIE is a moment at which it kills itself with SIGKILL: `before-spawn` or `before-record`.
import assert from 'node:assert/strict';
import process from 'node:process';
import type { Target } from '../../../src/core/target.ts';
import { LocalRuntime } from '../../../src/runtimes/local/localRuntime.ts';
import { FileRecordStore, type RecordStore } from '../../../src/runtimes/local/recordStore.ts';
import { SystemClock } from '../../../src/systemClock.ts';

const [, , folder, target, die] = process.argv;
assert.ok(folder !== undefined && target !== undefined);
const store = new FileRecordStore(folder, console.error);

const records: RecordStore = {
  read: (name) => store.read(name),
  write: async (record) => {
    if (die === 'before-record' && record.launching === null) await killMyself();
    await store.write(record);
    if (die === 'before-spawn' && record.launching !== null) await killMyself();
  },
};

function killMyself(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

const clock = new SystemClock();
const runtime = await LocalRuntime.open({ folder, clock, warn: console.error, records });
// The test writes it with JSON.stringify from a Target.
await runtime.ensureStarted(JSON.parse(target) as Target, AbortSignal.timeout(10_000));
console.log('ready');
