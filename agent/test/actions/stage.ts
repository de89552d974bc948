import assert from 'node:assert/strict';
import { ACTIONS } from '../../src/actions/index.ts';
import type { Mutation } from '../../src/core/incident.ts';
import type { ProbeResult } from '../../src/core/observation.ts';
import type { Step } from '../../src/core/strategy.ts';
import { runOf } from '../../src/core/target.ts';
import type { Action, ActionContext, LogSource } from '../../src/ports.ts';
import { ManualClock } from '../fakes/clock.ts';
import { type FakeInstance, FakeRuntime } from '../fakes/fakeRuntime.ts';
import { sampleTarget } from '../fakes/target.ts';

const TARGET = sampleTarget();

/** An action of the registry. */
export function actionOf(name: string): Action {
  const action = ACTIONS.find((candidate) => candidate.name === name);
  assert.ok(action !== undefined, name);
  return action;
}

/** One target with one instance, on a clock and a runtime of the test's own. */
export class Stage {
  readonly clock = new ManualClock();
  readonly runtime = new FakeRuntime(this.clock);
  readonly instance: FakeInstance = this.runtime.run('web');
  keptLogs: LogSource | null = null;
  /** What every look finds of the probes. */
  probes: readonly ProbeResult[] = [];
  readonly #end = new AbortController();

  /** What an action is run with; its instances are those of the runtime as they are now. */
  async context(name: string, parameters: unknown = {}): Promise<ActionContext> {
    const action = actionOf(name);
    const stored = action.parse(parameters);
    const step: Step = {
      action: name,
      kind: action.kind,
      parameters: stored,
      timeoutMs: action.defaultTimeoutMs(stored),
      onFailure: 'next',
    };
    return {
      target: TARGET,
      instances: await this.runtime.instances(TARGET),
      step,
      runtime: this.runtime,
      keptLogs: this.keptLogs,
      look: async () => ({
        at: this.clock.now(),
        runtime: { ok: true, instances: await this.runtime.instances(TARGET) },
        probes: this.probes,
        symptoms: [],
      }),
      clock: this.clock,
      signal: this.#end.signal,
    };
  }

  /** The mutation of the instance as the journal has it from just before the call. */
  mutation(): Mutation {
    const { id, name } = this.instance;
    const now = this.clock.now();
    return {
      index: 0,
      instance: name,
      instanceId: id,
      run: runOf(this.instance),
      remaining: [],
      startedAt: now,
      until: now + 25_000,
    };
  }

  /** What the end of the step's time does. */
  runOutOfTime(): void {
    this.#end.abort(new Error('the step is out of time'));
  }
}
