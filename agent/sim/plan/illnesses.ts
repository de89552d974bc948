import type { Random } from '../random.ts';
import type { Happening, Illness, ServiceSpec } from './plan.ts';

/** Two that depend on each other fail together: neither may wait for the other. */
export function makeMutualTrouble(random: Random, at: number, services: readonly ServiceSpec[]): Happening[] {
  const [one, other] = services;
  if (one === undefined || other === undefined) return [];
  if (!one.dependsOn.includes(other.name) || !other.dependsOn.includes(one.name)) return [];
  const illness: Illness = {
    kind: 'hang',
    shows: 'unhealthy',
    restarts: 1,
    healsAfterMs: null,
    relapseMs: 0,
  };
  return [one, other].map(
    ({ name }): Happening => ({
      at: at + random.int(0, 5_000),
      kind: 'illness',
      service: name,
      instance: 0,
      illness,
    }),
  );
}

/** Several at once: a host, a network or a deployment of all is in trouble. */
export function makeStorm(random: Random, at: number, services: readonly ServiceSpec[]): Happening[] {
  const share = random.fraction();
  return services
    .filter(() => random.chance(share))
    .flatMap((service) => makeIllness(random, at + random.int(0, 20_000), service));
}

/** One illness of one instance, which may come again, also under other versions. */
export function makeIllness(random: Random, at: number, service: ServiceSpec): Happening[] {
  const instance = random.int(0, service.instances - 1);
  const [illness, again] = drawIllness(random);
  const happening = (when: number): Happening => ({
    at: when,
    kind: 'illness',
    service: service.name,
    instance,
    illness,
  });
  const times = again || random.chance(0.08) ? 5 : 1;
  const pauseMs = random.int(60_000, 240_000);
  // Somebody tries new versions meanwhile, and they are no better.
  const versions = times > 1 && random.chance(0.5);
  return Array.from({ length: times }, (_, time) => time).flatMap((time): Happening[] => {
    const when = at + time * pauseMs;
    const deploy: Happening = {
      at: when + Math.round(pauseMs * 0.8),
      kind: 'deploy',
      service: service.name,
      downMs: random.int(500, 5_000),
    };
    return versions ? [happening(when), deploy] : [happening(when)];
  });
}

/** What is wrong, and whether it comes again. */
function drawIllness(random: Random): readonly [Illness, boolean] {
  const lasting = random.int(30, 1_200) * 1_000;
  switch (random.int(0, 9)) {
    case 0:
    case 1:
      return [{ kind: 'crash', shows: 'exits', restarts: 1, healsAfterMs: null, relapseMs: 0 }, false];
    case 2:
    case 3:
      return [
        { kind: 'hang', shows: 'unhealthy', restarts: random.int(1, 2), healsAfterMs: null, relapseMs: 0 },
        random.chance(0.2),
      ];
    case 4:
      return [
        { kind: 'slow start', shows: 'unhealthy', restarts: 1, healsAfterMs: null, relapseMs: 0 },
        false,
      ];
    case 5:
      return [
        {
          kind: 'crash loop',
          shows: 'exits',
          restarts: null,
          healsAfterMs: random.chance(0.5) ? lasting : null,
          relapseMs: random.int(0, 20_000),
        },
        false,
      ];
    case 6:
      return [
        {
          kind: 'out of memory',
          shows: 'exits',
          restarts: random.int(1, 3),
          healsAfterMs: null,
          relapseMs: random.int(5_000, 90_000),
        },
        false,
      ];
    case 7:
      return [
        {
          kind: 'fails under load',
          shows: 'unhealthy',
          restarts: null,
          healsAfterMs: lasting,
          relapseMs: random.int(10_000, 120_000),
        },
        false,
      ];
    case 8:
      return random.chance(0.5)
        ? [
            {
              kind: 'heals by itself',
              shows: 'unhealthy',
              restarts: null,
              healsAfterMs: random.int(5, 120) * 1_000,
              relapseMs: 0,
            },
            false,
          ]
        : [
            {
              kind: 'never heals',
              shows: random.pick(['exits', 'unhealthy'] as const),
              restarts: null,
              healsAfterMs: null,
              relapseMs: 0,
            },
            false,
          ];
    default:
      return [
        {
          kind: 'lies about its health',
          shows: 'nothing',
          restarts: random.chance(0.7) ? 1 : null,
          healsAfterMs: null,
          relapseMs: 0,
        },
        false,
      ];
  }
}
