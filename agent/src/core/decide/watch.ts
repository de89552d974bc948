import { seenAs } from '../evolve/observed.ts';
import { sayHeld } from '../guards/stopped.ts';
import type { Incident } from '../incident.ts';
import { judgeHealth, judgeInstance, type Observation } from '../observation.ts';
import { confirmedBy, judgeSymptom } from '../symptom.ts';
import type { Instance } from '../target.ts';
import { duration } from '../words.ts';
import type { Decision } from './decision.ts';
import { callIfNobodyWas } from './escalate.ts';
import { advance, endStep, startLook } from './steps.ts';
import { verificationOf } from './target.ts';

/**
 * What one of many looks means, while the target is watched. Only a look that differs from the last is journaled, or that
 * confirms an alert that was not believed.
 *
 * @param pausedMs How long nobody looked before it, milliseconds.
 */
export function onWatch(decision: Decision, observation: Observation, pausedMs: number): void {
  const { phase } = decision.incident;
  if (phase.kind === 'settling') onSettling(decision, observation);
  else if (phase.kind === 'verifying' || phase.kind === 'escalated') onProof(decision, observation, pausedMs);
}

/** A look that came too late proves nothing, and nobody looked meanwhile: what was seen well begins anew. */
export function onStaleLook(decision: Decision, ageMs: number): void {
  const { phase } = decision.incident;
  if ((phase.kind === 'verifying' || phase.kind === 'escalated') && phase.well !== null)
    restartSoak(decision, `what was seen is ${duration(ageMs)} old`);
}

/** One instance at a time: the next is touched only when the last one is in order again. */
function onSettling(decision: Decision, observation: Observation): void {
  const { phase } = decision.incident;
  if (phase.kind !== 'settling' || !observation.runtime.ok) return;
  const instance = observation.runtime.instances.find(({ name }) => name === phase.instance);
  if (instance !== undefined && judgeInstance(instance).verdict === 'well') {
    startLook(decision, phase.index, `${phase.instance} is in order; next: ${phase.remaining.join(', ')}`);
  }
}

function onProof(decision: Decision, observation: Observation, pausedMs: number): void {
  const { phase } = decision.incident;
  if (phase.kind !== 'verifying' && phase.kind !== 'escalated') return;
  const health = judgeHealth(observation);
  const { alerts } = decision.incident;
  if (seenAs(observation, health) !== phase.seen || confirmedBy(alerts, observation) !== alerts)
    writeSeen(decision, observation);

  const { soakMs, intervalMs, symptom } = verificationOf(decision);
  const { incident } = decision;
  if (incident.phase.kind !== 'verifying' && incident.phase.kind !== 'escalated') return;
  const { well } = incident.phase;
  if (well === null) {
    if (incident.phase.kind === 'escalated') callIfNobodyWas(decision);
    else if (endIfHeld(decision, observation)) return;
    else if (health.verdict === 'unwell' && waitsToAct(decision))
      disprove(decision, `it is unwell after all: ${health.reason}`);
    else giveUpEarly(decision, observation);
    return;
  }
  const soakedMs = Math.min(observation.at, decision.context.now) - well.at;
  if (soakedMs < soakMs) return;
  const reported =
    symptom === 'none'
      ? ({ verdict: 'gone', reason: 'the symptom is not asked for' } as const)
      : judgeSymptom(incident, observation);
  // It answers, and its own health check may yet say otherwise; or it is well, and its alert fires on.
  if (health.verdict !== 'well' || reported.verdict !== 'gone') {
    callIfNobodyWas(decision);
    return;
  }
  // Looks that are far apart, while its alert fired on, prove nothing: what came between them nobody saw.
  if (incident.phase.kind === 'escalated' && pausedMs > intervalMs) {
    restartSoak(decision, `nobody looked for ${duration(pausedMs)}`);
    writeSeen(decision, observation);
    return;
  }
  const reason = `well for ${duration(soakedMs)}; ${reported.reason}`;
  if (incident.phase.kind === 'verifying')
    decision.write({ type: 'verification-ended', verified: true, reason });
  decision.write({
    type: 'incident-ended',
    outcome: isOwnDoing(incident) ? 'recovered' : 'self-resolved',
    reason,
  });
}

