import type { Mutation } from '../core/incident.ts';
import type { Instance } from '../core/target.ts';
import type { Action, ActionContext } from '../ports.ts';

type Confirmation = Awaited<ReturnType<NonNullable<Action['happened']>>>;

/** How often the runtime is asked while a lost answer is awaited, milliseconds. */
const INTERVAL_MS = 250;

/**
 * Watches the instance of a mutation whose answer was lost, until it can be told whether it happened.
 *
 * The daemon goes on with a call after its client hung up, so the absence of a change proves nothing before
 * `settledAfterMs` since the call began. Nor does a new run before that time where the runtime brings back what ends:
 * it may have done so by itself, with the call still to come.
 *
 * @param changed The sentence that says why it happened, or `null` while nothing shows it.
 */
export async function watchMutation(
  mutation: Mutation,
  context: ActionContext,
  settledAfterMs: number,
  changed: (instance: Instance) => string | null,
): Promise<Confirmation> {
  const { runtime, target, clock, signal } = context;
  let lastTrouble = 'the runtime was not asked in time';
  // How long ago it began the journal knows by the wall clock; what passes from now on no jump of that shortens.
  const agoMs = Math.max(0, clock.now() - mutation.startedAt);
  const begunAt = clock.monotonic();
  while (!signal.aborted) {
    try {
      const askedAt = clock.monotonic();
      const instances = await runtime.instances(target, signal);
      const instance = instances.find(({ id }) => id === mutation.instanceId);
      if (instance === undefined)
        return { verdict: 'happened', reason: `${mutation.instance} was removed or recreated meanwhile` };
      const why = changed(instance);
      const settled = agoMs + askedAt - begunAt >= settledAfterMs;
      if (why !== null && (settled || !instance.supervised)) return { verdict: 'happened', reason: why };
      if (settled)
        return {
          verdict: 'not-happened',
          reason: `${instance.name} is ${instance.status} and still the same run`,
        };
      lastTrouble = why ?? `${instance.name} had not changed yet`;
    } catch (error) {
      lastTrouble = error instanceof Error ? error.message : String(error);
    }
    try {
      await clock.sleep(INTERVAL_MS, signal);
    } catch {
      // Only the signal ends a sleep, and the loop's condition says so.
    }
  }
  return { verdict: 'unknown', reason: lastTrouble };
}
