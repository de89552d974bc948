import { MpaError } from '../errors.ts';
import type { App } from './app.ts';
import type { HttpOptions } from './options.ts';
import { problemOf, RETRY_AFTER_S } from './problem.ts';
import { Seldom } from './seldom.ts';
import { WEBHOOK_ROUTE } from './webhookRoute.ts';

/** A flood of bad requests must not become a flood of lines. */
const LOG_INTERVAL_MS = 10_000;

/**
 * Answers every error as a problem, and logs those that an operator should know of: what the agent could not do, who
 * has no token, and every alert that was not taken. Alertmanager drops what it got a 4xx for, and does not say why.
 */
export function answerErrors(app: App, { log, clock }: HttpOptions): void {
  const seldom = new Seldom(clock, LOG_INTERVAL_MS);
  app.setErrorHandler((error: unknown, request, reply) => {
    const problem = problemOf(error);
    const { code, status, title, detail, remedy } = problem;
    const route = request.routeOptions.url ?? '(none)';
    const fields = { code, status, method: request.method, route, from: request.ip };
    if (code === 'INTERNAL') {
      log.error({ ...fields, err: error }, 'a request met a defect of the agent');
    } else if (status >= 500 || (error instanceof MpaError && code === 'UNAUTHORIZED')) {
      if (seldom.allows(code)) log.warn(fields, `a request was refused: ${detail}`);
    } else if (route === WEBHOOK_ROUTE) {
      if (seldom.allows(code)) log.warn(fields, `alerts were refused: ${title}: ${detail}. ${remedy}`);
    }
    if (status === 503) reply.header('retry-after', RETRY_AFTER_S);
    // Serialised here: the route's own response schemas are for its answers.
    return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(problem);
  });
}