/**
 * Whether the proof is one of what the agent did. What was given up, its last repair disproved, and got well while a
 * person had it, or before a person said `recover`, was mended by another hand.
 */
function isOwnDoing({ mutated, disproved, phase }: Incident): boolean {
  return mutated && !(phase.kind === 'escalated' && disproved);
}

function restartSoak(decision: Decision, reason: string): void {
  decision.write({ type: 'soak-restarted', reason });
}

function writeSeen(decision: Decision, observation: Observation): void {
  decision.write({ type: 'observed', observation, health: judgeHealth(observation) });
}

/**
 * What a person stopped in the middle of a proof is nobody's failure: no person is called to what a person did. Whether
 * it ended; where anything else is unwell too, the proof goes on.
 */
function endIfHeld(decision: Decision, observation: Observation): boolean {
  const { incident, context } = decision;
  const { target } = incident;
  if (target === null || !observation.runtime.ok) return false;
  const unwell = observation.runtime.instances.filter(
    (instance) => judgeInstance(instance).verdict === 'unwell',
  );
  const [first] = unwell;
  const held = (instance: Instance) => context.fleet.heldByPerson(target, instance);
  if (first === undefined || unwell.some((instance) => held(instance) === null)) return false;
  const reason = sayHeld(first.name, held(first));
  decision.write({ type: 'incident-ended', outcome: 'suppressed', reason });
  return true;
}

/** Whether a mutating step was put off because the target looked well: it is not put off for longer than that. */
function waitsToAct({ incident }: Decision): boolean {
  const { phase, strategy, unverified } = incident;
  return phase.kind === 'verifying' && !unverified && strategy?.steps[phase.index]?.kind === 'mutating';
}

/** A run that ended, and that nobody brings back, will not become well by waiting. */
function giveUpEarly(decision: Decision, observation: Observation): void {
  const { phase, unverified } = decision.incident;
  if (phase.kind !== 'verifying' || !unverified || !observation.runtime.ok) return;
  const ended = observation.runtime.instances.find(
    ({ status, supervised }) => !supervised && (status === 'exited' || status === 'dead'),
  );
  if (ended !== undefined) disprove(decision, `${judgeInstance(ended).reason}, and nothing brings it back`);
}

/** Not proved: the next step, or a person. */
function disprove(decision: Decision, reason: string): void {
  const { phase } = decision.incident;
  if (phase.kind !== 'verifying') return;
  decision.write({ type: 'verification-ended', verified: false, reason });
  advance(decision);
}

/** The time for the proof is over. */
export function onProofTimeout(decision: Decision): void {
  const { incident } = decision;
  const { phase } = incident;
  if (phase.kind !== 'verifying') return;
  const { soakMs, timeoutMs } = verificationOf(decision);
  const firing = [...incident.alerts.values()].filter(({ status }) => status === 'firing');
  const untrusted = firing.length > 0 && firing.every(({ trusted }) => !trusted);
  // Well, or it only answers: then its own health check never called it healthy.
  const isHealthy = phase.seen.startsWith('well');
  if (phase.well !== null && isHealthy && untrusted && !incident.mutated) {
    const reason =
      'the alert was old or a late copy, the target is well, and no source confirms the symptom: nothing is done';
    decision.write({ type: 'incident-ended', outcome: 'suppressed', reason });
    return;
  }
  const healthy =
    incident.alerts.size === 0 ? 'healthy, but not for long enough' : 'healthy, but the alert is not over';
  const lasting = isHealthy ? healthy : 'it answers, but its health check has not called it healthy';
  const saw = phase.well === null ? `last seen: ${phase.seen || 'nothing'}` : lasting;
  disprove(decision, `not well for ${duration(soakMs)} within ${duration(timeoutMs)}; ${saw}`);
}

/** An instance that was mended did not come back: the others are left alone. */
export function onSettleTimeout(decision: Decision): void {
  const { phase } = decision.incident;
  if (phase.kind !== 'settling') return;
  endStep(
    decision,
    phase.index,
    'failed',
    `${phase.instance} did not come back in time; ${phase.remaining.join(', ')} left alone`,
  );
}
