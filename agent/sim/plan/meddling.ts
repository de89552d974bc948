import type { Random } from '../random.ts';
import type { Happening, ServiceSpec } from './plan.ts';

/**
 * What people do by hand to what the agent looks after, drawn apart from all else: they pause it, and they stop or pause
 * it while the agent is at work on it. The call has its stop, its start and its answer at different times; all are met.
 */
export function makeMeddling(random: Random, services: readonly ServiceSpec[], busyMs: number): Happening[] {
  const happenings: Happening[] = [];
  const at = () => random.int(1_000, busyMs);
  if (random.chance(0.15)) {
    for (let left = random.int(1, 2); left > 0; left -= 1) {
      const service = random.pick(services).name;
      happenings.push({ at: at(), kind: 'person-pause', service, forMs: random.int(20, 1_200) * 1_000 });
    }
  }
  if (random.chance(0.3)) {
    for (let left = random.int(1, 4); left > 0; left -= 1) {
      happenings.push({
        at: at(),
        kind: 'meddle',
        how: random.chance(0.75) ? 'stop' : 'pause',
        actingMs: random.pick([random.int(0, 1_000), random.int(0, 1_000), random.int(1_000, 15_000)]),
        forMs: random.int(30, 900) * 1_000,
      });
    }
  }
  return happenings;
}
