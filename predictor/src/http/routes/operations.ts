import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Metrics } from '../../metrics.ts';
import type { Predictor } from '../../service/predictor.ts';

/** For whoever runs the service: is it alive, can it answer, how is it. */
export function operationRoutes(predictor: Predictor, metrics: Metrics): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/health',
      {
        schema: {
          summary: 'Alive: the event loop turns. Says nothing about the data; see /-/ready and /metrics',
          response: { 200: z.object({ status: z.literal('ok'), uptimeSeconds: z.number() }) },
        },
      },
      async () => ({ status: 'ok' as const, uptimeSeconds: Math.round(process.uptime()) }),
    );

    app.get(
      '/-/ready',
      {
        schema: {
          summary: 'Ready: every series that can be forecast has its forecast standing',
          response: {
            200: z.object({
              ready: z.literal(true),
              series: z.number(),
              withoutBars: z.array(z.string()).meta({ description: 'Series whose source gave nothing yet.' }),
            }),
            503: z.object({ ready: z.literal(false), waitingFor: z.array(z.string()) }),
          },
        },
      },
      async (_request, reply) => {
        const waitingFor = predictor.notReady();
        if (waitingFor.length > 0) return reply.status(503).send({ ready: false, waitingFor });
        return {
          ready: true as const,
          series: predictor.list().length,
          withoutBars: predictor.withoutBars().map(({ symbol }) => symbol),
        };
      },
    );

    app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
      predictor.observe();
      const body = await metrics.registry.metrics();
      return reply.type(metrics.registry.contentType).send(body);
    });
  };
}
