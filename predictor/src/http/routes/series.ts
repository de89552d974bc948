import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Predictor } from '../../service/predictor.ts';
import { barsAnswer, barsBody, problem, refreshAnswer, series, symbolParams } from '../schemas.ts';
import type { Guard } from '../token.ts';
import { barsView, emptySeriesView, iso, seriesView } from '../views.ts';

const BARS_BODY_MAX_BYTES = 4 * 1024 * 1024;

export function seriesRoutes(predictor: Predictor, guard: Guard, now: () => number): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/series',
      { schema: { summary: 'All series', response: { 200: z.object({ series: z.array(series) }) } } },
      async () => ({
        series: [
          ...predictor.list().map((live) => seriesView(predictor, live, now())),
          ...predictor.withoutBars().map(({ symbol }) => emptySeriesView(predictor, symbol)),
        ],
      }),
    );

    app.get(
      '/v1/series/:symbol',
      { schema: { summary: 'One series', params: symbolParams, response: { 200: series, '4xx': problem } } },
      async ({ params: { symbol } }) =>
        predictor.withoutBars().some((configured) => configured.symbol === symbol)
          ? emptySeriesView(predictor, symbol)
          : seriesView(predictor, predictor.get(symbol), now()),
    );

    app.post(
      '/v1/series/:symbol/bars',
      {
        onRequest: guard,
        bodyLimit: BARS_BODY_MAX_BYTES,
        schema: {
          summary:
            'Adds bars; the same bars again change nothing; one that contradicts the series refuses them all, unless it is to replace it',
          security: [{ bearer: [] }],
          params: symbolParams,
          body: barsBody,
          response: { 200: barsAnswer, '4xx': problem, '5xx': problem },
        },
      },
      async ({ params: { symbol }, body: { bars, replace, acceptJumps } }) => {
        const options = { refuseConflicts: true, replace, acceptJumps };
        return barsView(symbol, await predictor.addBars(symbol, bars, options));
      },
    );

    app.post(
      '/v1/series/:symbol/refresh',
      {
        onRequest: guard,
        schema: {
          summary: 'Reads the series anew, from its source where it has one',
          security: [{ bearer: [] }],
          params: symbolParams,
          response: { 200: refreshAnswer, '4xx': problem, '5xx': problem },
        },
      },
      async ({ params }) => {
        const { source, judgement, status, series: live } = await predictor.refresh(params.symbol);
        return {
          symbol: live.symbol,
          source: source ?? null,
          dataAsOf: iso(live.newest.time),
          bars: live.barCount,
          outcome: status?.outcome ?? null,
          result: judgement === undefined ? null : barsView(live.symbol, judgement),
        };
      },
    );
  };
}
