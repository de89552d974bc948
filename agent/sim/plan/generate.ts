import { Random } from '../random.ts';
import { makeConditions } from './conditions.ts';
import { makeControls } from './controls.ts';
import { makeHappenings } from './happenings.ts';
import { makeMeddling } from './meddling.ts';
import { makeMidway } from './midway.ts';
import { makeMind } from './mind.ts';
import type { Plan } from './plan.ts';
import { makeRecurring } from './recurring.ts';
import { makeServices } from './services.ts';
import { makeSettings } from './settings.ts';
import { endOf, jumpOf, lastRecurring, MINUTE_MS } from './times.ts';

/** Makes the world of a seed: who there is, how it is configured, and everything that will happen. */
export function generatePlan(seed: number): Plan {
  const random = new Random(seed);
  const services = makeServices(random);
  const controls = new Random(seed ^ 0xc0417);
  const conditions = new Random(seed ^ 0x0171f);
  const drawn = makeSettings(random);
  const settings = {
    ...drawn,
    recurring: makeRecurring(controls, services),
    onlyIf: makeConditions(conditions, drawn.steps),
  };
  const busyMs = random.int(10, 45) * MINUTE_MS;
  const happenings = [
    ...makeHappenings(random, services, settings, busyMs).map((each) =>
      each.kind === 'reload'
        ? {
            ...each,
            settings: {
              ...each.settings,
              recurring: makeRecurring(controls, services),
              onlyIf: makeConditions(conditions, each.settings.steps),
            },
          }
        : each,
    ),
    ...makeControls(controls, services, busyMs),
    ...makeMeddling(new Random(seed ^ 0x3edd1e), services, busyMs),
    ...makeMidway(new Random(seed ^ 0x31d3a4), services, busyMs),
  ];
  happenings.sort((one, other) => one.at - other.at);
  const faultsEndAt = happenings.reduce(
    (end, happening) => Math.max(end, endOf(happening)),
    lastRecurring(settings),
  );
  const backMs = happenings.reduce((sum, happening) => sum + Math.abs(jumpOf(happening)), 0);
  const deadlineMs = happenings.reduce(
    (longest, happening) =>
      happening.kind === 'reload' ? Math.max(longest, happening.settings.deadlineMs) : longest,
    settings.deadlineMs,
  );
  return {
    seed,
    services,
    settings,
    mind: makeMind(new Random(seed ^ 0x3a11ed)),
    symptomSource: random.chance(0.6),
    alertReader: random.chance(0.6),
    self: random.chance(0.9) ? (random.chance(0.5) ? 'outside' : 'container') : 'unknown',
    repeatMs: random.int(2, 5) * MINUTE_MS,
    people: random.pick(['never', 'acknowledge', 'repair', 'repair']),
    peopleMs: random.int(1, 12) * MINUTE_MS,
    happenings,
    faultsEndAt,
    endAt: faultsEndAt + deadlineMs + backMs + 25 * MINUTE_MS,
  };
}
