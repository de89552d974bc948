import { z } from 'zod';
import type { Alert } from '../core/alert.ts';
import { KnownTexts } from './knownTexts.ts';
import { annotationsSchema, cut, labelsSchema } from './labels.ts';
import type { HttpLimits } from './limits.ts';
import { storableText } from './storableText.ts';
import { parseTimestamp } from './timestamp.ts';

const RECEIVER_LENGTH_MAX = 256;
const URL_LENGTH_MAX = 2_048;

/** An alert as parsed; times that the sender left open are filled in by whoever knows what time it is. */
type HeardAlert = Omit<Alert, 'startsAt'> & { readonly startsAt: number | null };

/**
 * The schemas of Alertmanager's webhook message, version 4: the whole of it for the OpenAPI, its envelope and its
 * single alerts for the intake, which judges each alert by itself. Unknown fields are accepted and not kept:
 * newer versions add some (`notification_reason`, `routeLabels`).
 */
export function alertmanagerSchemas(limits: HttpLimits) {
  const alert = alertSchema(limits);
  const message = z.object({
    version: z.literal('4'),
    receiver: z
      .string()
      .default('')
      .transform((text) => storableText(cut(text, RECEIVER_LENGTH_MAX))),
    /** Alertmanager counts in uint64; a negative number is no count. */
    truncatedAlerts: z.number().int().min(0).default(0),
    alerts: z.array(alert),
  });
  return { alert, message, envelope: message.extend({ alerts: z.array(z.unknown()) }) };
}

export type AlertmanagerSchemas = ReturnType<typeof alertmanagerSchemas>;

function alertSchema(limits: HttpLimits) {
  const texts = new KnownTexts();
  return z
    .object({
      status: z.enum(['firing', 'resolved']),
      fingerprint: z
        .string()
        .regex(
          /^[\x21-\x7e]{1,128}$/,
          'must be 1 to 128 printable ASCII characters, as Alertmanager makes it',
        ),
      labels: labelsSchema(
        {
          count: limits.labelsPerAlert,
          nameLength: limits.labelNameLength,
          valueLength: limits.labelValueLength,
        },
        texts,
      ),
      annotations: annotationsSchema({
        count: limits.annotationsPerAlert,
        nameLength: limits.labelNameLength,
        valueLength: limits.annotationLength,
      }),
      startsAt: timestampSchema(),
      endsAt: timestampSchema().optional(),
      generatorURL: z.string().optional(),
    })
    .transform(
      ({ endsAt, generatorURL, ...alert }): HeardAlert => ({
        ...alert,
        endsAt: alert.status === 'firing' ? null : (endsAt ?? null),
        generatorUrl: texts.of(storableText(cut(generatorURL ?? '', URL_LENGTH_MAX))),
      }),
    );
}

function timestampSchema() {
  return z
    .string()
    .meta({ format: 'date-time' })
    .transform((text, context) => {
      const time = parseTimestamp(text);
      if (time !== undefined) return time;
      context.addIssue({ code: 'custom', message: 'must be a time in RFC 3339' });
      return z.NEVER;
    });
}
