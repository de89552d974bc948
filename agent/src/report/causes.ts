import type { Analysis, Cause, Citation, Diagnosis } from '../core/diagnosis.ts';
import { duration } from '../core/words.ts';
import { sayCitation } from './citations.ts';
import type { EvidenceSection } from './evidence.ts';
import { type Facts, said } from './facts.ts';
import { code, prose, sentence } from './markdown.ts';

/** What is told of each kind; the journal has all. */
const CAUSES_MAX = 6;
const CITATIONS_EACH_MAX = 6;
const UNUSUAL_MAX = 10;
const LOOK_AT_MAX = 8;

/** What the rules made of the evidence at last; null: they were not asked. */
function diagnosisOf({ entries }: Facts): Diagnosis | null {
  return said(entries, 'diagnosed').at(-1)?.body.diagnosis ?? null;
}

/** What a model made of it at last; null: there is no such answer. */
function analysisOf({ entries }: Facts): Analysis | null {
  return (
    said(entries, 'analysis-ended').findLast(({ body }) => body.analysis !== null)?.body.analysis ?? null
  );
}

/** The causes that are told, the surest first; the rules' before the model's. */
export function toldCauses(facts: Facts): readonly Cause[] {
  const surest = (causes: readonly Cause[]) =>
    causes.toSorted((a, b) => b.confidence - a.confidence).slice(0, CAUSES_MAX);
  return [...surest(diagnosisOf(facts)?.causes ?? []), ...surest(analysisOf(facts)?.causes ?? [])];
}

/** Everything that the section of the causes cites. */
export function citationsOf(facts: Facts): readonly Citation[] {
  const causes = toldCauses(facts).flatMap(({ citations }) => citations.slice(0, CITATIONS_EACH_MAX));
  const unusual = (diagnosisOf(facts)?.unusual ?? []).slice(0, UNUSUAL_MAX);
  return [...new Set([...causes, ...unusual.flatMap(({ citation }) => citation ?? [])])];
}

/** Why it failed: the likely causes with what they rest on, what is unusual in the logs, and what a model said. */
export function causesOf(facts: Facts, { anchors }: EvidenceSection): readonly string[] {
  const diagnosis = diagnosisOf(facts);
  const analysis = analysisOf(facts);
  const say = (cause: Cause) => sayCause(facts, cause, anchors);
  const told = toldCauses(facts);
  const byRules = told.filter((cause) => diagnosis?.causes.includes(cause) === true);
  const byModel = told.filter((cause) => analysis?.causes.includes(cause) === true);
  return [
    ...(byRules.length === 0 ? [sayNoCause(facts), ''] : byRules.flatMap(say)),
    ...unusualOf(facts, anchors),
    ...modelOf(facts, byModel.flatMap(say)),
  ];
}

function sayNoCause(facts: Facts): string {
  if (diagnosisOf(facts) !== null) return 'The rules know no cause that fits the evidence.';
  return facts.evidence.size === 0
    ? 'Nothing could be told: no evidence was kept.'
    : 'The evidence was kept, and nothing was concluded from it.';
}

function sayCause(facts: Facts, cause: Cause, anchors: ReadonlyMap<string, string>): readonly string[] {
  const { id, group, summary, confidence, restartHelps, citations } = cause;
  const rests = citations
    .slice(0, CITATIONS_EACH_MAX)
    .map((citation) => `    - ${sayCitation(citation, facts.evidence, anchors)}`);
  const more = citations.length - rests.length;
  return [
    `- **${sureness(confidence)}:** ${sentence(summary)} (${code(group === '' ? id : `${group}/${id}`, 100)})`,
    `  - ${RESTART[restartHelps]}`,
    ...(rests.length === 0 ? ['  - It rests on no line of the evidence.'] : ['  - It rests on:', ...rests]),
    ...(more > 0 ? [`    - … and ${more} more places`] : []),
    '',
  ];
}

const RESTART = {
  yes: 'A restart helps against it.',
  no: 'A restart cannot help against it.',
  unknown: 'Whether a restart helps is not known.',
} as const;

function sureness(confidence: number): string {
  const percent = `${Math.round(Math.min(1, Math.max(0, confidence)) * 100)} %`;
  if (confidence >= 0.9) return `Almost certain (${percent})`;
  return confidence >= 0.6 ? `Likely (${percent})` : `Possible (${percent})`;
}

function unusualOf(facts: Facts, anchors: ReadonlyMap<string, string>): readonly string[] {
  const unusual = (diagnosisOf(facts)?.unusual ?? []).slice(0, UNUSUAL_MAX);
  if (unusual.length === 0) return [];
  return [
    'Unusual in its logs, against its own past:',
    '',
    ...unusual.map(({ kind, template, count, citation }) => {
      const where = citation === null ? '' : `, first ${sayCitation(citation, facts.evidence, anchors)}`;
      return `- ${kind}, ${count}×: ${code(template, 200)}${where}`;
    }),
    '',
  ];
}

/** What the model said, and that there is no word of it where it was asked in vain. */
function modelOf(facts: Facts, causes: readonly string[]): readonly string[] {
  const last = said(facts.entries, 'analysis-ended').at(-1);
  const asked = said(facts.entries, 'analysis-started').at(-1);
  if (last === undefined) {
    if (asked === undefined) return [];
    const until = duration(asked.body.by - asked.at);
    return [
      '### What the model said',
      '',
      `It was asked, for at most ${until}, and has not answered yet.`,
      '',
    ];
  }
  const { analysis, code: how, reason, usage } = last.body;
  const tookMs = asked === undefined ? 0 : last.at - asked.at;
  const took = asked === undefined || how === 'remembered' ? '' : ` after ${duration(tookMs)}`;
  const cost = `${usage.inputTokens + usage.outputTokens} tokens in ${usage.turns} answers, ${usage.costUsd.toFixed(4)} USD`;
  if (analysis === null) {
    return [
      '### What the model said',
      '',
      `Nothing${took} (${code(how)}): ${prose(reason)}. The rules decided alone.`,
      '',
    ];
  }
  const { model, confidence, voided, lookAt, advice } = analysis;
  return [
    '### What the model said',
    '',
    how === 'remembered'
      ? `${code(model, 100)} was asked the same before; its answer was remembered, at no cost.`
      : `${code(model, 100)} answered${took} (${cost}).`,
    `It is ${Math.round(confidence * 100)} % sure of itself. A model can be wrong: it can only make the agent more careful.`,
    '',
    ...(causes.length === 0 ? ['- It names no cause that the evidence bears out.', ''] : causes),
    `- Its advice: ${sayAdvice(advice)}; ${prose(advice.reason)}`,
    ...(voided === 0 ? [] : [`- Struck out: ${voided} of its claims, since what they cite does not exist.`]),
    ...lookAt.slice(0, LOOK_AT_MAX).map((each) => `- It would look at: ${prose(each)}`),
    '',
  ];
}

function sayAdvice({ strategy, withhold, person }: Analysis['advice']): string {
  const parts = [
    strategy === null ? [] : [`the strategy ${code(strategy, 100)} instead`],
    withhold === 'nothing' ? [] : [withhold === 'restarts' ? 'no restart' : 'touch nothing'],
    person === 'as-planned' ? [] : [person === 'now' ? 'call a person now' : 'ask a person first'],
  ].flat();
  return parts.length === 0 ? 'go on as planned' : parts.join(', ');
}
