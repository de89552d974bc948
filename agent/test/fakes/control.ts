import type { Control as AgentControl } from '../../src/core/control.ts';
import type { SelfIdentity } from '../../src/core/guards/guard.ts';
import type { PersonCommand } from '../../src/core/personCommand.ts';
import type { Signal } from '../../src/core/signal.ts';
import { MpaError } from '../../src/errors.ts';
import type {
  AlertMessage,
  Control,
  ControlsInForce,
  PendingApproval,
  RuntimeEvent,
  TargetStatus,
} from '../../src/ports.ts';

/** A running agent as the edges see it: it keeps what it is told and fails when a test wants it to. */
export class FakeControl implements Control {
  readonly messages: AlertMessage[] = [];
  readonly signals: Signal[] = [];
  readonly commands: { incident: string; command: PersonCommand; who: string; reason: string }[] = [];
  readonly recoveries: { target: string; who: string; reason: string }[] = [];
  readonly set: { control: AgentControl; who: string; reason: string }[] = [];
  readonly runtimeEvents: RuntimeEvent[] = [];
  inForce: ControlsInForce = { maintenance: [], recurring: [], breakers: [], modes: [] };
  waiting: readonly PendingApproval[] = [];
  self: SelfIdentity = { kind: 'outside' };
  statuses: readonly TargetStatus[] = [];
  depends: ReturnType<Control['dependencies']> = [];
  /** What the next calls that change something fail with; `null`: they succeed. */
  failure: Error | null = null;
  /** What the calls that change something wait for before they resolve. */
  gate: Promise<void> = Promise.resolve();

  async hearAlerts(message: AlertMessage): Promise<void> {
    await this.#commit();
    this.messages.push(message);
  }

  async hear(signal: Signal): Promise<void> {
    await this.#commit();
    this.signals.push(signal);
  }

  async recover(target: string, who: string, reason: string): Promise<{ readonly incident: string }> {
    if (!this.statuses.some((status) => status.target.name === target)) {
      throw new MpaError('UNKNOWN_TARGET', target);
    }
    await this.#commit();
    this.recoveries.push({ target, who, reason });
    return { incident: `inc-${this.recoveries.length}` };
  }

  async command(incident: string, command: PersonCommand, who: string, reason: string): Promise<void> {
    await this.#commit();
    this.commands.push({ incident, command, who, reason });
  }

  async control(control: AgentControl, who: string, reason: string): Promise<void> {
    await this.#commit();
    this.set.push({ control, who, reason });
  }

  controls(): ControlsInForce {
    return this.inForce;
  }

  approvals(): readonly PendingApproval[] {
    return this.waiting;
  }

  async hearRuntime(event: RuntimeEvent): Promise<void> {
    await this.#commit();
    this.runtimeEvents.push(event);
  }

  targets(): readonly TargetStatus[] {
    return this.statuses;
  }

  dependencies(): ReturnType<Control['dependencies']> {
    return this.depends;
  }

  async #commit(): Promise<void> {
    await this.gate;
    if (this.failure !== null) throw this.failure;
  }
}
