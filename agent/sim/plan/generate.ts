import { Random } from '../random.ts';
import type {
  Fault,
  Happening,
  Illness,
  MindSpec,
  Plan,
  RecurringSpec,
  ServiceSpec,
  SettingsSpec,
} from './plan.ts';

const MINUTE = 60_000;
/** Minute of the day at which every world begins, by its wall clock. */
const BEGIN_MINUTE = 12 * 60;

/** Makes the world of a seed: who there is, how it is configured, and everything that will happen. */
export function generatePlan(seed: number): Plan {
  const random = new Random(seed);
  const services = makeServices(random);
  const controls = new Random(seed ^ 0xc0417);
  const settings = { ...makeSettings(random), recurring: makeRecurring(controls, services) };
  const busyMs = random.int(10, 45) * MINUTE;
  const happenings = [
    ...makeHappenings(random, services, settings, busyMs).map((each) =>
      each.kind === 'reload'
        ? { ...each, settings: { ...each.settings, recurring: makeRecurring(controls, services) } }
        : each,
    ),
    ...makeControls(controls, services, busyMs),
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
    repeatMs: random.int(2, 5) * MINUTE,
    people: random.pick(['never', 'acknowledge', 'repair', 'repair']),
    peopleMs: random.int(1, 12) * MINUTE,
    happenings,
    faultsEndAt,
    endAt: faultsEndAt + deadlineMs + backMs + 25 * MINUTE,
  };
}

/** How far the wall clock moves in all in what happens there, milliseconds. */
export function jumpOf(happening: Happening): number {
  return happening.kind === 'jump' ? happening.byMs : happening.kind === 'kill' ? happening.jumpMs : 0;
}

/** When what happens there is over. */
export function endOf(happening: Happening): number {
  switch (happening.kind) {
    case 'fault':
    case 'false-alarm':
    case 'poison':
    case 'person-stop':
    case 'maintenance':
    case 'mode':
      return happening.at + happening.forMs;
    case 'reload':
      return Math.max(happening.at, lastRecurring(happening.settings));
    case 'kill':
    case 'stop':
    case 'deploy':
      return happening.at + happening.downMs;
    case 'illness':
      return happening.at + (happening.illness.healsAfterMs ?? 0);
    default:
      return happening.at;
  }
}

function makeServices(random: Random): ServiceSpec[] {
  const kind = random.fraction();
  const count =
    kind < 0.1 ? 1 : kind < 0.75 ? random.int(2, 12) : kind < 0.97 ? random.int(13, 40) : random.int(41, 200);
  const linked = random.chance(0.5);
  const cyclic = linked && random.chance(0.3);
  const names = Array.from({ length: count }, (_, index) => `s${String(index + 1).padStart(3, '0')}`);
  return names.map((name, index) => {
    const self = count > 2 && index === count - 1 && random.chance(0.5);
    const guarded = self
      ? 'self'
      : random.chance(0.05)
        ? random.pick(['by-target', 'by-name'] as const)
        : 'no';
    const candidates = cyclic ? names.filter((other) => other !== name) : names.slice(0, index);
    const inCycle = cyclic && index < 2 && count > 2;
    const another = linked && candidates.length > 0 && random.chance(0.4) ? [random.pick(candidates)] : [];
    const sources = random.pick([
      ['alertmanager'],
      ['alertmanager'],
      ['alertmanager', 'runtime'],
      ['alertmanager', 'probe'],
      ['probe'],
      ['alertmanager', 'probe', 'runtime'],
    ] as const);
    return {
      name: self ? 'market-programmer-agent' : name,
      instances: random.chance(0.75) ? 1 : random.int(2, 3),
      dependsOn: inCycle ? [names[1 - index] ?? name] : another,
      suffers: inCycle || random.chance(0.6),
      healthCheck: random.chance(0.6),
      supervised: random.chance(0.4),
      probes: sources.some((source) => source === 'probe') || random.chance(0.2),
      bootMs: random.chance(0.8) ? random.int(200, 8_000) : random.int(8_000, 40_000),
      startPeriodMs: random.chance(0.5) ? 0 : random.int(5_000, 40_000),
      alertAfterMs: random.int(1_000, 60_000),
      resolveAfterMs: random.int(1_000, 30_000),
      group: random.int(0, Math.floor(count / 3)),
      sources,
      secondAlert: random.chance(0.25),
      mode: random.chance(0.9) ? 'auto' : random.pick(['approve', 'observe', 'off'] as const),
      guarded,
      discovered: guarded === 'no' && random.chance(0.15),
    };
  });
}

/** When the last window that comes again is over; milliseconds since the world began, if the wall clock does not jump. */
function lastRecurring({ recurring }: SettingsSpec): number {
  return recurring.reduce(
    (end, { startMinute, durationMs }) => Math.max(end, (startMinute - BEGIN_MINUTE) * MINUTE + durationMs),
    0,
  );
}

