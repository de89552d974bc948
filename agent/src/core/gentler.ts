import { isStricterOrEqual } from './settings.ts';
import type { Json, Step } from './strategy.ts';
import type { Mode } from './target.ts';

/** What an incident is going to do. */
export type Plan = {
  /** Name of the strategy. */
  readonly strategy: string;
  readonly mode: Mode;
  readonly steps: readonly Step[];
};

/** One mutating step, with everything that comes between the one before it and this. */
type Leg = { readonly before: readonly Step[]; readonly step: Step };

/**
 * Whether a plan can do nothing that the other could not do as well, at the same place in its course or later: its
 * mutating steps are the first ones of the other's, each the same and with no more time; before each of them it waits
 * at least as long, and what can stop the other there can stop it too; its mode is at least as strict.
 *
 * The first ones, not any of them: a step that the other makes only when an earlier one did not help would otherwise
 * be made at once.
 */
export function doesNoMore(candidate: Plan, plan: Plan): boolean {
  const legs = legsOf(candidate.steps);
  const others = legsOf(plan.steps);
  if (legs.length === 0) return true;
  if (legs.length > others.length || !isStricterOrEqual(candidate.mode, plan.mode)) return false;
  return legs.every((leg, index) => {
    const other = others[index];
    return (
      other !== undefined &&
      isNoMoreThan(leg.step, other.step) &&
      waitedMs(leg.before) >= waitedMs(other.before) &&
      keepsGates(leg.before, other.before) &&
      isDoneNoMoreOften(leg, other, index === legs.length - 1)
    );
  });
}

/** The mutating steps that can be reached: where a person is called the strategy ends. */
export function mutatingSteps(steps: readonly Step[]): readonly Step[] {
  return legsOf(steps).map(({ step }) => step);
}

function legsOf(steps: readonly Step[]): readonly Leg[] {
  const legs: Leg[] = [];
  let before: Step[] = [];
  for (const step of steps) {
    if (step.kind === 'escalating') break;
    if (step.kind === 'mutating') {
      legs.push({ before, step });
      before = [];
    } else before.push(step);
  }
  return legs;
}

/**
 * A step with conditions is done at most as often as the same without; but where it is skipped, what follows comes at
 * once, so nothing may. Of two with conditions the same must hold, and `previous_failed` is about the same step.
 */
function isDoneNoMoreOften(leg: Leg, other: Leg, isLast: boolean): boolean {
  const own = leg.step.onlyIf ?? [];
  const others = other.step.onlyIf ?? [];
  if (others.length === 0) return own.length === 0 || isLast;
  if (own.length !== others.length || !own.every((condition) => others.includes(condition))) return false;
  if (!own.includes('previous_failed')) return true;
  const [one, two] = [leg.before.at(-1), other.before.at(-1)];
  return one !== undefined && two !== undefined && isNoMoreThan(one, two) && one.timeoutMs === two.timeoutMs;
}

/** How long a waiting step waits, milliseconds. */
function waitMsOf({ parameters }: Step): number {
  const { durationMs } = parameters;
  return typeof durationMs === 'number' ? durationMs : 0;
}

function waitedMs(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + (step.kind === 'waiting' ? waitMsOf(step) : 0), 0);
}

/** A step whose failure ends the other plan must be able to end this one, in the same order. */
function keepsGates(steps: readonly Step[], others: readonly Step[]): boolean {
  let next = 0;
  for (const gate of others.filter(({ onFailure }) => onFailure === 'stop')) {
    const keeps = (step: Step) => isNoMoreThan(step, gate) && isSame(step.onlyIf ?? [], gate.onlyIf ?? []);
    const at = steps.findIndex((step, index) => index >= next && keeps(step));
    if (at === -1) return false;
    next = at + 1;
  }
  return true;
}

function isNoMoreThan(step: Step, other: Step): boolean {
  return (
    step.action === other.action &&
    step.kind === other.kind &&
    step.scope === other.scope &&
    step.timeoutMs <= other.timeoutMs &&
    (step.onFailure === 'stop' || other.onFailure === 'next') &&
    isSame(step.parameters, other.parameters)
  );
}

/** Whether two values of a configuration are the same; the order of keys says nothing. */
function isSame(one: Json, other: Json): boolean {
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object')
    return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const entries = Object.entries(one);
  if (entries.length !== Object.keys(other).length) return false;
  const others = new Map<string, Json>(Object.entries(other));
  return entries.every(([key, value]) => {
    const found = others.get(key);
    return found !== undefined && isSame(value, found);
  });
}
