import type { Random } from '../random.ts';
import type { ServiceSpec } from './plan.ts';

/** Who there is, and how each was built. */
export function makeServices(random: Random): ServiceSpec[] {
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
      checkMs: random.chance(0.5) ? 0 : random.int(200, 12_000),
    };
  });
}
