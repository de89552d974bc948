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
      async (request, reply) => {
        const end = metrics.forecastSeconds.startTimer();
        const { horizon, levels } = request.query;
        const answer = await predictor.forecast(request.params.symbol, horizon, levels);
        end();
        // Its type is the schema's already; checking it again by the schema would be most of the work of a warm forecast.
        return reply
          .type('application/json; charset=utf-8')
          .serializer((body: unknown) => JSON.stringify(body))
          .send(answer);
      },
    );
  };
}
