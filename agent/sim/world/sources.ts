import type { Signal } from '../../src/core/signal.ts';
import type { RuntimeEvent } from '../../src/ports.ts';
import type { Random } from '../random.ts';
import type { SimTime } from '../time.ts';
import type { Timer } from '../timerHeap.ts';
import type { Cluster, ServiceChange, ServiceTruth } from './cluster.ts';
import type { Container } from './container.ts';
import type { Faults } from './faults.ts';

/** A scheduled probe says that it fails when it failed for so long, and again after so long; milliseconds. */
const PROBE_FAILS_MS = 6_000;
const PROBE_AGAIN_MS = 60_000;

/** The source of events lists what runs, and compares, so often; milliseconds. */
const RECONCILE_MS = 5_000;

type Answer = Promise<'acknowledged' | 'refused'>;
type Hear = (signal: Signal) => Answer;
type HearEvent = (event: RuntimeEvent) => Answer;

/** The agent's own eyes: scheduled probes, which repeat what they see, and the runtime's events, which can be lost. */
export class Sources {
  readonly #time: SimTime;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #cluster: Cluster;
  readonly #hear: Hear;
  readonly #hearEvent: HearEvent;
  readonly #isUnderWay: (service: string) => boolean;
  readonly #probes = new Map<string, Timer>();

  constructor(parts: {
    readonly time: SimTime;
    readonly random: Random;
    readonly faults: Faults;
    readonly cluster: Cluster;
    readonly hear: Hear;
    readonly hearEvent: HearEvent;
    /** Whether the journal says that the agent is at work on a service at this moment. */
    readonly isUnderWay: (service: string) => boolean;
  }) {
    const { time, random, faults, cluster, hear, hearEvent, isUnderWay } = parts;
    this.#time = time;
    this.#random = random;
    this.#faults = faults;
    this.#cluster = cluster;
    this.#hear = hear;
    this.#hearEvent = hearEvent;
    this.#isUnderWay = isUnderWay;
    cluster.watch((change, truth) => {
      if (truth.spec.sources.includes('probe')) this.#probe(truth);
      this.#event(change, truth);
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

  /** What Docker's events tell. Who is stopped, started and removed is told of every container, who died of some. */
  #event({ what, container, id }: ServiceChange, { spec }: ServiceTruth): void {
    if (what === 'changed') return;
    const failed = what === 'died' || what === 'oom';
    if (failed && !spec.sources.includes('runtime')) return;
    const lost = this.#faults.is('signals', 'lost') || this.#random.chance(0.03);
    // That something died is lost for good; who is there and who is not, the next listing tells.
    if (lost && failed) return;
    const { run } = container;
    // A stop while the agent's own call is under way cannot be told from what that call does.
    const clear = !this.#isUnderWay(spec.name);
    const event = {
      target: spec.name,
      instance: container.name,
      instanceId: id,
      what,
      happenedAt: this.#time.wall,
      reason: 'an event of the runtime',
    } as const;
    const lateMs = lost ? RECONCILE_MS : this.#random.int(5, 100);
    this.#time.after(lateMs, () => void this.#tell(event, container, run, clear));
  }

  /** What is not taken is told again as long as it is still so: the source lists what runs, and compares. */
  async #tell(event: RuntimeEvent, container: Container, run: number, clear: boolean): Promise<void> {
    if (container.run !== run && event.what !== 'started' && event.what !== 'removed') return;
    const answer = await this.#hearEvent(event);
    if (answer === 'refused') {
      this.#time.after(RECONCILE_MS, () => void this.#tell(event, container, run, clear));
    } else if (event.what === 'stopped' && clear && container.run === run)
      container.stopToldAt = this.#time.now;
  }
}
