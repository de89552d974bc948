import { describeSelf, type SelfIdentity } from '../core/guards/index.ts';
import type { Settings } from '../core/settings.ts';
import type { Clock } from '../ports.ts';
import type { Log } from '../telemetry/log.ts';

/** How often an agent that does not know itself is asked whether it does now, milliseconds. */
const ASK_MS = 1_000;

/**
 * Says in the log what will never be touched; and warns while the agent cannot tell which container it is, for then
 * it mutates none. (Who it takes itself for at start stands in the journal, and so in the log already.)
 */
export async function tellSelf(options: {
  readonly self: () => SelfIdentity;
  readonly settings: Pick<Settings, 'selfNames' | 'protectedNames'>;
  readonly log: Log;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { self, settings, log, clock, signal } = options;
  const never = [...settings.selfNames, ...settings.protectedNames];
  log.info({ never }, `never touched, besides the agent’s own container: ${never.join(', ')}`);
  if (self().kind !== 'unknown') return;
  log.warn(`the agent is ${describeSelf(self())}`);
  while (!signal.aborted) {
    await clock.sleep(ASK_MS, signal).catch(() => undefined); // Aborted: the loop ends.
    if (self().kind === 'unknown') continue;
    log.info(`the agent knows itself now: ${describeSelf(self())}`);
    return;
  }
}
