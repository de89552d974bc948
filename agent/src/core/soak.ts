import type { Phase } from './incident.ts';
import type { Signal } from './signal.ts';

/**
 * What a signal leaves of a soak that is under way: what died or failed since it began was not well all the time, also
 * where the next look finds it well again.
 */
export function soakAfter(phase: Phase, signal: Signal): Phase {
  if (phase.kind !== 'verifying' && phase.kind !== 'escalated') return phase;
  if (signal.source !== 'runtime' || phase.well === null || signal.happenedAt <= phase.well.at) return phase;
  return { ...phase, well: null, seen: '' };
}
