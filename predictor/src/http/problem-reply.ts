import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { asProblem, Problem, type ProblemCode, problemDocument } from '../problems.ts';

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 503) void reply.header('retry-after', '5');
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  // Not through the route's own response schema: a problem has one form everywhere.
  return reply
    .status(problem.status)
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problemDocument(problem));
}

/** Every error leaves as application/problem+json; what was not expected is logged and its words are kept inside. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, new Problem('not-found', `${request.method} ${pathOf(request.url)} is not served.`)),
  );
  app.setErrorHandler((error: FastifyError | Error, request, reply) => {
    const problem = translate(error);
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'a request failed');
    const shown =
      problem.code === 'internal'
        ? new Problem('internal', 'The log has it under this id.', { requestId: request.id })
        : problem;
    return sendProblem(reply, shown);
  });
}

/** Any error as the problem that it is answered with. */
export function translate(error: FastifyError | Error): Problem {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map(({ instancePath, message }) => ({
      path: instancePath === '' ? '/' : instancePath,
      message: message ?? 'is not valid',
    }));
    const [first] = issues;
    return new Problem(codeOf(first?.path), `${first?.path ?? '/'}: ${first?.message ?? 'is not valid'}.`, {
      errors: issues.slice(0, 20),
    });
  }
  const status = 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) return new Problem('payload-too-large', error.message);
  if (status === 415) return new Problem('unsupported-media-type', error.message);
  if (status !== undefined && status >= 400 && status < 500)
    return new Problem('invalid-request', error.message);
  return asProblem(error);
}

function codeOf(path: string | undefined): ProblemCode {
  if (path?.startsWith('/horizon')) return 'horizon-out-of-range';
  if (path?.startsWith('/levels')) return 'levels-out-of-range';
  return 'invalid-request';
}

function pathOf(url: string): string {
  return url.replace(/\?.*$/, '').slice(0, 100);
}
