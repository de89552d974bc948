import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { alertmanagerSchemas } from './alertmanagerMessage.ts';
import type { App } from './app.ts';
import { authorize } from './authorize.ts';
import { limitInFlight } from './inFlight.ts';
import { readMessage } from './intake.ts';
import type { HttpOptions, RefusalCode } from './options.ts';
import { problemOf } from './problem.ts';
import { PROBLEMS } from './problemResponses.ts';
import { RequestInvalidError } from './requestInvalidError.ts';

/** Where Alertmanager sends its messages. */
export const WEBHOOK_ROUTE = '/webhooks/alertmanager';

const takenSchema = z.object({ taken: z.number().int().meta({ description: 'Alerts now in the journal.' }) });

/**
 * `POST /webhooks/alertmanager`. The answer speaks of receipt alone: 200 is said only after the durable commit, and
 * no failure of a recovery ever shows here. Alertmanager retries a 5xx within its flush deadline and drops a 4xx
 * until the group's next interval; so "not now" is 503 and "never in this form" is 4xx.
 *
 * A message in which single alerts are wrong is answered 400 *after* the others were committed, like Alertmanager's
 * own API does: nothing is unheard, and the sender's failure count shows that something is wrong.
 */
export function webhookRoute(app: App, options: HttpOptions): void {
  const { control, clock, limits, telemetry, webhookTokens } = options;
  const schemas = alertmanagerSchemas(limits);

  app.addHook('onRequest', authorize(webhookTokens));
  app.addHook('onRequest', limitInFlight(limits.webhooksInFlight));
  app.addHook('onError', (_request, _reply, error, done) => {
    telemetry.signalsRefused(
      refusalOf(error),
      error instanceof RequestInvalidError ? (error.partly?.refused ?? 1) : 1,
    );
    done();
  });

  app.post(WEBHOOK_ROUTE, {
    schema: {
      summary: 'Takes a webhook message of Alertmanager, version 4',
      tags: ['intake'],
      security: [{ token: [] }],
      body: schemas.message,
      response: { 200: takenSchema, ...PROBLEMS },
    },
    // The schema above describes; `readMessage` judges, alert by alert.
    validatorCompiler: () => (value: unknown) => ({ value }),
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const { message, refused, errors } = readMessage(
        request.body,
        schemas,
        limits.alertsPerMessage,
        clock.now(),
      );
      const taken = message.alerts.length;
      if (taken > 0 || message.truncated > 0 || refused === 0) await control.hearAlerts(message);
      if (refused > 0) throw new RequestInvalidError(errors, { taken, refused });
      return reply.send({ taken });
    },
  });
}

const REFUSALS: { readonly [code: string]: RefusalCode } = {
  UNAUTHORIZED: 'unauthorized',
  FOREIGN_ORIGIN: 'foreign_origin',
  NOT_ALERTMANAGER_V4: 'not_v4',
  REQUEST_INVALID: 'invalid',
  BODY_NOT_JSON: 'not_json',
  BODY_TOO_DEEP: 'too_deep',
  BODY_TOO_LARGE: 'too_large',
  MEDIA_TYPE: 'media_type',
  OVERLOADED: 'overloaded',
  JOURNAL_WRITE: 'journal',
  JOURNAL_READ: 'journal',
  JOURNAL_LOCKED: 'journal',
  NOT_ANSWERED: 'timeout',
};

function refusalOf(error: unknown): RefusalCode {
  return REFUSALS[problemOf(error).code] ?? 'defect';
}
