import type { Alert } from '../../src/core/alert.ts';
import type { Entry } from '../../src/core/entry.ts';
import type { Settings } from '../../src/core/settings.ts';
import type { EscalationMessage } from '../../src/ports.ts';
import type { Plan, RecurringSpec } from '../plan/plan.ts';
import type { SimTime } from '../time.ts';
import type { Cluster } from '../world/cluster.ts';
import type { Starter } from '../world/container.ts';
import type { Ledger, MutationNote } from '../world/ledger.ts';
import type { Monitoring } from '../world/monitoring.ts';

/** A call that changes a container, as the runtime saw it come. Times are true times, milliseconds since the world began. */
export type Call = {
  readonly what: 'restart' | 'start';
  readonly service: string;
  readonly container: string;
  readonly id: string;
  readonly at: number;
  /** What the journal says is under way for the service at this moment. */
  readonly note: MutationNote | null;
  readonly status: string;
  readonly run: {
    /** As the journal names it. */
    readonly name: string;
    readonly by: Starter;
    readonly at: number;
    readonly stoppedByPerson: boolean;
    /** When the agent acknowledged the event of that stop. */
    readonly stopToldAt: number | null;
  };
  /** When the container was changed by it; `null` while or where it was not. */
  appliedAt: number | null;
  /** When nothing more can come of it. */
  overAt: number | null;
};

/** What a checker can see: the world, the plan, and the durable journal. Never the agent's memory. */
export type Watched = {
  readonly plan: Plan;
  readonly time: SimTime;
  readonly cluster: Cluster;
  readonly monitoring: Monitoring;
  readonly ledger: Ledger;
  /** The configuration that the agent runs under, and since when; true time. */
  readonly settings: () => { readonly current: Settings; readonly since: number };
  /** The maintenance that comes again, by that configuration. */
  readonly recurring: () => readonly RecurringSpec[];
  /** True time that no agent was there to act, in all; milliseconds. */
  readonly lostMs: () => number;
};

/** One invariant. It hears what happens in the world and complains when its sentence does not hold. */
export interface Checker {
  readonly name: string;
  called?(call: Call): void;
  applied?(call: Call): void;
  acknowledged?(alerts: readonly Alert[]): void;
  written?(entry: Entry): void;
  delivered?(channel: string, message: EscalationMessage): void;
  atEnd?(): void;
}

/** Makes a checker for one world. `complain` ends the world. */
export type MakeChecker = (watched: Watched, complain: (sentence: string) => void) => Checker;
