import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { StepCondition } from '../../src/core/strategy.ts';
import type { MakeChecker } from './checker.ts';

type Course = {
  /** How each step of the plan in force stands, as far as it was begun. */
  readonly steps: Map<number, string>;
  diagnosis: Diagnosis | null;
};

/** A step that has a condition is begun only where it holds, as far as the journal tells when it is its turn. */
export const conditions: MakeChecker = ({ ledger, settings }, complain) => {
  const courses = new Map<string, Course>();
  const courseOf = (incident: string) => {
    const course = courses.get(incident) ?? { steps: new Map<number, string>(), diagnosis: null };
    courses.set(incident, course);
    return course;
  };
  return {
    name: 'conditions of steps are kept',
    written({ incident, body }) {
      if (incident === null) return;
      const { steps, diagnosis } = courseOf(incident);
      switch (body.type) {
        case 'strategy-chosen':
          steps.clear();
          return;
        case 'diagnosed':
          courseOf(incident).diagnosis = body.diagnosis;
          return;
        case 'action-ended':
          steps.set(body.index, body.result.outcome);
          return;
        // A step that acts begins with the look before it; what comes to light later is no part of its condition.
        case 'look-started':
        case 'step-started': {
          if (steps.has(body.index)) return;
          const [condition] = ledger.incidents.get(incident)?.steps[body.index]?.onlyIf ?? [];
          const { minimumConfidence } = settings().current.diagnosis;
          const before = steps.get(body.index - 1);
          if (condition !== undefined && !holds(condition, before, diagnosis, minimumConfidence))
            complain(`step ${body.index} of ${incident} was begun, and ${condition} does not hold`);
          steps.set(body.index, body.type === 'step-started' ? 'done' : 'looked at');
          return;
        }
        case 'mutation-started':
          steps.set(body.index, 'done');
          return;
        default:
          return;
      }
    },
  };
};

function holds(
  condition: StepCondition,
  before: string | undefined,
  diagnosis: Diagnosis | null,
  minimumConfidence: number,
): boolean {
  switch (condition) {
    case 'previous_failed':
      return before === 'failed';
    case 'previous_done':
      return before !== undefined && before !== 'looked at';
    case 'restart_helps': {
      const mends = confidenceOf(diagnosis, 'yes');
      return mends >= minimumConfidence && mends > confidenceOf(diagnosis, 'no');
    }
    default:
      return condition satisfies never;
  }
}

/** Of the surest cause of which a restart helps so; below every other where there is none. */
function confidenceOf(diagnosis: Diagnosis | null, helps: 'yes' | 'no'): number {
  return (diagnosis?.causes ?? [])
    .filter(({ restartHelps }) => restartHelps === helps)
    .reduce((most, { confidence }) => Math.max(most, confidence), Number.NEGATIVE_INFINITY);
}
