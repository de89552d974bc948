import { z } from 'zod';
import type { Labels } from '../core/alert.ts';
import { MpaError } from '../errors.ts';
import { inWords } from '../networkError.ts';

/** Labels of one alert or sample; more are no label set of this world. */
const LABELS_MAX = 256;

/**
 * Labels in an answer of Prometheus or Alertmanager. The output has a null prototype, so that `__proto__` and
 * `constructor` are labels like any other; zod's own record would drop the first.
 */
export const labelsSchema = z.unknown().transform((input, context): Labels => {
  const labels: Record<string, string> = Object.create(null);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    context.addIssue({ code: 'custom', message: 'must be an object of strings' });
    return z.NEVER;
  }
  const entries = Object.entries(input);
  if (entries.length > LABELS_MAX) {
    context.addIssue({ code: 'custom', message: `must have at most ${LABELS_MAX} labels` });
    return z.NEVER;
  }
  for (const [name, value] of entries) {
    if (typeof value === 'string') labels[name] = value;
    else context.addIssue({ code: 'custom', message: 'must be a string', path: [name] });
  }
  return labels;
});

/** RFC 3339 as Go writes it, with up to nine fraction digits; milliseconds since the epoch. */
export const timeSchema = z.string().transform((text, context): number => {
  const ms = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  if (!Number.isNaN(ms)) return ms;
  context.addIssue({ code: 'custom', message: 'must be a time' });
  return z.NEVER;
});

/** What is wrong with an answer, in one sentence. */
export function unexpected(error: z.ZodError): Error {
  const [issue] = error.issues;
  return new Error(`the answer is not what was expected: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** Why there is no usable answer, short enough for a verdict's reason. */
export function whyNone(error: unknown): string {
  return error instanceof MpaError ? error.detail : inWords(error);
}
