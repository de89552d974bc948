import type { z } from 'zod';
import { describeSelf } from '../core/guards/index.ts';
import { printable } from '../core/printable.ts';
import { healthSchema, verdictSchema } from './apiSchemas.ts';
import type { App } from './app.ts';
import type { HttpOptions, Verdict } from './options.ts';

const DOCUMENTED = { tags: ['health'] };

/**
 * What supervisors and Prometheus ask. No token is wanted, so nothing secret may be in the answers: no address
 * with credentials, no configuration.
 */
export function healthRoutes(app: App, options: HttpOptions): void {
  const answers = { 200: verdictSchema, 503: verdictSchema };
  app.get(
    '/-/healthy',
    { schema: { ...DOCUMENTED, summary: 'Whether the main loop turns', response: answers } },
    async (_request, reply) => {
      const verdict = shown(options.healthy());
      return reply.code(verdict.ok ? 200 : 503).send(verdict);
    },
  );
  app.get(
    '/-/ready',
    { schema: { ...DOCUMENTED, summary: 'Whether signals can be taken', response: answers } },
    async (_request, reply) => {
      const verdict = shown(options.ready());
      return reply.code(verdict.ok ? 200 : 503).send(verdict);
    },
  );
  app.get(
    '/health',
    {
      schema: {
        ...DOCUMENTED,
        summary: 'Each thing the agent depends on',
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (_request, reply) => {
      const health = healthOf(options);
      return reply.code(health.status === 'failing' ? 503 : 200).send(health);
    },
  );
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(options.metrics.contentType).send(await options.metrics.render()),
  );
}

function shown({ ok, reason }: Verdict): Verdict {
  return { ok, reason: withoutSecrets(reason) };
}

/** `failing`: something required is missing. `degraded`: it works, and someone should look. */
function healthOf({ control, healthy, ready, version }: HttpOptions): z.output<typeof healthSchema> {
  const loop = healthy();
  const journal = ready();
  const dependencies = [
    { name: 'main loop', required: true, ...loop },
    { name: 'readiness', required: true, ...journal },
    ...control.dependencies(),
  ].map(({ name, ok, required, reason }) => ({ name, ok, required, reason: withoutSecrets(reason) }));
  const down = dependencies.filter(({ ok }) => !ok);
  const failing = down.some(({ required }) => required);
  const degraded = down.length > 0 || control.self.kind === 'unknown';
  return {
    status: failing ? 'failing' : degraded ? 'degraded' : 'ok',
    version,
    self: printable(describeSelf(control.self)),
    dependencies,
  };
}

/** The sentence without the credentials that an address in it may carry. */
function withoutSecrets(text: string): string {
  return printable(text.replace(/(:\/\/)[^/\s@]*@/g, '$1'));
}
