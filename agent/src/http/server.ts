import fastifySwagger from '@fastify/swagger';
import fastify from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { escapeUnsafe } from '../core/printable.ts';
import { MpaError } from '../errors.ts';
import { answerErrors } from './answerErrors.ts';
import type { App } from './app.ts';
import { authorize } from './authorize.ts';
import { controlRoutes } from './controlRoutes.ts';
import { healthRoutes } from './healthRoutes.ts';
import { incidentRoutes } from './incidentRoutes.ts';
import { parseJsonBody } from './jsonBody.ts';
import { manageRoutes } from './manageRoutes.ts';
import type { HttpOptions } from './options.ts';
import { targetRoutes } from './targetRoutes.ts';
import { webhookRoute } from './webhookRoute.ts';

/** How often Node looks for connections that are over their time limits. */
const CONNECTIONS_CHECK_MS = 1_000;

/**
 * Puts the HTTP server together. It does not listen yet: see `assertMayListen`, then `app.listen`, and
 * `closeServer` for the end.
 */
export async function createServer(options: HttpOptions): Promise<App> {
  const { limits } = options;
  const app = fastify({
    bodyLimit: limits.bodySizeBytes,
    requestTimeout: limits.requestTimeoutMs,
    handlerTimeout: limits.answerTimeoutMs,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
    },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256 },
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = limits.connections;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(compileSafeSerializer);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => parseJsonBody(body, limits.bodyDepth),
  );
  answerErrors(app, options);
  countAnswers(app, options);
  endConnectionsWhenClosing(app);

  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Market Programmer Agent',
        version: options.version,
        description:
          'What the agent hears, sees and does. Errors are application/problem+json with a stable code.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(async (scope) => healthRoutes(scope.withTypeProvider<ZodTypeProvider>(), options));
  await app.register(async (scope) => webhookRoute(scope.withTypeProvider<ZodTypeProvider>(), options));
  await app.register(async (scope) => {
    const api = scope.withTypeProvider<ZodTypeProvider>();
    api.addHook('onRequest', authorize(options.operatorTokens));
    incidentRoutes(api, options);
    targetRoutes(api, options);
    controlRoutes(api, options);
    manageRoutes(api, options);
  });
  app.setNotFoundHandler((request) => {
    throw new MpaError('NO_ROUTE', `${request.method} ${request.url.slice(0, 200)}`);
  });
  await app.ready();
  return app;
}

/**
 * Answers in JSON without a character that a terminal would act on, or that is not seen: inside of a JSON string an
 * escape means the character itself, and no unsafe one stands outside of a string.
 */
const compileSafeSerializer: typeof serializerCompiler = (route) => {
  const serialize = serializerCompiler(route);
  return (data) => escapeUnsafe(serialize(data));
};

/** Counts each answer by its route's pattern: an address that somebody made up must not become a label. */
function countAnswers(app: App, { telemetry }: HttpOptions): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? '(none)';
    telemetry.requestAnswered(request.method, route, reply.statusCode, reply.elapsedTime);
    done();
  });
}

/** A connection that is kept alive after its last answer would hold up the closing until the client lets go of it. */
function endConnectionsWhenClosing(app: App): void {
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
}
