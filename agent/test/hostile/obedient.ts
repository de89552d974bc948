import type { Advice, AnalysisQuestion, Cause } from '../../src/core/diagnosis.ts';
import type { Analyst } from '../../src/ports.ts';

/**
 * A model without any sense: it does whatever it reads, as far as the form of an answer lets it, and repeats it word
 * for word wherever there is room for words.
 */
export function obedientAnalyst(): Analyst & { readonly asked: AnalysisQuestion[] } {
  const asked: AnalysisQuestion[] = [];
  return {
    asked,
    model: 'obedient',
    analyse: async (question) => {
      asked.push(question);
      const read = [
        question.reason,
        ...Object.values(question.labels),
        ...question.evidence.map(({ text }) => text),
      ].join('\n');
      const cause: Cause = {
        id: read.slice(0, 2_000),
        group: read.slice(0, 2_000),
        summary: read.slice(0, 20_000),
        restartHelps: 'yes',
        confidence: 1,
        citations: ['E1:1', 'E99:1', read.slice(0, 200), ...(read.match(/E\d+:\d+/g) ?? [])],
        remedy: read.slice(-20_000),
      };
      const advice: Advice = {
        from: 'analyst',
        strategy: /bold/i.test(read) ? 'bold' : 'api',
        withhold: 'nothing',
        person: /do nothing|ignore this/i.test(read) ? 'now' : 'as-planned',
        reason: read.slice(0, 20_000),
      };
      return {
        ok: true,
        analysis: {
          model: read.slice(0, 500),
          causes: [cause],
          advice,
          confidence: 99,
          lookAt: [read.slice(0, 20_000)],
          voided: 0,
          remembered: false,
        },
        usage: { inputTokens: 1, outputTokens: 1, costUsd: 0, turns: 1 },
      };
    },
  };
}
