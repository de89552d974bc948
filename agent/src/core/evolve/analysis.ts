import type { Spending } from '../diagnosis.ts';
import type { BodyOf } from '../entry.ts';
import type { Incident } from '../incident.ts';

const NOTHING: Spending = { tokens: 0, costUsd: 0 };

/** The analyst is asked. */
export function foldAnalysisStarted(state: Incident, body: BodyOf<'analysis-started'>): Incident {
  return {
    ...state,
    asked: {
      serial: state.serial + 1,
      by: body.by,
      budget: body.budget,
      repeats: 0,
      over: false,
      analysis: null,
    },
    phase: body.waits ? { kind: 'analysing' } : state.phase,
  };
}

/** The analyst answered, or it is known why not. */
export function foldAnalysisEnded(state: Incident, { analysis }: BodyOf<'analysis-ended'>): Incident {
  return {
    ...state,
    // Also one that was not asked, since a budget was spent, has been asked once.
    asked: {
      ...(state.asked ?? { serial: state.serial + 1, by: 0, budget: NOTHING, repeats: 0 }),
      over: true,
      analysis,
    },
    phase: state.phase.kind === 'analysing' ? { kind: 'ready', index: 0 } : state.phase,
  };
}
