import type { Phase, Told } from '../incident.ts';

/** Before the first look the journal has told nothing of any. */
export const NOTHING_TOLD: Told = { seen: '', waitsFor: '' };

/** What a look, a wait and the next look about the same step hand on. */
export function carriedBy(phase: Phase): {
  readonly approved: boolean;
  readonly remaining: readonly string[] | null;
} {
  if (phase.kind === 'looking' || phase.kind === 'held')
    return { approved: phase.approved, remaining: phase.remaining };
  if (phase.kind === 'settling' || phase.kind === 'mutating')
    return { approved: phase.approved, remaining: phase.remaining };
  // Where leave is wanted no more, nobody gave it.
  if (phase.kind === 'approving') return { approved: false, remaining: phase.remaining };
  // What did not happen is still to be done: the instance itself comes first.
  if (phase.kind === 'unsure')
    return { approved: phase.approved, remaining: [phase.instance, ...phase.remaining] };
  return { approved: false, remaining: null };
}
