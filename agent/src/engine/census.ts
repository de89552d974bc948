import type { SelfIdentity } from '../core/guards/index.ts';
import type { Settings } from '../core/settings.ts';
import type { RuntimeName, Target } from '../core/target.ts';
import type { Clock, Control, Runtime, SelfFinder } from '../ports.ts';
import { bounded, deadlineIn, wordsOf } from './deadline.ts';

/** One round of discovery may take this long, milliseconds. */
const ROUND_MS = 2_000;
/** Rounds come this often, milliseconds; a signal without a known target brings one forward. */
const INTERVAL_MS = 15_000;
/** But never more often than this, milliseconds. */
const INTERVAL_MIN_MS = 500;
/** Targets that are held at most. */
const TARGETS_MAX = 2_000;

/** Who there is: the targets, configured and discovered, and the agent itself. Taken anew every so often. */
export class Census {
  readonly #clock: Clock;
  readonly #runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly #selfFinder: SelfFinder;
  readonly #settings: () => Settings;
  readonly #onNewTarget: () => void;
  readonly #troubles = new Map<RuntimeName, string>();
  readonly #discovered = new Map<RuntimeName, readonly Target[]>();
  #merged: { readonly configured: readonly Target[]; readonly targets: readonly Target[] } | null = null;
  #self: SelfIdentity = { kind: 'unknown', reason: 'not looked for yet' };
  #takenAt = Number.NEGATIVE_INFINITY;
  #round: Promise<void> | null = null;

  constructor(parts: {
    readonly clock: Clock;
    readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
    readonly selfFinder: SelfFinder;
    readonly settings: () => Settings;
    /** Called after a round that found a target which was not there before. */
    readonly onNewTarget: () => void;
  }) {
    this.#clock = parts.clock;
    this.#runtimes = parts.runtimes;
    this.#selfFinder = parts.selfFinder;
    this.#settings = parts.settings;
    this.#onNewTarget = parts.onNewTarget;
  }

  /** Takes the first census, and goes on taking it until the signal aborts. */
  async start(signal: AbortSignal): Promise<void> {
    await this.refresh(signal);
    void this.#repeat(signal);
  }

  get self(): SelfIdentity {
    return this.#self;
  }

  /** Configured targets first; of a discovered one of the same name only what it depends on is taken. */
  get targets(): readonly Target[] {
    const configured = this.#settings().targets;
    // Asked for at every decision, and it changes with a round or a reload alone.
    if (this.#merged?.configured !== configured) {
      this.#merged = { configured, targets: this.#merge(configured) };
    }
    return this.#merged.targets;
  }

  /** The target of this name as it is known now. */
  find(name: string | null): Target | null {
    return this.targets.find((target) => target.name === name) ?? null;
  }

  #merge(configured: readonly Target[]): readonly Target[] {
    const byName = new Map(configured.map((target) => [target.name, target]));
    for (const targets of this.#discovered.values()) {
      for (const target of targets) {
        const known = byName.get(target.name);
        if (known === undefined) {
          // One that left the configuration a moment ago is not back by what was found of it before.
          if (target.origin === 'discovered' && byName.size < TARGETS_MAX) byName.set(target.name, target);
        } else if (target.origin === 'configured' && known.origin === 'configured') {
          const dependsOn = [...new Set([...known.dependsOn, ...target.dependsOn])];
          byName.set(target.name, { ...known, dependsOn });
        }
      }
    }
    return [...byName.values()];
  }

  /** Why discovery does not work at this moment, or null. */
  get discoveryTrouble(): string | null {
    return [...this.#troubles.values()][0] ?? null;
  }

  troubles(): ReturnType<Control['dependencies']> {
    return [...this.#runtimes.keys()].map((name) => {
      const trouble = this.#troubles.get(name);
      return { name, ok: trouble === undefined, required: false, reason: trouble ?? 'answers' };
    });
  }

  /** Takes the census now, unless one was taken a moment ago or is being taken. */
  async refreshSoon(signal: AbortSignal): Promise<void> {
    if (this.#round === null && this.#clock.monotonic() - this.#takenAt < INTERVAL_MIN_MS) return;
    await this.refresh(signal);
  }

  async refresh(signal: AbortSignal): Promise<void> {
    this.#round ??= this.#take(signal).finally(() => {
      this.#round = null;
      this.#takenAt = this.#clock.monotonic();
    });
    await this.#round;
  }

  async #repeat(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(INTERVAL_MS, signal).catch(() => undefined); // Aborted: the loop ends.
      if (!signal.aborted) await this.refresh(signal);
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    using deadline = deadlineIn(this.#clock, ROUND_MS, signal);
    let grown = false;
    const finds = [...this.#runtimes].map(async ([name, runtime]) => {
      try {
        const found = await bounded(runtime.discover(deadline.signal), deadline.signal);
        const before = new Set(this.#discovered.get(name)?.map((target) => target.name));
        this.#discovered.set(name, found);
        if (found.length > 0 || before.size > 0) this.#merged = null;
        if (found.some((target) => !before.has(target.name))) grown = true;
        this.#troubles.delete(name);
      } catch (error) {
        // What was found before is kept: a runtime that is away has not lost its containers.
        this.#troubles.set(name, wordsOf(error));
      }
    });
    await Promise.all([...finds, this.#findSelf(deadline.signal)]);
    if (grown) this.#onNewTarget();
  }

  /** Once known it does not change while the process lives. */
  async #findSelf(signal: AbortSignal): Promise<void> {
    if (this.#self.kind !== 'unknown') return;
    try {
      this.#self = await bounded(this.#selfFinder.find(signal), signal);
    } catch (error) {
      this.#self = { kind: 'unknown', reason: wordsOf(error) };
    }
  }
}
