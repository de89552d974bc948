import { reloadSchema } from './apiSchemas.ts';
import type { App } from './app.ts';
import type { HttpOptions } from './options.ts';
import { PROBLEMS } from './problemResponses.ts';

/** Managing the agent itself: configuration anew, and what this API is. */
export function manageRoutes(app: App, { reload }: HttpOptions): void {
  app.post(
    '/-/reload',
    {
      schema: {
        tags: ['agent'],
        security: [{ token: [] }],
        summary: 'Loads configuration and tokens anew, all or nothing',
        response: { 200: reloadSchema, ...PROBLEMS },
      },
    },
    async () => reload(),
  );

  app.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').send(app.swagger()),
  );
}
