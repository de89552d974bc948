import { z } from 'zod';

const shape = z.discriminatedUnion('errors', [
  z.object({ errors: z.literal('normal') }),
  z.object({ errors: z.literal('t'), dof: z.number().gt(2) }),
]);

/** Fitted models as they are kept in the store; the types of `model.ts` are what it gives. */
export const fittedModel = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('historical'), name: z.string(), windowBars: z.number().int().positive() }),
  z.object({ kind: z.literal('ewma'), name: z.string(), lambda: z.number().gt(0).lt(1) }),
  z.object({
    kind: z.literal('garch'),
    name: z.string(),
    parameters: z.object({
      mu: z.number(),
      omega: z.number(),
      alpha: z.number(),
      gamma: z.number(),
      beta: z.number(),
      shape,
    }),
  }),
]);

export const learntState = z.object({
  combination: z.object({ losses: z.record(z.string(), z.number()) }),
  calibration: z.object({ shifts: z.array(z.number()) }),
  unit: z.number().nullable(),
});

export const familySettings = z.object({
  fitBars: z.number().int(),
  historicalBars: z.number().int(),
  ewmaLambda: z.number(),
  maxIterations: z.number().int(),
});
