import type { Advice, Cause, Diagnosis } from './diagnosis.ts';
import type { DiagnosisSettings } from './settings.ts';

/**
 * What the rules advise: a cause that a restart cannot remove holds restarts back, when it is sure enough and no surer
 * cause says that a restart helps. The person who is called instead is told the cause, its place in the evidence, and
 * the remedy. Null: nothing.
 */
export function adviceOf(diagnosis: Diagnosis, { minimumConfidence }: DiagnosisSettings): Advice | null {
  const hopeless = surest(diagnosis.causes, 'no');
  if (hopeless === null || hopeless.confidence < minimumConfidence) return null;
  const mendable = surest(diagnosis.causes, 'yes');
  if (mendable !== null && mendable.confidence > hopeless.confidence) return null;
  return {
    from: 'rules',
    strategy: null,
    withhold: 'restarts',
    person: 'as-planned',
    reason: explain(hopeless),
  };
}

/** The surest cause of which a restart helps so, or null. */
export function surest(causes: readonly Cause[], restartHelps: Cause['restartHelps']): Cause | null {
  return causes
    .filter((cause) => cause.restartHelps === restartHelps)
    .reduce<Cause | null>(
      (best, cause) => (best !== null && best.confidence >= cause.confidence ? best : cause),
      null,
    );
}

function explain({ summary, citations, remedy }: Cause): string {
  const rests = citations.length === 0 ? '' : ` (${citations.slice(0, 3).join(', ')})`;
  const what = summary.replace(/\.$/, '');
  return `${what}${rests}, and a restart cannot help${remedy === '' ? '' : `. ${remedy}`}`;
}
