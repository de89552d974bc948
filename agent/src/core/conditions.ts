import { surest } from './advice.ts';
import { attemptsAt } from './evolve/attempts.ts';
import type { Incident } from './incident.ts';
import type { DiagnosisSettings } from './settings.ts';
import type { Step, StepCondition } from './strategy.ts';

const WORDS: Readonly<Record<StepCondition, string>> = {
  previous_failed: 'the step before it failed',
  previous_done: 'the step before it was done',
  restart_helps: 'the diagnosis knows a cause that a restart removes',
};

/** Why a step that has conditions is not done, in words, or null: one of them that holds is enough. */
export function unmetConditions(
  incident: Pick<Incident, 'attempts' | 'diagnosis'>,
  index: number,
  { onlyIf = [] }: Step,
  settings: DiagnosisSettings,
): string | null {
  if (onlyIf.length === 0 || onlyIf.some((condition) => holds(condition, incident, index, settings)))
    return null;
  return `it is done only if ${onlyIf.map((condition) => WORDS[condition]).join(', or ')}`;
}

function holds(
  condition: StepCondition,
  incident: Pick<Incident, 'attempts' | 'diagnosis'>,
  index: number,
  { minimumConfidence }: DiagnosisSettings,
): boolean {
  switch (condition) {
    case 'previous_failed':
      return attemptsAt(incident, index - 1).at(-1)?.outcome === 'failed';
    case 'previous_done':
      return attemptsAt(incident, index - 1).length > 0;
    case 'restart_helps': {
      const mendable = surest(incident.diagnosis?.causes ?? [], 'yes');
      const hopeless = surest(incident.diagnosis?.causes ?? [], 'no');
      if (mendable === null || mendable.confidence < minimumConfidence) return false;
      return hopeless === null || mendable.confidence > hopeless.confidence;
    }
    default:
      return condition satisfies never;
  }
}
