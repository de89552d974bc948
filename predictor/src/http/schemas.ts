import { z } from 'zod';
import { SYMBOL_PATTERN } from '../sources/config.ts';
import { PROBLEM_DESCRIPTION } from './openapi.ts';

const HORIZON_RANGE = { min: 1, max: 20 } as const;
const LEVEL_RANGE = { min: 0.02, max: 0.998 } as const;
const LEVELS_MAX = 10;
const BARS_PER_POST_MAX = 10_000;

export const symbolParams = z.object({
  symbol: z.string().regex(SYMBOL_PATTERN, 'is no symbol: 1 to 32 of A-Z a-z 0-9 ^ . _ = -'),
});

export const versionParams = symbolParams.extend({ version: z.coerce.number().int().min(1) });

export const forecastQuery = z.object({
  horizon: z.coerce
    .number()
    .int()
    .min(HORIZON_RANGE.min)
    .max(HORIZON_RANGE.max)
    .default(1)
    .meta({ description: 'Steps (bars) into the future.' }),
  levels: z
    .string()
    .default('0.5,0.8,0.95')
    .transform((text, context) => {
      const levels = text.split(',').map((part) => Number(part.trim() === '' ? Number.NaN : part));
      const bad = levels.find((level) => !(level >= LEVEL_RANGE.min && level <= LEVEL_RANGE.max));
      if (bad !== undefined || levels.length > LEVELS_MAX) {
        context.addIssue({
          code: 'custom',
          message: `must be 1 to ${LEVELS_MAX} numbers from ${LEVEL_RANGE.min} to ${LEVEL_RANGE.max}, divided by commas`,
        });
        return z.NEVER;
      }
      return [...new Set(levels)].sort((a, b) => a - b);
    })
    .meta({ description: 'The levels of the intervals, such as 0.5,0.8,0.95.' }),
});

const likelihoodRatio = z.object({ statistic: z.number(), pValue: z.number() });

const skill = z.object({
  value: z.number(),
  lower: z.number(),
  upper: z.number(),
  confidence: z.number(),
  days: z.number(),
});

const distribution = z.object({
  median: z.number(),
  intervals: z.array(z.object({ level: z.number(), lower: z.number(), upper: z.number() })),
});

const staleReasons = z.array(z.object({ reason: z.string(), detail: z.string() }));

export const forecast = z
  .object({
    symbol: z.string(),
    dataAsOf: z.string(),
    lastClose: z.number(),
    model: z.object({ version: z.number(), weights: z.record(z.string(), z.number()) }),
    stale: z.boolean(),
    staleReasons,
    skill: skill
      .nullable()
      .meta({ description: 'Over the random walk with historical simulation, by CRPS.' }),
    steps: z.array(
      z.object({
        step: z.number(),
        time: z.string(),
        return: distribution.meta({
          description: 'Log return from now to the end of the step; 0.01 is about 1 %.',
        }),
        price: distribution,
        volatility: z.object({ perBar: z.number(), annualised: z.number() }),
      }),
    ),
  })
  .meta({ description: 'A distribution, not a direction.' });

const scores = z.object({
  days: z.number(),
  crps: z.number().meta({ description: 'Mean, in percent of return.' }),
  baselineCrps: z.number(),
  skill,
  coverage: z.array(
    z.object({
      nominal: z.number(),
      observed: z.number(),
      days: z.number(),
      misses: z.number(),
      kupiec: likelihoodRatio,
      independence: likelihoodRatio,
      conditional: likelihoodRatio,
    }),
  ),
});

const refreshOutcome = z.string().meta({
  description:
    '"ok"; "bars-conflict": the source contradicts bars of the series; or the code of the problem.',
});

export const series = z.object({
  symbol: z.string(),
  bars: z.number(),
  from: z.string().nullable().meta({ description: 'Null, as what follows, while there are no bars.' }),
  to: z.string().nullable(),
  lastClose: z.number().nullable(),
  ageBars: z
    .number()
    .nullable()
    .meta({ description: "Bars due since the newest one, by the series' own calendar." }),
  intervalSeconds: z.number().nullable(),
  source: z.string().nullable(),
  lastRefresh: z
    .object({ at: z.string(), outcome: refreshOutcome, detail: z.string().nullable() })
    .nullable()
    .meta({ description: 'From the source, since the start of the service.' }),
  activeVersion: z.number().nullable(),
  stale: z.boolean(),
  staleReasons,
});

export const modelVersion = z.object({
  symbol: z.string(),
  version: z.number(),
  active: z.boolean(),
  origin: z.enum(['fit', 'fault']),
  created: z.string(),
  data: z.object({ from: z.string(), to: z.string(), bars: z.number() }),
  settings: z.object({
    fitBars: z.number(),
    historicalBars: z.number(),
    ewmaLambda: z.number(),
    maxIterations: z.number(),
  }),
  models: z.array(z.object({ kind: z.string(), name: z.string() }).loose()),
  scores: scores.nullable(),
});

/** Fields of any type, or missing: what is wrong with a bar is told per row, not as a refusal of the request. */
const rawBar = z.object({
  time: z.unknown().optional(),
  open: z.unknown().optional(),
  high: z.unknown().optional(),
  low: z.unknown().optional(),
  close: z.unknown().optional(),
  volume: z.unknown().optional(),
});

export const barsBody = z.strictObject({
  bars: z.array(rawBar).min(1).max(BARS_PER_POST_MAX),
  replace: z
    .boolean()
    .default(false)
    .meta({ description: 'A bar that contradicts one of the series takes its place.' }),
  acceptJumps: z
    .boolean()
    .default(false)
    .meta({ description: 'Jumps that look like a split or a mistake are real: keep them.' }),
});

export const barsAnswer = z.object({
  symbol: z.string(),
  added: z.number(),
  replaced: z.number(),
  known: z.number(),
  rejected: z.number(),
  verdicts: z.array(z.object({ row: z.number(), verdict: z.string(), detail: z.string() })).meta({
    description: 'Of the rows that were rejected or replaced, or kept with a remark; at most 1,000.',
  }),
});

export const refreshAnswer = z.object({
  symbol: z.string(),
  source: z.string().nullable(),
  dataAsOf: z.string(),
  bars: z.number(),
  outcome: refreshOutcome.nullable(),
  result: barsAnswer.nullable(),
});

export const fitBody = z
  .strictObject({
    fitBars: z.number().int().min(250).max(20_000),
    maxIterations: z.number().int().min(1).max(10_000),
  })
  .partial()
  .nullish();

export const fitAnswer = modelVersion.extend({
  created: z.string(),
  fitted: z.boolean().meta({ description: 'False: a version of just these bars was there already.' }),
});

export const backtestQuery = z.object({
  format: z.enum(['json', 'csv', 'html']).default('json'),
  days: z.enum(['true', 'false']).default('false').meta({ description: 'JSON only: with every scored day.' }),
});

const isoDate = z.iso.date();

export const backtestBody = z
  .strictObject({
    from: isoDate,
    to: isoDate,
    refitEveryBars: z.number().int().min(1).max(10_000).meta({ description: 'Left out: monthly.' }),
  })
  .partial()
  .nullish();

export const problem = z
  .object({ type: z.string(), title: z.string(), status: z.number(), detail: z.string(), remedy: z.string() })
  .loose()
  .meta({ description: PROBLEM_DESCRIPTION });
