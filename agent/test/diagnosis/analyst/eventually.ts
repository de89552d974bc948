import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

const EVENTUALLY_MS = 20_000;

/** Looks until it is so; fails the test when it is not within a generous while. */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + EVENTUALLY_MS;
  while (!isSo()) {
    if (performance.now() > giveUpAt) assert.fail(`waited for ${what}`);
    await pause(10);
  }
}
