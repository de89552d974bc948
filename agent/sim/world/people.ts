import type { Control } from '../../src/core/control.ts';
import type { Entry } from '../../src/core/entry.ts';
import type { PersonCommand } from '../../src/core/personCommand.ts';
import type { Mode } from '../../src/core/target.ts';
import type { EscalationMessage } from '../../src/ports.ts';
import type { Plan } from '../plan/plan.ts';
import { Random } from '../random.ts';
import type { SimTime } from '../time.ts';
import type { AgentSupervisor } from './agentSupervisor.ts';
import type { Chronicle } from './chronicle.ts';
import type { Cluster } from './cluster.ts';
import type { Ledger } from './ledger.ts';

/** Who finds no agent tries again after this long, milliseconds. */
const RETRY_MS = 10_000;

/** People: they read what they are sent, approve or deny what they are asked, and mend what was handed to them. */
export class People {
  readonly #plan: Plan;
  readonly #time: SimTime;
  readonly #random: Random;
  readonly #chronicle: Chronicle;
  readonly #cluster: Cluster;
  readonly #ledger: Ledger;
  readonly #agent: AgentSupervisor;
  /** What a second person draws from, who reads the same question: it moves nobody else. */
  readonly #second: Random;
  #maintenances = 0;

  constructor(parts: {
    readonly plan: Plan;
    readonly time: SimTime;
    readonly random: Random;
    readonly chronicle: Chronicle;
    readonly cluster: Cluster;
    readonly ledger: Ledger;
    readonly agent: AgentSupervisor;
  }) {
    this.#plan = parts.plan;
    this.#second = new Random(parts.plan.seed ^ 0x2ec07d);
    this.#time = parts.time;
    this.#random = parts.random;
    this.#chronicle = parts.chronicle;
    this.#cluster = parts.cluster;
    this.#ledger = parts.ledger;
    this.#agent = parts.agent;
  }

  reads(message: EscalationMessage): void {
    const { people, peopleMs } = this.#plan;
    if (people === 'never' || message.code === 'approval-wanted') return;
    const { incident, target } = message;
    this.#time.after(this.#random.int(1_000, peopleMs), () => {
      void this.#say(incident, 'acknowledge');
      if (people === 'repair' && target !== null && this.#cluster.find(target) !== undefined)
        this.#repair(target);
    });
  }

  /** Somebody sees what waits for an approval. */
  sees(entry: Entry): void {
    const { incident, body } = entry;
    if (body.type !== 'approval-asked' || incident === null || this.#plan.people === 'never') return;
    const afterMs = this.#random.int(1_000, this.#plan.peopleMs);
    this.#time.after(afterMs, () => {
      void this.#say(incident, this.#random.chance(0.7) ? 'approve' : 'deny');
    });
    if (!this.#second.chance(0.4)) return;
    // Nobody tells the other one; and where the first answer led to another question, this one was not meant for it.
    const word = this.#second.chance(0.7) ? 'approve' : 'deny';
    this.#time.after(afterMs + this.#second.int(0, 30_000), () => void this.#say(incident, word));
  }

  /** A person's word about a service out of the blue. */
  says(service: string, command: 'recover' | 'close' | 'acknowledge'): void {
    if (command === 'recover') {
      this.#chronicle.tell(() => `a person asks for the recovery of ${service}`);
      void this.#agent.ask((process) => process.engine.recover(service, 'ana', 'it is slow'));
      return;
    }
    const open = this.#ledger.openOf(service);
    if (open !== null) void this.#say(open.id, command);
  }

  /** Somebody works on a service, or on all, and is done before or when the time is over. */
  maintains(target: string | null, forMs: number, endsAfterMs: number | null): void {
    this.#maintenances += 1;
    const id = `m${this.#maintenances}`;
    const until = this.#time.wall + forMs;
    void this.#control({ kind: 'maintenance-start', id, target, until });
    if (endsAfterMs === null) return;
    this.#time.after(endsAfterMs, () => void this.#control({ kind: 'maintenance-end', id }));
  }

  /** Somebody gives a service a new budget. */
  resetsBreaker(target: string): void {
    void this.#control({ kind: 'breaker-reset', target });
  }

  /** Somebody sets a mode, and does not rest before it is taken back. */
  setsMode(target: string | null, mode: Mode, forMs: number): void {
    void this.#control({ kind: 'mode', target, mode });
    const takeBack = async () => {
      const taken = await this.#control({ kind: 'mode', target, mode: null });
      if (taken === 'refused') this.#time.after(RETRY_MS, () => void takeBack());
    };
    this.#time.after(forMs, () => void takeBack());
  }

  #control(control: Control): Promise<'acknowledged' | 'refused'> {
    this.#chronicle.tell(() => `a person sets ${JSON.stringify(control)}`);
    return this.#agent.ask((process) => process.engine.control(control, 'ana', 'an upgrade'));
  }

  #repair(target: string): void {
    for (const root of this.#cluster.service(target).roots) this.#cluster.repair(root);
  }

  async #say(incident: string, command: PersonCommand): Promise<void> {
    this.#chronicle.tell(() => `a person says ${command} to ${incident}`);
    await this.#agent.ask((process) => process.engine.command(incident, command, 'ana', 'on call'));
  }
}
