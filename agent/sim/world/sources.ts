import type { Signal } from '../../src/core/signal.ts';
import type { Random } from '../random.ts';
import type { SimTime } from '../time.ts';
import type { Timer } from '../timerHeap.ts';
import type { Cluster, ServiceTruth } from './cluster.ts';
import type { Faults } from './faults.ts';

/** A scheduled probe says that it fails when it failed for so long, and again after so long; milliseconds. */
const PROBE_FAILS_MS = 6_000;
const PROBE_AGAIN_MS = 60_000;

type Hear = (signal: Signal) => Promise<'acknowledged' | 'refused'>;

/** The agent's own eyes: scheduled probes, which repeat what they see, and the runtime's events, which can be lost. */
export class Sources {
  readonly #time: SimTime;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #cluster: Cluster;
  readonly #hear: Hear;
  readonly #probes = new Map<string, Timer>();

  constructor(time: SimTime, random: Random, faults: Faults, cluster: Cluster, hear: Hear) {
    this.#time = time;
    this.#random = random;
    this.#faults = faults;
    this.#cluster = cluster;
    this.#hear = hear;
    cluster.watch(({ what }, truth) => {
      if (truth.spec.sources.includes('probe')) this.#probe(truth);
      if (truth.spec.sources.includes('runtime') && (what === 'died' || what === 'oom'))
        this.#event(truth, what);
    });
  }

  #probe({ spec, symptomatic }: ServiceTruth): void {
    const known = this.#probes.get(spec.name);
    if (!symptomatic) {
      if (known === undefined) return;
      known.fire = null;
      this.#probes.delete(spec.name);
      void this.#hear({
        source: 'probe',
        target: spec.name,
        probe: 'port',
        state: 'passing',
        reason: 'accepts',
      });
      return;
    }
    if (known === undefined) this.#sayAfter(spec.name, PROBE_FAILS_MS);
  }

  #sayAfter(service: string, ms: number): void {
    this.#probes.set(
      service,
      this.#time.after(ms, () => {
        const { symptomatic } = this.#cluster.service(service);
        if (!symptomatic) return;
        this.#sayAfter(service, PROBE_AGAIN_MS);
        void this.#hear({
          source: 'probe',
          target: service,
          probe: 'port',
          state: 'failing',
          reason: 'refused',
        });
      }),
    );
  }

  #event({ spec, containers }: ServiceTruth, what: 'died' | 'oom'): void {
    if (this.#faults.is('signals', 'lost') || this.#random.chance(0.05)) return;
    const happenedAt = this.#time.wall;
    const instance = containers.find(({ status }) => status !== 'running')?.name ?? `${spec.name}-1`;
    this.#time.after(this.#random.int(5, 100), () => {
      void this.#hear({
        source: 'runtime',
        target: spec.name,
        event: what,
        instance,
        happenedAt,
        reason: 'it ended',
      });
    });
  }
}
