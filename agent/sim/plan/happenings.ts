import type { Random } from '../random.ts';
import { makeFault } from './faults.ts';
import { makeIllness, makeMutualTrouble, makeStorm } from './illnesses.ts';
import type { Happening, ServiceSpec, SettingsSpec } from './plan.ts';
import { makeSettings } from './settings.ts';
import { MINUTE_MS } from './times.ts';

/** Everything that happens while the world is busy, in no order. */
export function makeHappenings(
  random: Random,
  services: readonly ServiceSpec[],
  settings: SettingsSpec,
  busyMs: number,
): Happening[] {
  const happenings: Happening[] = [];
  const at = () => random.int(1_000, busyMs);
  const some = () => random.pick(services);
  const troubles = Math.max(2, Math.round(services.length * (1 + random.fraction() * 5)));
  for (let index = 0; index < troubles; index += 1) {
    happenings.push(...makeIllness(random, at(), some()));
  }
  if (random.chance(0.25)) happenings.push(...makeStorm(random, at(), services));
  if (random.chance(0.8)) happenings.push(...makeMutualTrouble(random, at(), services));
  const add = (share: number, most: number, make: () => Happening) => {
    if (!random.chance(share)) return;
    for (let left = random.int(1, most); left > 0; left -= 1) happenings.push(make());
  };
  add(0.6, 5, () => {
    const fault = makeFault(random);
    // While the disk is full the agent does nothing but try: long ones show nothing that short ones do not.
    return { at: at(), kind: 'fault', fault, forMs: random.int(5, fault.kind === 'disk' ? 90 : 900) * 1_000 };
  });
  add(0.6, 6, () => ({
    at: at(),
    kind: 'kill',
    crossings: random.int(0, 40),
    actingMs: null,
    written: random.chance(0.5),
    downMs: random.chance(0.8) ? random.int(100, 30_000) : random.int(1, 20) * MINUTE_MS,
    jumpMs: 0,
  }));
  add(0.5, 5, () => ({
    at: at(),
    kind: 'kill',
    crossings: random.int(0, 4),
    actingMs: random.chance(0.6) ? 0 : random.int(0, 3_000),
    written: random.chance(0.5),
    downMs: random.chance(0.6) ? random.int(100, 6_000) : random.int(1, 8) * MINUTE_MS,
    jumpMs: random.chance(0.15) ? random.pick([-20_000, -5_000, 5_000, 20_000]) : 0,
  }));
  add(0.15, 2, () => ({ at: at(), kind: 'stop', downMs: random.int(100, 120_000) }));
  add(0.3, 3, () => ({
    at: at(),
    kind: 'stray',
    what: random.pick(['agent', 'unknown', 'own-escalation', 'resolved'] as const),
    service: some().name,
  }));
  add(0.2, 2, () => ({
    at: at(),
    kind: 'false-alarm',
    service: some().name,
    forMs: random.int(30, 900) * 1_000,
  }));
  add(0.15, 2, () => ({
    at: at(),
    kind: 'poison',
    service: some().name,
    forMs: random.int(5, 40) * MINUTE_MS,
  }));
  add(0.3, 3, () => ({ at: at(), kind: 'deploy', service: some().name, downMs: random.int(500, 20_000) }));
  add(0.2, 2, () => ({ at: at(), kind: 'person-restart', service: some().name }));
  add(0.25, 3, () => ({
    at: at(),
    kind: 'person-stop',
    service: some().name,
    forMs: random.int(30, 1_800) * 1_000,
  }));
  add(0.2, 3, () => ({
    at: at(),
    kind: 'person-says',
    service: some().name,
    command: random.pick(['recover', 'close', 'acknowledge'] as const),
  }));
  add(0.12, 2, () => ({
    at: at(),
    kind: 'jump',
    byMs: (random.chance(0.5) ? -1 : 1) * random.int(1, 1_200) * 1_000,
  }));
  add(0.15, 1, () => ({
    at: at(),
    kind: 'reload',
    settings: { ...makeSettings(random), channels: settings.channels },
  }));
  return happenings;
}
