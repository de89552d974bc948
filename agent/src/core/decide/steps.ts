import { assert } from '../assert.ts';
import { unmetConditions } from '../conditions.ts';
import { chooseStrategy, renderSteps, type Step } from '../strategy.ts';
import { duration } from '../words.ts';
import { askAnalyst } from './askAnalyst.ts';
import type { Decision } from './decision.ts';
import { escalate } from './escalate.ts';
import { takeAdvice } from './prudence.ts';
import { targetOf, verificationOf } from './target.ts';

/** Goes on from between two steps until something has to be waited for. */
export function advance(decision: Decision): void {
  if (decision.incident.strategy === null && !planStrategy(decision)) return;
  // Every turn starts or skips one step, so the number of steps bounds it.
  for (let turn = 0; decision.incident.phase.kind === 'ready'; turn += 1) {
    takeAdvice(decision);
    const { phase, strategy } = decision.incident;
    if (phase.kind !== 'ready') return;
    assert(strategy !== null && turn <= strategy.steps.length + 1, 'a strategy comes to its end');
    const step = strategy.steps[phase.index];
    const unmet = step === undefined ? null : unmetIn(decision, phase.index, step);
    if (unmet === null) startStep(decision, phase.index, step);
    else decision.write({ type: 'step-ended', index: phase.index, outcome: 'skipped', reason: unmet });
  }
}

function unmetIn({ incident, context }: Decision, index: number, step: Step): string | null {
  return unmetConditions(incident, index, step, context.settings.diagnosis);
}

/** Chooses the strategy and fixes its steps in the journal: a later change of configuration does not change this incident. */
export function planStrategy(decision: Decision): boolean {
  const { incident, context } = decision;
  const { target } = incident;
  if (target === null || targetOf(decision) === null) {
    escalate(decision, 'no-target', `target ${target ?? '(none)'} is no longer known`);
    return false;
  }
  const source = incident.source ?? 'person';
  const strategy = chooseStrategy(context.settings.strategies, { target, source, labels: incident.labels });
  if (strategy === null) {
    escalate(
      decision,
      'no-strategy',
      `no strategy is for ${incident.labels['alertname'] ?? `a signal of source ${source}`} on ${target}`,
    );
    return false;
  }
  const rendered = renderSteps(strategy.steps, target, incident.labels);
  if (!rendered.ok) {
    const { placeholder, reason } = rendered.error;
    escalate(
      decision,
      'placeholder',
      `step ${rendered.action} of ${strategy.name} needs {{ ${placeholder} }}: ${reason}`,
    );
    return false;
  }
  const chosen = `first strategy that is for ${incident.labels['alertname'] ?? source}`;
  const ordered = `; ordered by ${incident.orderedBy}, so no advice makes it more careful`;
  decision.write({
    type: 'strategy-chosen',
    strategy: strategy.name,
    mode: strategy.mode,
    steps: rendered.steps,
    reason: incident.orderedBy === null ? chosen : chosen + ordered,
  });
  takeAdvice(decision);
  askAnalyst(decision, strategy.analysis);
  return true;
}

/** Begins a step, or the proof and the handover where none is left. */
export function startStep(decision: Decision, index: number, step: Step | undefined): void {
  const { incident, context } = decision;
  if (step === undefined) {
    finishSteps(decision, index);
    return;
  }
  switch (step.kind) {
    case 'observing':
      decision.write({
        type: 'step-started',
        index,
        action: step.action,
        until: context.now + step.timeoutMs,
      });
      return;
    case 'waiting': {
      const { durationMs } = step.parameters;
      const waitMs = typeof durationMs === 'number' ? durationMs : 0;
      decision.write({ type: 'step-started', index, action: step.action, until: context.now + waitMs });
      return;
    }
    case 'mutating':
      if (incident.unverified) startVerification(decision, index, `before ${step.action} is tried`);
      else startLook(decision, index, `before ${step.action}`);
      return;
    case 'escalating': {
      if (incident.unverified) {
        startVerification(decision, index, 'before a person is called');
        return;
      }
      // What got well by itself needs nobody; the strategy's own word needs no look.
      if (step.handover !== undefined && !incident.disproved) {
        startLook(decision, index, 'before a person is called');
        return;
      }
      handOver(decision, step);
      return;
    }
    default:
      step.kind satisfies never;
  }
}

/** Calls a person, as the strategy says or in place of what was withheld. */
export function handOver(decision: Decision, { parameters, handover }: Step): void {
  const { strategy, target } = decision.incident;
  const given = parameters['reason'];
  const said = typeof given === 'string' ? given : `strategy ${strategy?.name} calls a person here`;
  if (handover === undefined) escalate(decision, 'strategy-says-so', said);
  else escalate(decision, handover, `${said} (\`mpa recover ${target}\` does it all the same)`);
}

/** All steps are done: proof, and where there is none a person. */
function finishSteps(decision: Decision, index: number): void {
  const { incident } = decision;
  if (incident.unverified || !incident.disproved) {
    startVerification(decision, index, 'all steps are done');
    return;
  }
  const code = incident.mutated ? 'not-verified' : 'strategy-exhausted';
  escalate(
    decision,
    code,
    `all steps of ${incident.strategy?.name} were done, and ${incident.target} is not proved well`,
  );
}

/** The look right before a mutating step: what got well by itself is not touched. */
export function startLook(decision: Decision, index: number, reason: string): void {
  const { now, settings } = decision.context;
  decision.write({ type: 'look-started', index, by: now + settings.incident.lookMs, reason });
}

export function startVerification(decision: Decision, index: number, reason: string): void {
  const { timeoutMs, soakMs } = verificationOf(decision);
  decision.write({
    type: 'verification-started',
    index,
    until: decision.context.now + Math.max(timeoutMs, soakMs),
    reason: `${reason}: well for ${duration(soakMs)} within ${duration(timeoutMs)} is wanted`,
  });
}

/** Ends a step and goes on, or calls a person where the strategy says `on_failure: stop`. */
export function endStep(
  decision: Decision,
  index: number,
  outcome: 'succeeded' | 'failed' | 'skipped',
  reason: string,
): void {
  const step = decision.incident.strategy?.steps[index];
  decision.write({ type: 'step-ended', index, outcome, reason });
  if (outcome === 'failed' && step?.onFailure === 'stop') {
    escalate(decision, 'step-failed', `step ${step.action} failed: ${reason}`);
    return;
  }
  advance(decision);
}
