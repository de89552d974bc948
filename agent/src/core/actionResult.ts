import type { Json } from './strategy.ts';

/** How one use of an action ended, as far as the agent could tell. `unknown`: the answer was lost or late. */
export type ActionResult = {
  readonly outcome: 'succeeded' | 'failed' | 'unknown';
  readonly reason: string;
  /** Refused right before the call, to protect the agent or what it stands on: a stable code. */
  readonly refused?: string;
  /** What the action found or the API answered, for the journal. Bounded. */
  readonly output: Json;
};
