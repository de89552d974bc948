import type { ActionResult } from '../core/actionResult.ts';
import type { EffectReport } from '../core/context.ts';
import type { Analysis } from '../core/diagnosis.ts';
import type { Observation } from '../core/observation.ts';
import type { Json } from '../core/strategy.ts';
import { cleanText } from './evidence/basket.ts';

type Redact = (text: string) => string;

/**
 * What an effect reports, without secrets and safe to show: log lines, bodies of answers and words of errors come from
 * outside, and all of it is journaled. Evidence was cleaned where it was collected; what a model and its server say of it
 * was not: a server may tell in an error what nobody showed it.
 */
export function cleanReport(report: EffectReport, redact: Redact): EffectReport {
  switch (report.kind) {
    case 'acted':
      return { ...report, result: cleanResult(report.result, redact) };
    case 'looked':
      return { ...report, observation: cleanObservation(report.observation, redact) };
    case 'confirmed':
    case 'notified':
      return { ...report, reason: cleanText(report.reason, redact) };
    case 'analysed': {
      const { analysis, reason } = report;
      return {
        ...report,
        reason: cleanText(reason, redact),
        analysis: analysis === null ? null : cleanAnalysis(analysis, redact),
      };
    }
    case 'gathered':
      return report;
    default:
      return report satisfies never;
  }
}

/** Its words; names of strategies and citations are compared with what is known, and lead to nothing else. */
function cleanAnalysis(analysis: Analysis, redact: Redact): Analysis {
  const { advice, causes, lookAt } = analysis;
  return {
    ...analysis,
    advice: { ...advice, reason: cleanText(advice.reason, redact) },
    causes: causes.map((cause) => ({
      ...cause,
      id: cleanText(cause.id, redact),
      summary: cleanText(cause.summary, redact),
      remedy: cleanText(cause.remedy, redact),
    })),
    lookAt: lookAt.map((hint) => cleanText(hint, redact)),
  };
}

function cleanResult(result: ActionResult, redact: Redact): ActionResult {
  return { ...result, reason: cleanText(result.reason, redact), output: cleanJson(result.output, redact) };
}

function cleanObservation(observation: Observation, redact: Redact): Observation {
  const { runtime, probes, symptoms } = observation;
  const cleaned = <T extends { readonly reason: string }>(one: T): T => ({
    ...one,
    reason: cleanText(one.reason, redact),
  });
  return {
    ...observation,
    runtime: runtime.ok ? runtime : cleaned(runtime),
    probes: probes.map(cleaned),
    symptoms: symptoms.map(cleaned),
  };
}

/** Every text in it; keys are the agent's own words. Outputs of actions are bounded, and so is their depth. */
function cleanJson(value: Json, redact: Redact): Json {
  if (typeof value === 'string') return cleanText(value, redact);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one: Json) => cleanJson(one, redact));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleanJson(one, redact)]));
}
