import {
  type Advice,
  ANALYSIS_FAILURES,
  type Analysis,
  type AnalysisFailure,
  type AnalysisUsage,
  type Cause,
  type Diagnosis,
  type UnusualTemplate,
} from '../core/diagnosis.ts';

/** Lengths of what is kept of words from outside the core, UTF-16 units. */
const NAME_MAX = 200;
const SENTENCE_MAX = 1_000;
const CITATION_MAX = 40;
/** Pieces that are kept. */
const CAUSES_MAX = 10;
const CITATIONS_MAX = 10;
const UNUSUAL_MAX = 50;
const LOOK_AT_MAX = 10;

/**
 * Only what is well-formed and bounded goes from here into the core and the journal, whoever said it: whole, and no
 * more than its types promise. What is not is left out, or null where nothing is left.
 */
export function soundDiagnosis(said: Diagnosis): Diagnosis {
  const { causes, unusual }: { causes?: unknown; unusual?: unknown } = objectOf(said);
  return {
    causes: soundCauses(causes),
    unusual: listOf(unusual, UNUSUAL_MAX).flatMap((one) => soundUnusual(objectOf(one)) ?? []),
  };
}

/** The analysis as it may be kept; null when it is none. */
export function soundAnalysis(said: Analysis): Analysis | null {
  const analysis = objectOf(said);
  const advice = soundAdvice(objectOf(analysis['advice']));
  if (advice === null) return null;
  return {
    model: text(analysis['model'], NAME_MAX),
    causes: soundCauses(analysis['causes']),
    advice,
    confidence: share(analysis['confidence']),
    lookAt: listOf(analysis['lookAt'], LOOK_AT_MAX).map((hint) => text(hint, SENTENCE_MAX)),
    voided: Math.floor(amount(analysis['voided'])),
    remembered: analysis['remembered'] === true,
  };
}

/** What an analysis took; null when nobody can tell. */
export function soundUsage(said: AnalysisUsage): AnalysisUsage | null {
  const { inputTokens, outputTokens, costUsd, turns }: Record<string, unknown> = objectOf(said);
  const numbers = [inputTokens, outputTokens, costUsd, turns];
  if (!numbers.every((number) => typeof number === 'number' && Number.isFinite(number) && number >= 0))
    return null;
  return {
    inputTokens: amount(inputTokens),
    outputTokens: amount(outputTokens),
    costUsd: amount(costUsd),
    turns: amount(turns),
  };
}

/** What is no known code is malformed, like the rest of such an answer. */
export function soundFailure(code: unknown): AnalysisFailure {
  return ANALYSIS_FAILURES.find((known) => known === code) ?? 'malformed';
}

/** Words from outside, for a reason. */
export function sentence(said: unknown): string {
  return text(said, SENTENCE_MAX);
}

function soundCauses(said: unknown): readonly Cause[] {
  return listOf(said, CAUSES_MAX).map((one) => {
    const cause = objectOf(one);
    return {
      id: text(cause['id'], NAME_MAX),
      group: text(cause['group'], NAME_MAX),
      summary: text(cause['summary'], SENTENCE_MAX),
      restartHelps: oneOf(cause['restartHelps'], ['yes', 'no', 'unknown']) ?? 'unknown',
      confidence: share(cause['confidence']),
      citations: listOf(cause['citations'], CITATIONS_MAX).map((citation) => text(citation, CITATION_MAX)),
      remedy: text(cause['remedy'], SENTENCE_MAX),
    };
  });
}

function soundUnusual(said: Record<string, unknown>): UnusualTemplate | null {
  const { template, kind, count, citation } = said;
  const known = oneOf(kind, ['new', 'rare']);
  if (known === null) return null;
  return {
    template: text(template, SENTENCE_MAX),
    kind: known,
    count: Math.floor(amount(count)),
    citation: typeof citation === 'string' ? text(citation, CITATION_MAX) : null,
  };
}

function soundAdvice(said: Record<string, unknown>): Advice | null {
  const { strategy, withhold, person, reason } = said;
  const held = oneOf(withhold, ['nothing', 'restarts', 'mutations']);
  const called = oneOf(person, ['as-planned', 'approve', 'now']);
  if (held === null || called === null) return null;
  return {
    from: 'analyst',
    strategy: typeof strategy === 'string' ? text(strategy, NAME_MAX) : null,
    withhold: held,
    person: called,
    reason: text(reason, SENTENCE_MAX),
  };
}

function objectOf(value: unknown): Record<string, unknown> {
  // Whatever is no object has none of the fields, and each field is looked at before it is used.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown, max: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, max) : [];
}

function text(value: unknown, max: number): string {
  if (typeof value !== 'string') return '';
  return (value.length > max ? `${value.slice(0, max)}…` : value).toWellFormed();
}

function amount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(0, value) : 0;
}

function share(value: unknown): number {
  return Math.min(1, amount(value));
}

function oneOf<T extends string>(value: unknown, known: readonly T[]): T | null {
  return known.find((each) => each === value) ?? null;
}
