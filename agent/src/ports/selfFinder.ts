import type { SelfIdentity } from '../core/guards/guard.ts';

/** Finds out who the agent is, so that it never acts on itself. */
export interface SelfFinder {
  find(signal: AbortSignal): Promise<SelfIdentity>;
}
