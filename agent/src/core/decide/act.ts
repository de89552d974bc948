import { type GuardAnswer, strictest, waitsFor } from '../guards/answer.ts';
import type { GuardRequest } from '../guards/guard.ts';
import { askBeforeHandover, askGuards } from '../guards/index.ts';
import { instancesToMend, type Observation } from '../observation.ts';
import { guardsOf } from '../settings.ts';
import type { Step } from '../strategy.ts';
import { type Instance, isDown, runOf, type Target } from '../target.ts';
import { clockTime } from '../words.ts';
import type { Decision } from './decision.ts';
import { escalate } from './escalate.ts';
import { endStep, handOver } from './steps.ts';

/** A step that is due, and what was just seen of its target. */
type Candidate = {
  readonly step: Step;
  readonly index: number;
  readonly target: Target;
  readonly observation: Observation;
};

/** A person is called at once, unless it is with somebody already, or is expected to mend by itself. */
export function waitOrHandOver(decision: Decision, candidate: Candidate): void {
  const { step, index } = candidate;
  const request = requestOf(decision, candidate);
  const answer = request === null ? null : strictest(askBeforeHandover(request));
  if (answer?.verdict === 'delay') hold(decision, index, answer);
  else if (answer?.verdict === 'refuse')
    decision.write({ type: 'incident-ended', outcome: 'suppressed', reason: answer.reason });
  else handOver(decision, step);
}

/** The question to the guards, about the instances that the step is for; null where there is none of them. */
function requestOf(decision: Decision, { step, index, target, observation }: Candidate): GuardRequest | null {
  const { incident, context } = decision;
  const { phase } = incident;
  if (phase.kind !== 'looking') return null;
  const instances = choose(
    observation,
    phase.remaining,
    (instance) => context.fleet.heldByPerson(target.name, instance) !== null,
  );
  if (instances.length === 0) return null;
  return {
    now: context.now,
    incident,
    target,
    step,
    index,
    observation,
    instances,
    settings: context.settings,
    limits: guardsOf(context.settings, target.name),
    fleet: context.fleet,
    self: context.self,
    targets: context.targets,
    approved: phase.approved,
    counts: phase.remaining === null,
  };
}

function hold(decision: Decision, index: number, answer: GuardAnswer & { verdict: 'delay' }): void {
  decision.write({
    type: 'step-held',
    index,
    until: answer.until,
    reason: answer.reason,
    blind: false,
    patient: answer.patient === true,
  });
}

/** Holds the step where it would be held for what the journal said last; whether it did. */
export function waitsOn(decision: Decision, candidate: Candidate): boolean {
  const { phase } = decision.incident;
  const request = requestOf(decision, candidate);
  if (phase.kind !== 'looking' || request === null) return false;
  const answers = askGuards(request);
  const answer = strictest(answers);
  if (answer.verdict !== 'delay' || phase.told.waitsFor !== waitsFor(answers)) return false;
  hold(decision, candidate.index, answer);
  return true;
}

/** Asks the guards about the concrete instances, and acts, waits, asks or refuses as the strictest of them says. */
export function askAndAct(decision: Decision, candidate: Candidate): void {
  const { incident, context } = decision;
  const { phase } = incident;
  const { step, index, target } = candidate;
  if (phase.kind !== 'looking') return;
  const request = requestOf(decision, candidate);
  const [first, ...others] = request?.instances ?? [];
  const rest = step.scope === 'target' ? [] : others;
  if (request === null || first === undefined) {
    const why = phase.remaining === null ? 'there is no instance to act on' : 'the other instances are gone';
    endStep(decision, index, phase.remaining === null ? 'failed' : 'succeeded', why);
    return;
  }
  const answers = askGuards(request);
  decision.write({ type: 'guards-answered', index, answers });
  const answer = strictest(answers);
  switch (answer.verdict) {
    case 'allow':
      act(decision, step, index, first, rest, request.counts);
      return;
    case 'delay':
      hold(decision, index, answer);
      return;
    case 'approval': {
      const until = context.now + guardsOf(context.settings, target.name).approval.timeoutMs;
      decision.write({
        type: 'approval-asked',
        index,
        until,
        number: (decision.incident.escalation?.number ?? 0) + 1,
        channels: context.settings.channels,
        reason: `${step.action} of ${first.name} waits until ${clockTime(until)} for \`mpa approve ${decision.incident.id}\` or \`mpa deny ${decision.incident.id}\`: ${answer.reason}`,
      });
      return;
    }
    case 'refuse':
      refuse(decision, candidate, answer, first);
      return;
    default:
      answer satisfies never;
  }
}

function refuse(
  decision: Decision,
  { step, index, target }: Candidate,
  answer: GuardAnswer & { verdict: 'refuse' },
  first: Instance,
): void {
  const { context } = decision;
  if (answer.guard === 'mode') {
    endStep(decision, index, 'skipped', `would now ${step.action} ${first.name}, but ${answer.reason}`);
    return;
  }
  if (answer.guard === 'stopped') {
    decision.write({ type: 'incident-ended', outcome: 'suppressed', reason: answer.reason });
    return;
  }
  if (answer.guard === 'protected') {
    decision.write({
      type: 'protective-action',
      layer: 'execution',
      code: answer.code,
      reason: answer.reason,
    });
    escalate(decision, 'protected-target', `${step.action} of ${first.name} was refused: ${answer.reason}`);
    return;
  }
  if (answer.code === 'budget-spent') {
    const until = context.now + guardsOf(context.settings, target.name).budget.breakerMs;
    decision.write({
      type: 'breaker-opened',
      target: target.name,
      until,
      reason: `${target.name} was ${answer.reason}`,
    });
  }
  escalate(decision, 'guard-refused', `${step.action} of ${first.name} was refused: ${answer.reason}`);
}

/** Journal before effect: this entry is durable before the call is made. */
function act(
  decision: Decision,
  step: Step,
  index: number,
  first: Instance,
  rest: readonly Instance[],
  counts: boolean,
): void {
  decision.write({
    type: 'mutation-started',
    index,
    action: step.action,
    instance: first.name,
    instanceId: first.id,
    run: runOf(first),
    ...(isDown(first) ? { down: true } : {}),
    remaining: rest.map(({ name }) => name),
    counts,
    until: decision.context.now + step.timeoutMs,
  });
}

/**
 * The instances in the order in which they are done, or what is left of a step that began earlier. What a person
 * holds down is not among them, unless there is nothing else: then the guard says so.
 */
function choose(
  observation: Observation,
  remaining: readonly string[] | null,
  isHeld: (instance: Instance) => boolean,
): readonly Instance[] {
  if (!observation.runtime.ok) return [];
  const { instances } = observation.runtime;
  const wanted =
    remaining === null
      ? instancesToMend(observation)
      : instances.filter(({ name }) => remaining.includes(name));
  const free = wanted.filter((instance) => !isHeld(instance));
  return (free.length > 0 ? free : wanted).toSorted((one, other) => one.name.localeCompare(other.name));
}
