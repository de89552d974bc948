import type { Random } from '../random.ts';
import type { Happening, ServiceSpec } from './plan.ts';

const HOUR_MS = 3_600_000;

const UPON = [
  'look-started',
  'mutation-started',
  'mutation-started',
  'verification-started',
  'approval-asked',
  'step-held',
  'escalated',
] as const;
/** By hand, to the containers. */
const DONE = ['deploy', 'restart', 'restart', 'stop', 'stop', 'crash', 'scale-up', 'scale-down'] as const;
/** To the agent. */
const SAID = [
  'maintenance',
  'approve',
  'observe',
  'breaker-reset',
  'breaker-reset',
  'recover',
  'close',
  'acknowledge',
] as const;

/**
 * What comes in the middle of what the agent does, and not at any time, drawn apart from all else: somebody deploys,
 * scales, restarts what it is at work on, or says something about it; services leave the configuration and come back;
 * answers of the runtime are old when they come; somebody sets the clock by an hour.
 */
export function makeMidway(random: Random, services: readonly ServiceSpec[], busyMs: number): Happening[] {
  const happenings: Happening[] = [];
  const at = () => random.int(1_000, busyMs);
  if (random.chance(0.4)) {
    for (let left = random.int(1, 6); left > 0; left -= 1) {
      const when = at();
      happenings.push({
        at: when,
        kind: 'midway',
        upon: random.pick(UPON),
        what: random.chance(0.5) ? random.pick(DONE) : random.pick(SAID),
        afterMs: random.pick([0, random.int(0, 1_000), random.int(0, 20_000)]),
        forMs: random.int(10, 600) * 1_000,
      });
      // Where the runtime takes its time, there is more of a middle.
      if (random.chance(0.4)) happenings.push(slowness(random, when));
    }
  }
  const leaving = services.filter(({ guarded, discovered }) => guarded === 'no' && !discovered);
  if (random.chance(0.15) && leaving.length > 0) {
    for (let left = random.int(1, 2); left > 0; left -= 1) {
      happenings.push({
        at: at(),
        kind: 'retarget',
        absent: [...new Set(Array.from({ length: random.int(0, 3) }, () => random.pick(leaving).name))],
        unlinked: random.chance(0.5),
        forMs: random.int(5, 1_200) * 1_000,
      });
    }
  }
  if (random.chance(0.08)) happenings.push(slowness(random, at()));
  if (random.chance(0.04))
    happenings.push({ at: at(), kind: 'jump', byMs: random.pick([-HOUR_MS, HOUR_MS]) });
  return happenings;
}

function slowness(random: Random, at: number): Happening {
  const how = random.pick(['slow', 'late'] as const);
  return { at, kind: 'fault', fault: { kind: 'runtime', how }, forMs: random.int(30, 600) * 1_000 };
}
