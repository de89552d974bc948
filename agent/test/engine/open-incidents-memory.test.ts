import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CHILD = join(import.meta.dirname, 'openIncidentsChild.ts');
/** What the limit of open incidents rests on: ten thousand of them are to leave room in 200 MB. */
const HEAP_BYTES_MAX = 2_100;

test('an open incident takes no more of the heap than is counted on', async () => {
  const { stdout } = await run(process.execPath, ['--expose-gc', CHILD]);
  const bytes = Number(stdout);
  assert.ok(bytes > 500, `it cannot be so few: ${stdout}`);
  assert.ok(bytes <= HEAP_BYTES_MAX, `${bytes} bytes each, and ${HEAP_BYTES_MAX} are counted on`);
});
