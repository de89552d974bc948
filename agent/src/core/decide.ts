import type { Context, Input } from './context.ts';
import { Decision } from './decide/decision.ts';
import { onPerson } from './decide/person.ts';
import { onReport } from './decide/report.ts';
import { onResumed } from './decide/resume.ts';
import { onSignal } from './decide/signal.ts';
import { onPoke, onTick } from './decide/tick.ts';
import type { Draft } from './entry.ts';
import type { Incident } from './incident.ts';

/**
 * Decides what follows from one input for one open incident: the entries to append, in order, each already folded
 * when the next was decided. No entries: nothing follows. Pure; throws only on a defect, and then the incident is
 * quarantined by the engine and nobody else waits.
 */
export function decide(incident: Incident, input: Input, context: Context): readonly Draft[] {
  const decision = new Decision(incident.id, incident, context);
  switch (input.kind) {
    case 'signal':
      onSignal(decision, input.signal, input.trusted);
      break;
    case 'report':
      onReport(decision, input.report);
      break;
    case 'tick':
      onTick(decision);
      break;
    case 'superseded':
      decision.write({
        type: 'incident-ended',
        outcome: 'superseded',
        reason: `its target is known now: it goes on as trouble with ${input.target}`,
      });
      break;
    case 'poke':
      onPoke(decision, input.reason);
      break;
    case 'resumed':
      onResumed(decision);
      break;
    case 'person':
      onPerson(decision, input.command, input.who, input.reason);
      break;
    default:
      input satisfies never;
  }
  return decision.drafts;
}
