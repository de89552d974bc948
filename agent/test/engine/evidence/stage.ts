import type { EffectReport } from '../../../src/core/context.ts';
import type { EvidenceItem } from '../../../src/core/evidence.ts';
import { evolve } from '../../../src/core/evolve.ts';
import type { Instance } from '../../../src/core/target.ts';
import type { GathererParts } from '../../../src/engine/evidence/gathering.ts';
import { Gatherer } from '../../../src/engine/gatherer.ts';
import type { Runtime } from '../../../src/ports.ts';
import { ManualClock, settle } from '../../fakes/clock.ts';
import { MemoryJournal } from '../../fakes/memoryJournal.ts';
import { START_AT, settings, target } from '../given.ts';

/** How long the gathering has, milliseconds. */
export const EVIDENCE_MS = 2_000;

type Gathered = Extract<EffectReport, { kind: 'gathered' }>;

/** A running instance of `web` that was started an hour before the incident. */
export function instance(name = 'web-1', rest: Partial<Instance> = {}): Instance {
  return {
    id: `${name}-id`,
    name,
    status: 'running',
    health: 'none',
    startedAt: START_AT - 3_600_000,
    finishedAt: null,
    createdAt: START_AT - 3_600_000,
    exitCode: null,
    oomKilled: false,
    supervised: false,
    startPeriodMs: 0,
    revision: 'sha256:aaa config1',
    ...rest,
  };
}

/** A runtime of which a test says what it answers; what it does not say is an instance with one line of each kind. */
export function runtimeOf(rest: Partial<Runtime> = {}): Runtime {
  return {
    name: 'docker',
    discover: async () => [],
    instances: async () => [instance()],
    evidence: async ({ name }, found) => {
      found({ kind: 'inspect', instance: name, text: 'status: exited', truncated: false });
      found({ kind: 'logs', instance: name, text: 'one line', truncated: false, side: 'before' });
      return { missing: [] };
    },
    logs: async () => ({ text: '', truncated: false }),
    resources: async () => ({ cpuShare: null, memoryBytes: null, memoryLimitBytes: null, pids: null }),
    restart: async () => undefined,
    start: async () => undefined,
    close: async () => undefined,
    ...rest,
  };
}

/** The gatherer over parts that a test names, on a clock that it moves; keeps what is reported. */
export class GatherStage {
  readonly clock = new ManualClock(START_AT);
  readonly reports: (Gathered & { readonly at: number })[] = [];
  readonly abort = new AbortController();
  /** Whether the effect gave its place free, and when. */
  releasedAt: number | null = null;
  /** What else the incident has been given meanwhile. */
  evidence = 0;
  readonly #gatherer: Gatherer;

  constructor(runtime: Runtime = runtimeOf(), rest: Partial<GathererParts> = {}) {
    this.#gatherer = new Gatherer({
      clock: this.clock,
      runtimes: new Map([['docker', runtime]]),
      keptLogs: null,
      metrics: null,
      journal: new MemoryJournal(),
      diagnoser: null,
      redact: (text) => text,
      wellStates: () => [],
      ...rest,
    });
  }

  /** Begins to gather; answers when that is over. */
  async gather(): Promise<void> {
    const opened = evolve(null, {
      at: START_AT,
      incident: 'inc-1',
      target: 'web',
      settings: 'test',
      body: {
        type: 'incident-opened',
        id: 'inc-1',
        target: 'web',
        place: 'web',
        reason: 'test',
        deadlineAt: START_AT + 3_600_000,
        evidenceBy: START_AT + EVIDENCE_MS,
      },
    });
    const scene = () => ({
      incident: { ...opened, evidence: this.evidence },
      target: target('web'),
      settings: settings(),
      self: { kind: 'outside' } as const,
    });
    const report = async (said: EffectReport) => {
      if (said.kind !== 'gathered') return;
      this.reports.push({ ...said, at: this.clock.now() - START_AT });
      this.evidence += said.items.length;
    };
    await this.#gatherer.gather(
      { key: 'gathering#1', kind: 'gather', by: START_AT + EVIDENCE_MS },
      scene,
      report,
      this.abort.signal,
      () => {
        this.releasedAt ??= this.clock.now() - START_AT;
      },
    );
  }

  /** Gathers while the clock moves on, until it is over. */
  async done(): Promise<void> {
    let over = false;
    const gathering = this.gather().finally(() => {
      over = true;
    });
    await settle();
    while (!over) await this.clock.advance(10);
    await gathering;
  }

  get items(): readonly EvidenceItem[] {
    return this.reports.flatMap(({ items }) => items);
  }

  get missing(): readonly string[] {
    return this.reports.flatMap(({ missing }) => missing);
  }

  /** The text of the one item of a kind. */
  textOf(kind: EvidenceItem['kind']): string | undefined {
    return this.items.find((item) => item.kind === kind)?.text;
  }
}
