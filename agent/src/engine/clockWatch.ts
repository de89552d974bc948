import type { Clock } from '../ports.ts';

/** How often the two clocks are compared, milliseconds. */
const COMPARE_MS = 1_000;
/** A difference beyond this is a jump and no drift, milliseconds. */
const JUMP_MS = 2_000;

/**
 * Compares the wall clock with the monotonic one, and says by how much the wall clock jumped; goes on until the
 * signal aborts.
 */
export async function watchClock(
  clock: Clock,
  onJump: (byMs: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let offset = clock.now() - clock.monotonic();
  while (!signal.aborted) {
    await clock.sleep(COMPARE_MS, signal).catch(() => undefined); // Aborted: the loop ends.
    const current = clock.now() - clock.monotonic();
    const byMs = Math.round(current - offset);
    offset = current;
    if (Math.abs(byMs) > JUMP_MS && !signal.aborted) await onJump(byMs);
  }
}
