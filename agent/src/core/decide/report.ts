import type { EffectReport } from '../context.ts';
import { pending } from '../effects.ts';
import { attemptsAt } from '../evolve/attempts.ts';
import type { Incident } from '../incident.ts';
import type { Observation } from '../observation.ts';
import { onAnalysed, reconsider } from './analysis.ts';
import type { Decision } from './decision.ts';
import { escalate } from './escalate.ts';
import { onLook } from './look.ts';
import { advance, endStep, startLook } from './steps.ts';
import { verificationOf } from './target.ts';
import { onStaleLook, onWatch } from './watch.ts';

/** A report waits for its turn to be decided on so long, milliseconds. */
const REPORT_MS = 1_000;

/** A mutation that did not happen is tried this often before its step counts as failed. */
const TRIES_MAX = 3;

/** What an effect reported. A report of what is no longer under way is not heard: its phase is over. */
export function onReport(decision: Decision, report: EffectReport): void {
  if (report.kind === 'gathered' && report.late) {
    onGathered(decision, report);
    reconsider(decision);
    return;
  }
  if (!pending(decision.incident).some(({ key }) => key === report.key)) return;
  switch (report.kind) {
    case 'gathered':
      onGathered(decision, report);
      advance(decision);
      return;
    case 'analysed':
      onAnalysed(decision, report);
      return;
    case 'looked':
      onLooked(decision, report.observation, report.pausedMs ?? 0);
      return;
    case 'acted':
      onActed(decision, report);
      return;
    case 'confirmed':
      onConfirmed(decision, report);
      return;
    case 'notified': {
      const number = decision.incident.escalation?.number ?? 0;
      const { channel, delivered, withdrawal, reason } = report;
      decision.write({ type: 'notified', escalation: number, channel, delivered, withdrawal, reason });
      return;
    }
    default:
      report satisfies never;
  }
}

function onGathered(
  decision: Decision,
  { items, missing, diagnosis }: Extract<EffectReport, { kind: 'gathered' }>,
): void {
  decision.write({ type: 'evidence-gathered', items, missing });
  if (diagnosis !== undefined && diagnosis !== null) decision.write({ type: 'diagnosed', diagnosis });
}

/**
 * What was seen before the journal was away, or before the clock jumped, says nothing of now: nothing is touched
 * and nothing proved by it. A watch looks again by itself, and its soak begins anew: nobody looked meanwhile. Nor is
 * anything touched that a person stopped since it was seen running.
 */
function onLooked(decision: Decision, observation: Observation, pausedMs: number): void {
  const { phase } = decision.incident;
  const { now, settings, fleet } = decision.context;
  // A look may take all of its time after the instances were seen, and its report waits for its turn.
  const ageMs = Math.abs(now - observation.at);
  const stale = ageMs > settings.incident.lookMs + REPORT_MS;
  if (phase.kind !== 'looking') {
    if (stale) onStaleLook(decision, ageMs);
    else onWatch(decision, observation, pausedMs);
  } else if (stale) startLook(decision, phase.index, 'the last look is too old to act on');
  else if (fleet.wasHeldSince(decision.incident.target ?? '', observation.at, now))
    startLook(decision, phase.index, 'somebody stopped it since the last look');
  else onLook(decision, observation);
}

function onActed(decision: Decision, { result }: Extract<EffectReport, { kind: 'acted' }>): void {
  const { phase } = decision.incident;
  if (phase.kind === 'acting') {
    decision.write({ type: 'action-ended', index: phase.index, instance: null, result });
    const outcome = result.outcome === 'succeeded' ? 'succeeded' : 'failed';
    endStep(decision, phase.index, outcome, result.reason);
    return;
  }
  if (phase.kind !== 'mutating') return;
  decision.write({ type: 'action-ended', index: phase.index, instance: phase.instance, result });
  if (result.outcome === 'succeeded') onMutated(decision, phase, result.reason);
  else if (result.refused !== undefined) onRefused(decision, result.refused, result.reason);
  else if (result.outcome === 'failed') endStep(decision, phase.index, 'failed', result.reason);
}

/** What became protected between the decision and the call: told like every other refusal. */
function onRefused(decision: Decision, code: string, reason: string): void {
  decision.write({ type: 'protective-action', layer: 'execution', code, reason });
  escalate(decision, 'protected-target', reason);
}

function onConfirmed(
  decision: Decision,
  { verdict, reason }: Extract<EffectReport, { kind: 'confirmed' }>,
): void {
  const { phase } = decision.incident;
  if (phase.kind !== 'unsure') return;
  if (verdict === 'unknown') {
    escalate(
      decision,
      'target-not-seen',
      `it cannot be told whether ${phase.instance} was mutated: ${reason}`,
    );
    return;
  }
  const { index, instance } = phase;
  decision.write({ type: 'mutation-confirmed', index, instance, verdict, reason });
  if (verdict === 'happened') {
    onMutated(decision, phase, reason);
    return;
  }
  const tries = attemptsAt(decision.incident, index).filter(
    ({ outcome }) => outcome === 'not-happened',
  ).length;
  if (tries >= TRIES_MAX)
    endStep(decision, index, 'failed', `tried ${tries} times, and it did not happen: ${reason}`);
  else startLook(decision, index, `it did not happen (${reason}), so it is tried again`);
}

function onMutated(
  decision: Decision,
  { index, instance, remaining }: Extract<Incident['phase'], { kind: 'mutating' | 'unsure' }>,
  reason: string,
): void {
  if (remaining.length === 0) {
    endStep(decision, index, 'succeeded', reason);
    return;
  }
  const until = decision.context.now + verificationOf(decision).timeoutMs;
  decision.write({ type: 'settling', index, instance, remaining, until });
}
