import type { Advice, Analysis, Cause } from '../../core/diagnosis.ts';
import type { Answer } from './answer.ts';
import type { EvidenceBook } from './evidenceBook.ts';
import { neutral } from './neutral.ts';

/** Lengths of what is kept of a model's words, UTF-16 units. */
const SENTENCE_MAX = 500;
const NAME_MAX = 60;

const GROUPS: ReadonlySet<string> = new Set([
  'memory',
  'disk',
  'network',
  'dependency',
  'tls',
  'authentication',
  'configuration',
  'port',
  'file',
  'database',
  'migration',
  'runtime',
  'crash',
  'limit',
  'time',
]);

/**
 * What of an answer holds: causes whose every citation leads to something that was shown, and advice that rests on one
 * of them. A strategy that is none of the alternatives is none; text is one safe line of bounded length.
 */
export function judge(
  answer: Answer,
  book: EvidenceBook,
  alternatives: readonly { readonly name: string }[],
  model: string,
): Analysis {
  const causes = answer.causes.flatMap((cause) => judgeCause(cause, book) ?? []);
  return {
    model,
    causes,
    advice: causes.length === 0 ? NO_ADVICE : adviceOf(answer, alternatives),
    confidence: causes.length === 0 ? 0 : share(answer.confidence),
    lookAt: answer.look_at.map(sentence).filter((hint) => hint !== ''),
    voided: answer.causes.length - causes.length,
    remembered: false,
  };
}

const NO_ADVICE: Advice = {
  from: 'analyst',
  strategy: null,
  withhold: 'nothing',
  person: 'as-planned',
  reason: 'the analyst named no cause that the evidence shows',
};

function adviceOf(answer: Answer, alternatives: readonly { readonly name: string }[]): Advice {
  const { strategy, withhold, person, reason } = answer;
  return {
    from: 'analyst',
    strategy: alternatives.some(({ name }) => name === strategy) ? strategy : null,
    withhold,
    person,
    reason: sentence(reason) || 'the analyst gave no reason',
  };
}

function judgeCause(cause: Answer['causes'][number], book: EvidenceBook): Cause | null {
  const citations = [...new Set(cause.citations.map((citation) => citation.trim()))];
  const summary = sentence(cause.summary);
  if (summary === '' || citations.length === 0) return null;
  if (citations.some((citation) => book.find(citation) === null)) return null;
  const group = cause.group.toLowerCase().trim();
  return {
    id: slug(cause.name),
    group: GROUPS.has(group) ? group : 'other',
    summary,
    restartHelps: cause.restart_helps,
    confidence: share(cause.confidence),
    citations,
    remedy: sentence(cause.remedy),
  };
}

function slug(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join('-').slice(0, NAME_MAX) || 'unnamed';
}

function sentence(text: string): string {
  return neutral(text.replaceAll(/\s+/g, ' ').trim(), SENTENCE_MAX);
}

function share(number: number): number {
  return Number.isFinite(number) ? Math.min(1, Math.max(0, number)) : 0;
}
