import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../../problems.ts';
import type { Predictor } from '../../service/predictor.ts';
import { problem, symbolParams } from '../schemas.ts';
import type { Guard } from '../token.ts';

const { symbol } = symbolParams.shape;

/**
 * Repairs of all series at once. Who looks after this service sees one trouble, whose alerts may be about several
 * series; it need not know which they are.
 */
export function repairRoutes(predictor: Predictor, guard: Guard): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/repairs/:repair',
      {
        onRequest: guard,
        schema: {
          summary:
            'Does a repair to every series that needs it: `refresh` to those that are stale or empty, `fit` and `rollback` to all, which change no series that is as it should be',
          security: [{ bearer: [] }],
          params: z.object({ repair: z.enum(['refresh', 'fit', 'rollback']) }),
          response: { 200: z.object({ repaired: z.array(symbol) }), '4xx': problem, '5xx': problem },
        },
      },
      async ({ params: { repair } }) => {
        const outcomes = await (repair === 'refresh' ? refreshAll(predictor) : mendAll(predictor, repair));
        const failed = outcomes.filter(({ failure }) => failure !== null);
        if (failed.length > 0) {
          const detail = failed.map((each) => `${each.symbol}: ${each.failure}`).join('; ');
          throw new Problem('repair-incomplete', detail, { failed: failed.length, of: outcomes.length });
        }
        return { repaired: outcomes.map((each) => each.symbol) };
      },
    );
  };
}

type Outcome = { readonly symbol: string; readonly failure: string | null };

/** At once: one source that hangs keeps no other series waiting. */
function refreshAll(predictor: Predictor): Promise<readonly Outcome[]> {
  return Promise.all(predictor.stale().map((each) => outcomeOf(each, () => predictor.refresh(each))));
}

/** One after the other: fits use a whole core. */
async function mendAll(predictor: Predictor, repair: 'fit' | 'rollback'): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const live of predictor.list()) {
    const mend = () => (repair === 'fit' ? predictor.fit(live.symbol) : predictor.rollBack(live.symbol));
    outcomes.push(await outcomeOf(live.symbol, mend));
  }
  return outcomes;
}

async function outcomeOf(of: string, mend: () => Promise<unknown>): Promise<Outcome> {
  try {
    await mend();
    return { symbol: of, failure: null };
  } catch (error) {
    // What is not expected is a mistake of ours, and no trouble of one series.
    if (!(error instanceof Problem)) throw error;
    return { symbol: of, failure: error.message };
  }
}
