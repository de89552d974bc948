import { seenAs } from '../evolve/observed.ts';
import { isAnswering, judgeHealth, type Observation } from '../observation.ts';
import { judgeSymptom } from '../symptom.ts';
import { duration } from '../words.ts';
import { askAndAct, waitOrHandOver, waitsOn } from './act.ts';
import type { Decision } from './decision.ts';
import { escalate } from './escalate.ts';
import { endStep, handOver, startLook, startVerification } from './steps.ts';
import { targetOf } from './target.ts';

/** A target that cannot be seen is looked for again after this long, milliseconds. */
const BLIND_RETRY_MS = 2_000;

/** What the look right before a mutating step means: nothing to do, wait, ask, or act. */
export function onLook(decision: Decision, observation: Observation): void {
  const { phase, strategy } = decision.incident;
  if (phase.kind !== 'looking') return;
  const { index, remaining } = phase;
  const step = strategy?.steps[index];
  const target = targetOf(decision);
  if (step === undefined || target === null) {
    escalate(decision, 'no-target', `target ${decision.incident.target} is no longer known`);
    return;
  }
  const health = judgeHealth(observation);
  const hands = step.kind === 'escalating';
  // It is seen as it was before, and waits for the same: the journal has that.
  const known = !hands && phase.told.seen === seenAs(observation, health);
  if (known && health.verdict === 'unwell' && waitsOn(decision, { step, index, target, observation })) return;
  if (!known || health.verdict !== 'unknown') decision.write({ type: 'observed', observation, health });
  if (health.verdict === 'unknown') {
    // To call a person nobody needs to see it.
    if (hands) handOver(decision, step);
    else onBlind(decision, index, health.reason);
    return;
  }
  const symptom = judgeSymptom(decision.incident, observation);
  if (observation.unawaited !== undefined && symptom.verdict !== 'present') {
    startLook(decision, index, `${symptom.reason} since the look began, which did not wait for every probe`);
    return;
  }
  const sound = health.verdict === 'well' || isAnswering(observation);
  if (sound && symptom.verdict !== 'present') {
    if (remaining !== null)
      endStep(decision, index, 'succeeded', `well again before the other instances were touched`);
    else
      startVerification(
        decision,
        index,
        `it looks well (${health.reason}; ${symptom.reason}), so nothing is touched`,
      );
    return;
  }
  if (hands) waitOrHandOver(decision, { step, index, target, observation });
  else askAndAct(decision, { step, index, target, observation });
}

/** Nobody can act on what cannot be seen: looked for again, and after long enough a person is called. */
export function onBlind(decision: Decision, index: number, reason: string): void {
  const { incident, context } = decision;
  const since = incident.blindSince ?? context.now;
  if (context.now - since >= context.settings.incident.blindMs) {
    escalate(
      decision,
      'target-not-seen',
      `${incident.target} cannot be seen for ${duration(context.now - since)}: ${reason}`,
    );
    return;
  }
  decision.write({
    type: 'step-held',
    index,
    until: context.now + BLIND_RETRY_MS,
    reason: `cannot be seen: ${reason}`,
    blind: true,
    patient: false,
  });
}
