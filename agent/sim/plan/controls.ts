import type { Random } from '../random.ts';
import type { Happening, ServiceSpec } from './plan.ts';
import { MINUTE_MS } from './times.ts';

/** What people set, drawn apart from all else: without it the world takes the course that it took before. */
export function makeControls(random: Random, services: readonly ServiceSpec[], busyMs: number): Happening[] {
  const happenings: Happening[] = [];
  const some = () => (random.chance(0.25) ? null : random.pick(services).name);
  if (random.chance(0.25)) {
    for (let left = random.int(1, 4); left > 0; left -= 1) {
      happenings.push({
        at: random.int(1_000, busyMs),
        kind: 'maintenance',
        of: some(),
        forMs: random.int(1, 20) * MINUTE_MS,
        endsAfterMs: random.chance(0.5) ? random.int(10, 600) * 1_000 : null,
      });
    }
  }
  if (random.chance(0.25)) {
    for (let left = random.int(1, 3); left > 0; left -= 1) {
      happenings.push({
        at: random.int(1_000, busyMs),
        kind: 'mode',
        of: some(),
        mode: random.pick(['approve', 'observe', 'off'] as const),
        forMs: random.int(30, 900) * 1_000,
      });
    }
  }
  return happenings;
}
