import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { createJsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Metrics } from '../metrics.ts';
import type { Predictor } from '../service/predictor.ts';
import { faults } from './faults.ts';
import { correct } from './openapi.ts';
import { answerWithProblems } from './problem-reply.ts';
import { backtestRoutes } from './routes/backtests.ts';
import { forecastRoutes } from './routes/forecasts.ts';
import { modelRoutes } from './routes/models.ts';
import { operationRoutes } from './routes/operations.ts';
import { repairRoutes } from './routes/repairs.ts';
import { seriesRoutes } from './routes/series.ts';
import { bearerGuard } from './token.ts';

export interface ServerOptions {
  readonly tokenFile: string | undefined;
  readonly allowFaults: boolean;
  /** A pino level, or "silent". */
  readonly logLevel: string;
  readonly now: () => number;
}

const BODY_MAX_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

/** The HTTP face of the predictor, not yet listening. The predictor's log is the server's: see `logOf`. */
export async function createServer(
  makePredictor: (log: FastifyInstance['log']) => Predictor,
  metrics: Metrics,
  options: ServerOptions,
): Promise<{ app: FastifyInstance; predictor: Predictor }> {
  const app = Fastify({
    logger: { level: options.logLevel },
    // Requests are counted in the metrics; a line for each would drown what matters.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
  });
  const predictor = makePredictor(app.log);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerWithProblems(app);
  acceptEmptyJson(app);
  endConnectionsWhenClosing(app);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: reply.statusCode };
    metrics.requests.inc(labels);
    metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000);
  });

  await app.register(swagger, {
    openapi: {
      info: {
        title: 'Market Predictor',
        version: '1',
        description:
          'Probabilistic forecasts of market returns, prices and volatility, with their quality beside them.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    transform: createJsonSchemaTransform({}),
    transformObject: (made) => ('openapiObject' in made ? correct(made.openapiObject) : made.swaggerObject),
  });
  const guard = bearerGuard(options.tokenFile);
  if (options.allowFaults) faults(app, predictor, metrics, guard);
  await app.register(forecastRoutes(predictor, metrics));
  await app.register(backtestRoutes(predictor, guard));
  await app.register(seriesRoutes(predictor, guard, options.now));
  await app.register(modelRoutes(predictor, guard));
  await app.register(repairRoutes(predictor, guard));
  await app.register(operationRoutes(predictor, metrics));
  app.get('/openapi.json', { schema: { hide: true, response: { 200: z.unknown() } } }, async () =>
    app.swagger(),
  );
  return { app, predictor };
}

/** Repairs are often called with the JSON content type and no body: that is no body, not bad JSON. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, String(body), done);
  });
}

/** A connection that is kept alive after its last answer would hold up the end until the client lets go of it. */
function endConnectionsWhenClosing(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}
