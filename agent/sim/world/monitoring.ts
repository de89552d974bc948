import type { Alert, Labels } from '../../src/core/alert.ts';
import type { AlertMessage } from '../../src/ports.ts';
import type { Plan } from '../plan/plan.ts';
import type { Random } from '../random.ts';
import type { SimTime } from '../time.ts';
import type { Timer } from '../timerHeap.ts';
import type { Chronicle } from './chronicle.ts';
import type { Cluster, ServiceTruth } from './cluster.ts';
import type { Faults } from './faults.ts';

/** One continuous firing of one alert, as Prometheus sees it. Times are true times but `startsAt`. */
export type Episode = {
  readonly fingerprint: string;
  readonly service: string;
  readonly labels: Labels;
  /** Wall clock, milliseconds since the epoch. */
  readonly startsAt: number;
  readonly firingAt: number;
  resolvedAt: number | null;
  /** Wall clock; `null` while it fires. */
  endsAt: number | null;
  /** Whether Alertmanager has still to say that it is over. */
  untold: boolean;
  /** When a message that it is over was last acknowledged. */
  heardResolvedAt: number | null;
  /** Whether the agent was ever told that this alert is over while it heard of it again: then it cannot know better. */
  everResolvedHeard: boolean;
  /** Whether a message that it fires was acknowledged. */
  heardFiring: boolean;
};

type Watch = {
  readonly service: string;
  readonly name: string;
  readonly lagMs: number;
  timer: Timer | null;
  episode: Episode | null;
  falseAlarms: number;
  /** Since when there is trouble behind it without a break; true time, `null` where there is none. */
  troubleSince: number | null;
};

/** Alertmanager waits so long for others of the group, milliseconds. */
const GROUP_WAIT_MS = 2_000;
/** A message that was not taken is sent again after this long, milliseconds. */
const RETRY_MS = 15_000;
/** Alerts that fit into one message while something truncates them. */
const TRUNCATED_TO = 1;

export type Post = (message: AlertMessage) => Promise<'acknowledged' | 'refused'>;

/** Prometheus and Alertmanager: they see what is true of services, and say so, over a network that is what it is. */
export class Monitoring {
  readonly #plan: Plan;
  readonly #time: SimTime;
  readonly #random: Random;
  readonly #chronicle: Chronicle;
  readonly #faults: Faults;
  readonly #cluster: Cluster;
  readonly #post: Post;
  readonly #watches = new Map<string, Watch[]>();
  readonly #groups = new Map<number, { readonly services: string[]; timer: Timer | null }>();
  readonly #poisoned = new Set<string>();
  /** Episodes that fire, or are over and not told yet, by fingerprint. */
  readonly #live = new Map<string, Episode[]>();
  readonly #last = new Map<string, Episode>();

  constructor(parts: {
    readonly plan: Plan;
    readonly time: SimTime;
    readonly random: Random;
    readonly chronicle: Chronicle;
    readonly faults: Faults;
    readonly cluster: Cluster;
    readonly post: Post;
  }) {
    this.#plan = parts.plan;
    this.#time = parts.time;
    this.#random = parts.random;
    this.#chronicle = parts.chronicle;
    this.#faults = parts.faults;
    this.#cluster = parts.cluster;
    this.#post = parts.post;
    for (const spec of parts.plan.services) {
      if (!spec.sources.includes('alertmanager')) continue;
      const names = spec.secondAlert ? ['ServiceDown', 'HighErrorRate'] : ['ServiceDown'];
      this.#watches.set(
        spec.name,
        names.map((name, index) => ({
          service: spec.name,
          name,
          lagMs: index * 7_000,
          timer: null,
          episode: null,
          falseAlarms: 0,
          troubleSince: null,
        })),
      );
      const group = this.#groups.get(spec.group) ?? { services: [], timer: null };
      group.services.push(spec.name);
      this.#groups.set(spec.group, group);
    }
    parts.cluster.watch((_change, truth) => this.#weigh(truth));
  }

  /** The last episode of an alert, whether it fires or not. */
  lastOf(fingerprint: string): Episode | null {
    return this.#last.get(fingerprint) ?? null;
  }