/** What people set, drawn apart from all else: without it the world takes the course that it took before. */
function makeControls(random: Random, services: readonly ServiceSpec[], busyMs: number): Happening[] {
  const happenings: Happening[] = [];
  const some = () => (random.chance(0.25) ? null : random.pick(services).name);
  if (random.chance(0.25)) {
    for (let left = random.int(1, 4); left > 0; left -= 1) {
      happenings.push({
        at: random.int(1_000, busyMs),
        kind: 'maintenance',
        of: some(),
        forMs: random.int(1, 20) * MINUTE,
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

function makeRecurring(random: Random, services: readonly ServiceSpec[]): readonly RecurringSpec[] {
  if (!random.chance(0.1)) return [];
  return [
    {
      of: random.chance(0.4) ? null : random.pick(services).name,
      startMinute: BEGIN_MINUTE + random.int(0, 40),
      durationMs: random.int(2, 15) * MINUTE,
    },
  ];
}

function makeSettings(random: Random): SettingsSpec {
  return {
    mode: random.chance(0.94) ? 'auto' : random.pick(['approve', 'observe', 'off'] as const),
    steps: random.pick([
      ['check_logs', 'restart', 'check_health', 'escalate_to_human'],
      ['check_logs', 'check_resources', 'restart', 'check_health', 'escalate_to_human'],
      ['restart'],
      ['restart', 'wait', 'restart', 'escalate_to_human'],
      ['wait', 'start', 'restart'],
      ['restart', 'restart', 'restart', 'restart', 'escalate_to_human'],
      ['check_health', 'start', 'check_logs'],
    ] as const),
    budget: random.int(1, 4),
    budgetWindowMs: random.pick([5, 10, 20]) * MINUTE,
    concurrent: random.int(1, 4),
    fraction: random.pick([0.1, 0.2, 0.34, 0.5, 1]),
    soakMs: random.int(3, 16) * 1_000,
    verifyMs: random.int(20, 120) * 1_000,
    intervalMs: random.int(1, 4) * 1_000,
    deadlineMs: random.pick([5, 10, 20]) * MINUTE,
    stopTimeoutMs: random.pick([0, 2_000, 10_000]),
    symptom: random.chance(0.85) ? 'auto' : 'none',
    channels: random.chance(0.7) ? ['people'] : ['people', 'pager'],
    recurring: [],
  };
}

/** Drawn apart from all else: what goes on in the world is the same whoever thinks about it. */
function makeMind(random: Random): MindSpec {
  const analyst = random.chance(0.3) ? 'adversary' : 'none';
  return {
    rules: random.pick(['none', 'none', 'none', 'honest', 'liar'] as const),
    analyst,
    wish: random.pick(['wait', 'background'] as const),
    timeoutMs: random.pick([2_000, 10_000]),
    tokens: 500,
    dayTokens: random.pick([1_000, 5_000, 100_000]),
    mode: analyst === 'adversary' && random.chance(0.25) ? 'approve' : 'auto',
  };
}

function makeHappenings(
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
    downMs: random.chance(0.8) ? random.int(100, 30_000) : random.int(1, 20) * MINUTE,
    jumpMs: 0,
  }));
  add(0.5, 5, () => ({
    at: at(),
    kind: 'kill',
    crossings: random.int(0, 4),
    actingMs: random.chance(0.6) ? 0 : random.int(0, 3_000),
    written: random.chance(0.5),
    downMs: random.chance(0.6) ? random.int(100, 6_000) : random.int(1, 8) * MINUTE,
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
  add(0.15, 2, () => ({ at: at(), kind: 'poison', service: some().name, forMs: random.int(5, 40) * MINUTE }));
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

/** Two that depend on each other fail together: neither may wait for the other. */
function makeMutualTrouble(random: Random, at: number, services: readonly ServiceSpec[]): Happening[] {
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
function makeStorm(random: Random, at: number, services: readonly ServiceSpec[]): Happening[] {
  const share = random.fraction();
  return services
    .filter(() => random.chance(share))
    .flatMap((service) => makeIllness(random, at + random.int(0, 20_000), service));
}

function makeIllness(random: Random, at: number, service: ServiceSpec): Happening[] {
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

function makeFault(random: Random): Fault {
  switch (random.int(0, 7)) {
    case 0:
    case 1:
    case 2:
      return {
        kind: 'signals',
        how: random.pick([
          'lost',
          'delayed',
          'duplicated',
          'reordered',
          'resolved-lost',
          'ack-lost',
          'twins',
          'truncated',
        ] as const),
      };
    case 3:
    case 4:
      return {
        kind: 'runtime',
        how: random.pick(['unreachable', 'slow', 'fails', 'never-applied', 'answer-lost'] as const),
      };
    case 5:
      return { kind: 'notifier', how: random.pick(['fails', 'hangs', 'answer-lost'] as const) };
    case 6:
      return { kind: 'symptoms', how: random.pick(['unknown', 'fails', 'hangs'] as const) };
    default:
      return { kind: 'disk', how: random.pick(['full', 'slow'] as const) };
  }
}
