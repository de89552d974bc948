import { z } from 'zod';
import type { Labels } from '../core/alert.ts';
import type { ServiceClient } from '../serviceClient.ts';
import { labelsSchema, timeSchema, unexpected } from './answers.ts';

/** An alerting rule with how it fared at its last evaluation. */
export type AlertingRule = {
  readonly name: string;
  readonly query: string;
  /** The labels that the rule sets, as they are written: templates are not filled in. */
  readonly labels: Labels;
  readonly health: string;
  readonly lastError: string;
  /** Milliseconds since the epoch. */
  readonly lastEvaluation: number;
  /** Of its group, milliseconds. */
  readonly intervalMs: number;
  readonly alerts: readonly { readonly labels: Labels; readonly state: string }[];
};

/** One element of an instant vector. A scalar comes as one without labels. */
export type Sample = { readonly labels: Labels; readonly value: string };

const alertingRule = z.object({
  type: z.literal('alerting'),
  name: z.string(),
  query: z.string(),
  labels: labelsSchema.optional(),
  health: z.string(),
  lastError: z.string().default(''),
  lastEvaluation: timeSchema,
  alerts: z.array(z.object({ labels: labelsSchema, state: z.string() })).nullish(),
});

const rulesAnswer = z.object({
  status: z.literal('success'),
  data: z.object({
    groups: z.array(
      // Rules that are not asked for are not looked into: one that is odd is no reason to miss the others.
      z.object({ interval: z.number(), rules: z.array(z.looseObject({ name: z.string() })) }),
    ),
  }),
});

const value = z.tuple([z.number(), z.string()]);
const queryAnswer = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.object({
      resultType: z.literal('vector'),
      result: z.array(
        // A native histogram has `histogram` in the place of `value`; that it is there is all that counts.
        z.object({ metric: labelsSchema, value: value.optional() }),
      ),
    }),
    z.object({ resultType: z.literal('scalar'), result: value }),
  ]),
});

const rangeAnswer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labelsSchema, values: z.array(value).nullish() })),
  }),
});

/** All alerting rules of this name, and the time by Prometheus' own clock, where it tells. */
export async function readRules(
  client: ServiceClient,
  name: string,
  signal: AbortSignal,
): Promise<{ readonly rules: readonly AlertingRule[]; readonly date: number | null }> {
  // Versions before 2.48 do not know `rule_name[]` and answer with all rules.
  const query = [
    ['type', 'alert'],
    ['rule_name[]', name],
  ] as const;
  const { body, date } = await client.getJson('/api/v1/rules', query, signal);
  const answer = parse(rulesAnswer, body);
  const rules = answer.data.groups.flatMap(({ interval, rules: listed }) =>
    listed
      .filter((rule) => rule.name === name)
      .map((rule) => {
        const { labels, alerts, ...rest } = parse(alertingRule, rule);
        return { ...rest, labels: labels ?? {}, alerts: alerts ?? [], intervalMs: interval * 1_000 };
      }),
  );
  return { rules, date };
}

/** An instant query, as of now. */
export async function queryNow(
  client: ServiceClient,
  expression: string,
  signal: AbortSignal,
): Promise<readonly Sample[]> {
  const { body } = await client.getJson('/api/v1/query', [['query', expression]], signal);
  const { data } = parse(queryAnswer, body);
  if (data.resultType === 'scalar') return [{ labels: {}, value: data.result[1] }];
  return data.result.map(({ metric, value: pair }) => ({
    labels: metric,
    value: pair?.[1] ?? 'a histogram',
  }));
}

/** One series of a range: its points in order, as far as it has any. */
export type Course = {
  readonly labels: Labels;
  /** `at`: milliseconds since the epoch. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
};

/** A range query; native histograms have no points. */
export async function queryRange(
  client: ServiceClient,
  expression: string,
  { fromMs, toMs, stepMs }: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
  signal: AbortSignal,
): Promise<readonly Course[]> {
  const query = [
    ['query', expression],
    ['start', (fromMs / 1_000).toFixed(3)],
    ['end', (toMs / 1_000).toFixed(3)],
    ['step', String(stepMs / 1_000)],
  ] as const;
  const { body } = await client.getJson('/api/v1/query_range', query, signal);
  const { data } = parse(rangeAnswer, body);
  return data.result.map(({ metric, values }) => ({
    labels: metric,
    points: (values ?? []).map(([seconds, text]) => ({ at: seconds * 1_000, value: Number(text) })),
  }));
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw unexpected(parsed.error);
  return parsed.data;
}
