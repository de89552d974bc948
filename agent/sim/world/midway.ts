import type { Entry } from '../../src/core/entry.ts';
import type { Happening } from '../plan/plan.ts';
import { MEDDLE_WITHIN_MS } from '../plan/times.ts';
import type { SimTime } from '../time.ts';
import type { Cluster } from './cluster.ts';
import type { People } from './people.ts';

type Coming = Happening & { readonly kind: 'midway' };

/** A deployment in the middle of something leaves the service down for so long at most, milliseconds. */
const DOWN_MAX_MS = 20_000;

/** What waits until the agent is in the middle of something, and then comes to the very target that it is at work on. */
export class Midway {
  readonly #time: SimTime;
  readonly #cluster: Cluster;
  readonly #people: People;
  #coming: Coming[] = [];

  constructor(parts: { readonly time: SimTime; readonly cluster: Cluster; readonly people: People }) {
    this.#time = parts.time;
    this.#cluster = parts.cluster;
    this.#people = parts.people;
  }

  add(coming: Coming): void {
    this.#coming.push(coming);
  }

  written({ target, body }: Entry): void {
    if (this.#coming.length === 0 || target === null || this.#cluster.find(target) === undefined) return;
    const { now } = this.#time;
    this.#coming = this.#coming.filter(({ at }) => now - at <= MEDDLE_WITHIN_MS);
    const next = this.#coming.find(({ upon }) => upon === body.type);
    if (next === undefined) return;
    this.#coming = this.#coming.filter((coming) => coming !== next);
    this.#time.after(next.afterMs, () => this.#come(next, target));
  }

  #come({ what, forMs }: Coming, service: string): void {
    switch (what) {
      case 'deploy':
        this.#cluster.deploy(service, Math.min(forMs, DOWN_MAX_MS));
        return;
      case 'restart':
        this.#cluster.personRestarts(service);
        return;
      case 'stop':
        this.#cluster.personStops(service);
        this.#time.after(forMs, () => this.#cluster.personStarts(service));
        return;
      case 'crash':
        this.#cluster.crash(service);
        return;
      case 'scale-up':
      case 'scale-down':
        this.#cluster.scale(service, what === 'scale-up' ? 1 : -1);
        return;
      case 'maintenance':
        this.#people.maintains(service, forMs, Math.round(forMs / 2));
        return;
      case 'approve':
      case 'observe':
        this.#people.setsMode(service, what, forMs);
        return;
      case 'breaker-reset':
        this.#people.resetsBreaker(service);
        return;
      case 'recover':
      case 'close':
      case 'acknowledge':
        this.#people.says(service, what);
        return;
      default:
        what satisfies never;
    }
  }
}
