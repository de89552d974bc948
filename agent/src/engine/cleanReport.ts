import type { EffectReport } from '../core/context.ts';
import type { ActionResult } from '../core/entry.ts';
import type { Observation } from '../core/observation.ts';
import type { Json } from '../core/strategy.ts';
import { cleanText } from './evidence/basket.ts';

type Redact = (text: string) => string;

/**
 * What an effect reports, without secrets and safe to show: log lines, bodies of answers and words of errors come from
 * outside, and all of it is journaled. Evidence and analyses were cleaned where they were collected.
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
    case 'gathered':
    case 'analysed':
      return report;
    default:
      return report satisfies never;
  }
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
