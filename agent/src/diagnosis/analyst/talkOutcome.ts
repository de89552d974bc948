import type { WireFailure } from './modelGate.ts';
import { NOTHING_SPENT, type Spent, type TalkResult } from './protocol.ts';

/** How a conversation ended; what was spent counts however it ended. */
export type TalkOutcome = {
  readonly spent: { readonly inputTokens: number; readonly outputTokens: number; readonly turns: number };
  readonly result: TalkResult | ({ readonly kind: 'failed' } & Omit<WireFailure, 'paid'>);
};

/** How a conversation has gone so far. */
export type Course = {
  spent: Spent;
  /** How the last call of its model went; `null`: it was answered well. */
  wire: WireFailure | null | 'none yet';
};

export const NOT_BEGUN: Readonly<Course> = { spent: NOTHING_SPENT, wire: 'none yet' };

/** A question that was sent and not answered is paid too, unless the server would have none of it. */
export function billOf({ spent, wire }: Readonly<Course>): TalkOutcome['spent'] {
  const { inputTokens, outputTokens, turns, asked } = spent;
  return { inputTokens: inputTokens + (isFree(wire) ? 0 : asked), outputTokens, turns };
}

/** What the wire showed says more than what the library made of it. */
export function explain(
  result: TalkResult & { kind: 'failed' },
  wire: Course['wire'],
): TalkOutcome['result'] {
  if (wire !== null && wire !== 'none yet') {
    const { paid: _counted, ...failure } = wire;
    return { kind: 'failed', ...failure };
  }
  // An answer came, and the library could not read it.
  return wire === null && result.code === 'unavailable' ? { ...result, code: 'malformed' } : result;
}

function isFree(wire: Course['wire']): boolean {
  return wire !== null && wire !== 'none yet' && !wire.paid;
}
