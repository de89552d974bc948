import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Predictor } from '../../service/predictor.ts';
import { fitAnswer, fitBody, modelVersion, problem, symbolParams, versionParams } from '../schemas.ts';
import type { Guard } from '../token.ts';
import { versionView } from '../views.ts';

export function modelRoutes(predictor: Predictor, guard: Guard): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/models',
      {
        schema: {
          summary: 'The model versions of every series, newest first',
          querystring: z.object({ symbol: symbolParams.shape.symbol.optional() }),
          response: { 200: z.object({ models: z.array(modelVersion) }), '4xx': problem },
        },
      },
      async ({ query }) => {
        const wanted = query.symbol === undefined ? predictor.list() : [predictor.get(query.symbol)];
        const all = await Promise.all(
          wanted.map(async (live) =>
            (await predictor.versions(live.symbol)).map((version) => versionView(version, live)),
          ),
        );
        return { models: all.flat() };
      },
    );

    app.post(
      '/v1/models/:symbol/fit',
      {
        onRequest: guard,
        schema: {
          summary: 'Sees to it that the active version is one fitted on the bars as they are now',
          security: [{ bearer: [] }],
          params: symbolParams,
          body: fitBody,
          response: { 200: fitAnswer, '4xx': problem, '5xx': problem },
        },
      },
      async ({ params, body }) => {
        const changes = Object.fromEntries(
          Object.entries(body ?? {}).filter(([, value]) => value !== undefined),
        );
        const { version, created } = await predictor.fit(params.symbol, changes);
        return { ...versionView(version, predictor.get(params.symbol)), fitted: created };
      },
    );

    app.post(
      '/v1/models/:symbol/rollback',
      {
        onRequest: guard,
        schema: {
          summary:
            'Sees to it that the active version has a good record: it stays, or the newest kept one that has takes its place',
          security: [{ bearer: [] }],
          params: symbolParams,
          response: { 200: modelVersion, '4xx': problem, '5xx': problem },
        },
      },
      async ({ params }) => {
        const version = await predictor.rollBack(params.symbol);
        return versionView(version, predictor.get(params.symbol));
      },
    );

    app.post(
      '/v1/models/:symbol/activate/:version',
      {
        onRequest: guard,
        schema: {
          summary: 'Makes a kept version the active one: the way back from a bad one',
          security: [{ bearer: [] }],
          params: versionParams,
          response: { 200: modelVersion, '4xx': problem, '5xx': problem },
        },
      },
      async ({ params }) => {
        const version = await predictor.activate(params.symbol, params.version);
        return versionView(version, predictor.get(params.symbol));
      },
    );
  };
}
