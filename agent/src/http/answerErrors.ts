import { MpaError } from '../errors.ts';
import type { App } from './app.ts';
import type { HttpOptions } from './options.ts';
import { problemOf, RETRY_AFTER_S } from './problem.ts';
import { Seldom } from './seldom.ts';

/** A flood of bad requests must not become a flood of lines. */
const LOG_INTERVAL_MS = 10_000;

/** Answers every error as a problem, and logs those that an operator should know of. */
export function answerErrors(app: App, { log, clock }: HttpOptions): void {
  const seldom = new Seldom(clock, LOG_INTERVAL_MS);
  app.setErrorHandler((error: unknown, request, reply) => {
    const problem = problemOf(error);
    const { code, status, detail } = problem;
    const fields = { code, status, method: request.method, route: request.routeOptions.url ?? '(none)' };
    if (code === 'INTERNAL') {
      log.error({ ...fields, err: error }, 'a request met a defect of the agent');
    } else if (status >= 500 || (error instanceof MpaError && code === 'UNAUTHORIZED')) {
      if (seldom.allows(code)) log.warn({ ...fields, from: request.ip }, `a request was refused: ${detail}`);
    }
    if (status === 503) reply.header('retry-after', RETRY_AFTER_S);
    // Serialised here: the route's own response schemas are for its answers.
    return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(problem);
  });
}
