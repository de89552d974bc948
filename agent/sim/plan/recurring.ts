import type { Random } from '../random.ts';
import type { RecurringSpec, ServiceSpec } from './plan.ts';
import { BEGIN_MINUTE, MINUTE_MS } from './times.ts';

/** A maintenance that comes again each day; in one of ten worlds. */
export function makeRecurring(random: Random, services: readonly ServiceSpec[]): readonly RecurringSpec[] {
  if (!random.chance(0.1)) return [];
  return [
    {
      of: random.chance(0.4) ? null : random.pick(services).name,
      startMinute: BEGIN_MINUTE + random.int(0, 40),
      durationMs: random.int(2, 15) * MINUTE_MS,
    },
  ];
}