  /** The last episode of each alert of a service. */
  episodesOf(service: string): readonly Episode[] {
    return (this.#watches.get(service) ?? []).flatMap(({ name }) => {
      const episode = this.#last.get(fingerprintOf(name, service));
      return episode === undefined ? [] : [episode];
    });
  }

  /** What Prometheus answers when it is asked whether the trouble behind an alert is still there. */
  holds(fingerprint: string): boolean {
    const watch = this.#watchOf(fingerprint);
    return watch !== null && (watch.falseAlarms > 0 || this.#cluster.service(watch.service).symptomatic);
  }

  /** Since when the trouble behind an alert is there without a break; true time, `null` where it is not. */
  holdsSince(fingerprint: string): number | null {
    return this.#watchOf(fingerprint)?.troubleSince ?? null;
  }

  falseAlarm(service: string, forMs: number): void {
    const [watch] = this.#watches.get(service) ?? [];
    if (watch === undefined) return;
    this.#chronicle.tell(() => `${service}: its alert is wrong for a while`);
    watch.falseAlarms += 1;
    this.#weigh(this.#cluster.service(service));
    this.#time.after(forMs, () => {
      watch.falseAlarms -= 1;
      this.#weigh(this.#cluster.service(service));
    });
  }

  /** From now on alerts of the service carry what makes the decision about them throw. */
  poison(service: string, forMs: number): void {
    this.#poisoned.add(service);
    this.#time.after(forMs, () => this.#poisoned.delete(service));
  }

  /** Everything that fires now, as Alertmanager's API tells it. */
  active(): readonly Alert[] {
    return [...this.#live.values()].flatMap((episodes) =>
      episodes.filter(({ resolvedAt }) => resolvedAt === null).map((episode) => alertOf(episode)),
    );
  }

  /** A message that no rule of this world made. */
  stray(what: 'agent' | 'unknown' | 'own-escalation' | 'resolved', service: string): void {
    const startsAt = this.#time.wall - 1_000;
    const labels: Labels =
      what === 'agent'
        ? { alertname: 'MarketProgrammerAgentDown', job: 'market-programmer-agent' }
        : what === 'unknown'
          ? { alertname: 'ServiceDown', service: 'nobody-knows-it' }
          : what === 'own-escalation'
            ? { alertname: 'MarketProgrammerAgentEscalation', service }
            : { alertname: 'StrayAlert', service };
    const alert: Alert = {
      fingerprint: `stray-${what}:${service}`,
      status: what === 'resolved' ? 'resolved' : 'firing',
      labels,
      annotations: {},
      startsAt,
      endsAt: what === 'resolved' ? startsAt + 500 : null,
      generatorUrl: '',
    };
    this.#chronicle.tell(() => `a stray message comes: ${what} ${service}`);
    void this.#post({ receiver: 'agent', alerts: [alert], truncated: 0 });
  }

  #watchOf(fingerprint: string): Watch | null {
    const [, service = ''] = fingerprint.split(':');
    return (
      this.#watches.get(service)?.find(({ name }) => fingerprintOf(name, service) === fingerprint) ?? null
    );
  }

  #weigh(truth: ServiceTruth): void {
    for (const watch of this.#watches.get(truth.spec.name) ?? []) {
      const wanted = truth.symptomatic || watch.falseAlarms > 0;
      watch.troubleSince = wanted ? (watch.troubleSince ?? this.#time.now) : null;
      const fires = watch.episode !== null;
      if (wanted === fires) {
        if (watch.timer !== null) watch.timer.fire = null;
        watch.timer = null;
        continue;
      }
      // It is pending already: that nothing new happened does not make it begin again.
      if (watch.timer !== null) continue;
      const { alertAfterMs, resolveAfterMs } = truth.spec;
      watch.timer = this.#time.after((wanted ? alertAfterMs : resolveAfterMs) + watch.lagMs, () => {
        watch.timer = null;
        if (wanted) this.#fire(watch);
        else this.#resolve(watch);
        this.#flushSoon(truth.spec.group, GROUP_WAIT_MS);
      });
    }
  }

  #fire(watch: Watch): void {
    const { service, name } = watch;
    const labels = this.#poisoned.has(service)
      ? { alertname: name, service, poison: 'yes' }
      : { alertname: name, service };
    const episode: Episode = {
      fingerprint: fingerprintOf(name, service),
      service,
      labels,
      startsAt: this.#time.wall,
      firingAt: this.#time.now,
      resolvedAt: null,
      endsAt: null,
      untold: false,
      heardResolvedAt: null,
      everResolvedHeard: false,
      heardFiring: false,
    };
    this.#chronicle.tell(() => `alert ${name} of ${service} fires`);
    watch.episode = episode;
    this.#last.set(episode.fingerprint, episode);
    this.#live.set(episode.fingerprint, [episode]);
  }

  #resolve(watch: Watch): void {
    const { episode } = watch;
    watch.episode = null;
    if (episode === null) return;
    this.#chronicle.tell(() => `alert ${watch.name} of ${watch.service} resolves`);
    episode.resolvedAt = this.#time.now;
    episode.endsAt = this.#time.wall;
    episode.untold = true;
  }

  #flushSoon(group: number, ms: number): void {
    const state = this.#groups.get(group);
    if (state === undefined) return;
    if (state.timer !== null) {
      if (state.timer.at <= this.#time.now + ms && state.timer.fire !== null) return;
      state.timer.fire = null;
    }
    state.timer = this.#time.after(ms, () => {
      state.timer = null;
      void this.#flush(group);
    });
  }

  async #flush(group: number): Promise<void> {
    const episodes = (this.#groups.get(group)?.services ?? []).flatMap((service) =>
      (this.#watches.get(service) ?? []).flatMap(({ name }) =>
        (this.#live.get(fingerprintOf(name, service)) ?? []).filter(
          ({ resolvedAt, untold }) => resolvedAt === null || untold,
        ),
      ),
    );
    if (episodes.length === 0) return;
    const mute = this.#faults.is('signals', 'resolved-lost');
    const said = mute ? episodes.filter(({ resolvedAt }) => resolvedAt === null) : episodes;
    const taken = said.length === 0 || (await this.#send(said));
    if (!taken) {
      this.#flushSoon(group, RETRY_MS);
      return;
    }
    for (const episode of episodes) if (episode.resolvedAt !== null) episode.untold = false;
    if (episodes.some(({ resolvedAt }) => resolvedAt === null)) this.#flushSoon(group, this.#plan.repeatMs);
  }

  /** Sends one message over the network as it is now; answers whether Alertmanager believes that it arrived. */
  async #send(episodes: readonly Episode[]): Promise<boolean> {
    const faults = this.#faults;
    const later = (ms: number, twinMs = 0) => {
      const copies = episodes.map((episode) => ({
        episode,
        alert: alertOf(episode, twinMs, this.#time.wall),
      }));
      this.#time.after(ms, () => void this.#deliver(copies));
    };
    if (faults.is('signals', 'twins')) later(this.#random.int(0, 600_000), this.#random.int(1, 20_000));
    if (faults.is('signals', 'duplicated')) {
      for (let left = this.#random.int(1, 4); left > 0; left -= 1) later(this.#random.int(0, 600_000));
    }
    if (faults.is('signals', 'lost')) return true;
    if (faults.is('signals', 'delayed')) {
      later(this.#random.int(60_000, 7_200_000));
      return true;
    }
    if (faults.is('signals', 'reordered')) {
      later(this.#random.int(0, 45_000));
      return true;
    }
    const copies = episodes.map((episode) => ({ episode, alert: alertOf(episode) }));
    const taken = await this.#deliver(copies);
    return taken && !faults.is('signals', 'ack-lost');
  }

  async #deliver(copies: readonly { readonly episode: Episode; readonly alert: Alert }[]): Promise<boolean> {
    const cut = this.#faults.is('signals', 'truncated') && copies.length > TRUNCATED_TO;
    const kept = cut ? copies.slice(0, TRUNCATED_TO) : copies;
    const alerts = kept.map(({ alert }) => alert);
    const answer = await this.#post({ receiver: 'agent', alerts, truncated: copies.length - kept.length });
    if (answer !== 'acknowledged') return false;
    for (const { episode, alert } of kept) {
      if (alert.status === 'firing') {
        episode.heardFiring = true;
        continue;
      }
      episode.heardResolvedAt = this.#time.now;
      const current = this.#last.get(alert.fingerprint);
      if (current !== undefined) current.everResolvedHeard = true;
    }
    return !cut || kept.every(({ alert }) => alert.status === 'firing');
  }
}

function fingerprintOf(name: string, service: string): string {
  return `${name}:${service}`;
}

/** The alert as it stands now; a twin saw it begin later, but neither after its end nor after it told of it. */
function alertOf(episode: Episode, twinMs = 0, toldAt = Number.POSITIVE_INFINITY): Alert {
  const { fingerprint, labels, startsAt, endsAt } = episode;
  return {
    fingerprint,
    status: endsAt === null ? 'firing' : 'resolved',
    labels,
    annotations: {},
    startsAt: Math.max(startsAt, Math.min(startsAt + twinMs, endsAt ?? toldAt)),
    endsAt,
    generatorUrl: 'http://prometheus/graph',
  };
}
