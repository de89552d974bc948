import { z } from 'zod';
import { toldSchema } from './toldSchema.ts';

/** Most causes and hints of one answer that are looked at. */
const LIST_MAX = 10;
const CITATIONS_MAX = 20;

const text = (description: string) => z.string().describe(description);
const share = (description: string) => z.coerce.number().catch(0).describe(description);

const causeSchema = z.object({
  name: text('Two to five words in kebab-case, such as certificate-expired.'),
  group: text(
    'One of: memory, disk, network, dependency, tls, authentication, configuration, port, file, database, migration, runtime, crash, limit, time, other.',
  ),
  summary: text('One sentence: what went wrong.'),
  citations: z
    .array(z.string())
    .describe('What it rests on: at least one id of evidence, with its line, such as E2:17, or E2.'),
  restart_helps: z
    .enum(['yes', 'no', 'unknown'])
    .catch('unknown')
    .describe('Whether starting the same thing anew can remove this cause.'),
  confidence: share('0 to 1.'),
  remedy: text('What a person can do about it; one or two sentences.').catch(''),
});

/**
 * What the model answers. Lenient where nothing depends on it: a wrong word becomes what changes nothing, too long a
 * text is cut by whoever judges the answer.
 */
export const answerSchema = z.object({
  causes: z.array(causeSchema).describe('The likely causes, the surest first. None where nothing shows one.'),
  strategy: z
    .string()
    .nullable()
    .catch(null)
    .describe('The name of the alternative that fits better than the plan, or null.'),
  withhold: z
    .enum(['nothing', 'restarts', 'mutations'])
    .catch('nothing')
    .describe('What is better not done: restarts that cannot help, or every step that changes something.'),
  person: z
    .enum(['as-planned', 'approve', 'now'])
    .catch('as-planned')
    .describe('Whether a person is better asked before each step, or called at once.'),
  reason: text('One sentence: why.').catch(''),
  confidence: share('In the answer as a whole, 0 to 1.'),
  look_at: z.array(z.string()).catch([]).describe('What a person should look at, at most five; short.'),
});

export type Answer = z.output<typeof answerSchema>;

/** JSON Schema of the answer, as models are told it. */
export function answerJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    title: 'report',
    description: 'Give the result of the examination. Call it once, at the end.',
    ...toldSchema(answerSchema),
  };
}

/** Reads what a model answered: an object, or text that holds one. `null` when it is no such answer. */
export function parseAnswer(answered: unknown): Answer | null {
  const parsed = answerSchema.safeParse(typeof answered === 'string' ? jsonIn(answered) : answered);
  if (!parsed.success) return null;
  const { causes, look_at, ...rest } = parsed.data;
  return {
    ...rest,
    causes: causes
      .slice(0, LIST_MAX)
      .map((cause) => ({ ...cause, citations: cause.citations.slice(0, CITATIONS_MAX) })),
    look_at: look_at.slice(0, LIST_MAX),
  };
}

/** Small models write the object into their text, between words and fences of Markdown. */
function jsonIn(answered: string): unknown {
  const first = answered.indexOf('{');
  const last = answered.lastIndexOf('}');
  if (first === -1 || last < first) return undefined;
  try {
    return JSON.parse(answered.slice(first, last + 1));
  } catch {
    return undefined; // No JSON; that it is no answer is said by whoever asked.
  }
}
