import { SKEW_MS } from '../../src/core/fleet/skew.ts';
import type { Signal } from '../../src/core/signal.ts';
import type { RuntimeEvent } from '../../src/ports.ts';
import type { Random } from '../random.ts';
import type { SimTime } from '../time.ts';
import type { Timer } from '../timerHeap.ts';
import type { Cluster, ServiceChange, ServiceTruth } from './cluster.ts';
import type { Container } from './container.ts';
import type { Faults } from './faults.ts';
import type { ActNote } from './ledger.ts';

/** A scheduled probe says that it fails when it failed for so long, and again after so long; milliseconds. */
const PROBE_FAILS_MS = 6_000;
const PROBE_AGAIN_MS = 60_000;

/** A source of events that was not heard tries again after this long, milliseconds. */
const RECONNECT_MS = 5_000;

type Answer = Promise<'acknowledged' | 'refused'>;
type Hear = (signal: Signal) => Answer;
type HearEvent = (event: RuntimeEvent) => Answer;
type Waiting = { readonly event: RuntimeEvent; readonly heard: () => void };

/** The agent's own eyes: scheduled probes, which repeat what they see, and the runtime's events, which can be lost. */
export class Sources {
  readonly #time: SimTime;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #cluster: Cluster;
  readonly #isKnown: (service: string) => boolean;
  readonly #hear: Hear;
  readonly #hearEvent: HearEvent;
  readonly #lastActOn: (container: string) => ActNote | null;
  readonly #probes = new Map<string, Timer>();
  /** Events of each container that are not heard yet, oldest first. */
  readonly #events = new Map<string, Waiting[]>();

  constructor(parts: {
    readonly time: SimTime;
    readonly random: Random;
    readonly faults: Faults;
    readonly cluster: Cluster;
    /** Whether a service is anybody's target: nobody probes what is none, nor tells that it died. */
    readonly isKnown: (service: string) => boolean;
    readonly hear: Hear;
    readonly hearEvent: HearEvent;
    /** What the journal says of the agent's last call on a container. */
    readonly lastActOn: (container: string) => ActNote | null;
  }) {
    const { time, random, faults, cluster, isKnown, hear, hearEvent, lastActOn } = parts;
    this.#time = time;
    this.#random = random;
    this.#faults = faults;
    this.#cluster = cluster;
    this.#isKnown = isKnown;
    this.#hear = hear;
    this.#hearEvent = hearEvent;
    this.#lastActOn = lastActOn;
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
      if (!this.#isKnown(spec.name)) return;
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
        if (!this.#isKnown(service)) return;
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
    if (failed && !(spec.sources.includes('runtime') && this.#isKnown(spec.name))) return;
    // That something died can be lost for good; who is there and who is not, the next listing tells.
    if (failed && (this.#faults.is('signals', 'lost') || this.#random.chance(0.03))) return;
    const event: RuntimeEvent = {
      target: spec.name,
      instance: container.name,
      instanceId: id,
      what: what === 'unpaused' ? 'started' : what,
      happenedAt: this.#time.wall,
      reason: 'an event of the runtime',
    };
    const clear = what === 'paused' || (what === 'stopped' && !this.#mayBeOwn(container));
    const { run } = container;
    const heard = () => {
      if (clear && container.run === run && container.stoppedByPerson) container.stopToldAt = this.#time.now;
    };
    const waiting = this.#events.get(container.name) ?? [];
    waiting.push({ event, heard });
    this.#events.set(container.name, waiting);
    if (waiting.length === 1) this.#tellSoon(waiting, this.#random.int(5, 100));
  }

  /**
   * Whether the agent's own call may have stopped it: one that has not started it is under way, or ended so lately that
   * the clocks of the agent and of the daemon cannot tell.
   */
  #mayBeOwn({ name, startedBy, startedTrueAt }: Container): boolean {
    const act = this.#lastActOn(name);
    if (act === null || (act.endedAt !== null && this.#time.now - act.endedAt > SKEW_MS)) return false;
    return startedBy !== 'agent' || startedTrueAt < act.at;
  }

  /** In the order of the daemon, and each until it is taken: after a break the source goes on where it was. */
  #tellSoon(waiting: Waiting[], ms: number): void {
    this.#time.after(ms, async () => {
      const [next] = waiting;
      if (next === undefined) return;
      const taken = (await this.#hearEvent(next.event)) === 'acknowledged';
      if (taken) {
        next.heard();
        waiting.shift();
      }
      if (waiting.length > 0) this.#tellSoon(waiting, taken ? 1 : RECONNECT_MS);
    });
  }
}
