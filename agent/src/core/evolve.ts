import { assert } from './assert.ts';
import type { Draft } from './entry.ts';
import { foldAnalysisEnded, foldAnalysisStarted } from './evolve/analysis.ts';
import { foldApprovalAsked, foldEscalated, foldNotified } from './evolve/escalation.ts';
import { foldDiagnosed, foldEvidence } from './evolve/evidence.ts';
import { foldGuardsAnswered, foldHeld, foldLookStarted } from './evolve/look.ts';
import { foldMutationConfirmed, foldMutationStarted, foldSettling } from './evolve/mutation.ts';
import { foldObserved } from './evolve/observed.ts';
import { opened } from './evolve/opening.ts';
import { foldPerson } from './evolve/person.ts';
import { foldChosen, foldTempered } from './evolve/plan.ts';
import { foldProofEnded, foldProofStarted, foldSoakRestarted } from './evolve/proof.ts';
import { foldResumed } from './evolve/resumption.ts';
import { foldRepeat, foldSignal } from './evolve/signal.ts';
import { foldActionEnded, foldStepEnded, foldStepStarted } from './evolve/step.ts';
import type { Incident, Phase } from './incident.ts';
import { moveInTime } from './jump.ts';
import { NewerEntryError } from './newerEntry.ts';

/** Folds one entry into the state. Pure; an entry that does not fit the state is a defect and throws. */
export function evolve(state: Incident | null, entry: Draft): Incident {
  const { at, body } = entry;
  if (body.type === 'incident-opened') {
    assert(state === null, 'an incident is opened once');
    return opened(body, at);
  }
  assert(state !== null, `the first entry of an incident opens it, not ${body.type}`);
  const next = fold(state, entry);
  const serial = state.serial + 1;
  const same = isSamePhase(state.phase, next.phase, body.type);
  return {
    ...next,
    serial,
    phaseSerial: same ? state.phaseSerial : serial,
    deadlineAt: next.deadlineAt - (same ? 0 : unwaitedMs(state.phase, at)),
  };
}

/** What is left of a wanted wait that is cut short: the deadline was put off by all of it, and comes back by so much. */
function unwaitedMs(phase: Phase, at: number): number {
  return phase.kind === 'held' && phase.patient ? Math.max(0, phase.until - at) : 0;
}

/** A watch goes on when only what it saw has changed, and everything goes on when only the clock has. */
function isSamePhase(before: Phase, after: Phase, by: Draft['body']['type']): boolean {
  if (after === before || by === 'clock-jumped') return true;
  if (by === 'observed' || by === 'guards-answered') return before.kind === after.kind;
  return (before.kind === 'verifying' || before.kind === 'escalated') && before.kind === after.kind;
}

function typeOf({ type }: Draft['body']): string {
  return type;
}

/** Who folds which entry: one file in `evolve/` a family of entries. */
function fold(state: Incident, { at, body }: Draft): Incident {
  switch (body.type) {
    case 'signal-heard':
      return foldSignal(state, body);
    case 'signal-repeated':
      return foldRepeat(state);
    case 'resumed':
      return foldResumed(state, at);
    case 'evidence-gathered':
      return foldEvidence(state, body);
    case 'diagnosed':
      return foldDiagnosed(state, body);
    case 'analysis-started':
      return foldAnalysisStarted(state, body);
    case 'analysis-ended':
      return foldAnalysisEnded(state, body);
    case 'plan-tempered':
      return foldTempered(state, body);
    case 'strategy-chosen':
      return foldChosen(state, body);
    case 'step-started':
      return foldStepStarted(state, body, at);
    case 'action-ended':
      return foldActionEnded(state, body);
    case 'look-started':
      return foldLookStarted(state, body);
    case 'guards-answered':
      return foldGuardsAnswered(state, body);
    case 'step-held':
      return foldHeld(state, body, at);
    case 'approval-asked':
      return foldApprovalAsked(state, body, at);
    case 'mutation-started':
      return foldMutationStarted(state, body, at);
    case 'mutation-confirmed':
      return foldMutationConfirmed(state, body);
    case 'settling':
      return foldSettling(state, body);
    case 'step-ended':
      return foldStepEnded(state, body);
    case 'verification-started':
      return foldProofStarted(state, body);
    case 'verification-ended':
      return foldProofEnded(state);
    case 'soak-restarted':
      return foldSoakRestarted(state);
    case 'observed':
      return foldObserved(state, body, at);
    case 'escalated':
      return foldEscalated(state, body, at);
    case 'notified':
      return foldNotified(state, body, at);
    case 'person-said':
      return foldPerson(state, body, at);
    case 'incident-ended':
      return { ...state, phase: { kind: 'ended', outcome: body.outcome, at } };
    case 'quarantined':
      return { ...state, quarantined: body.error };
    case 'clock-jumped':
      return moveInTime(state, body.byMs);
    case 'incident-opened':
    case 'breaker-opened':
    case 'protective-action':
    case 'signal-ignored':
    case 'alerts-truncated':
    case 'agent-started':
    case 'agent-stopped':
    case 'instance-stopped':
    case 'instance-started':
    case 'instance-removed':
    case 'seen-well':
    case 'control-set':
    case 'journal-recovered':
      return state;
    default:
      // No compiler sees what a newer version writes; to go on with it as if it were a state would be to act on a guess.
      throw new NewerEntryError(typeOf(body satisfies never));
  }
}
