import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Metrics } from '../../metrics.ts';
import type { Predictor } from '../../service/predictor.ts';
import { translate } from '../problem-reply.ts';
import { forecast, forecastQuery, problem, symbolParams } from '../schemas.ts';

export function forecastRoutes(predictor: Predictor, metrics: Metrics): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/forecasts/:symbol',
      {
        schema: {
          summary: 'The distribution of the return and the price over the next bars',
          params: symbolParams,
          querystring: forecastQuery,
          response: { 200: forecast, '4xx': problem, '5xx': problem },
        },
        onError: async (_request, _reply, error) => {
          metrics.forecastErrors.inc({ code: translate(error).code });
        },
      },
      async (request) => {
        const end = metrics.forecastSeconds.startTimer();
        const { horizon, levels } = request.query;
        const answer = await predictor.forecast(request.params.symbol, horizon, levels);
        end();
        return answer;
      },
    );
  };
}
