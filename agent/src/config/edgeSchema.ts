import { z } from 'zod';
import { describedDefault } from '../editorSchema.ts';
import { LogqlTemplate } from '../logqlTemplate.ts';
import { duration, httpUrl, line, secretFile } from './schemaParts.ts';
import { formatSize, sizeSchema } from './sizeSchema.ts';

/** In force where configuration says nothing. */
export const EDGE_DEFAULTS = {
  listen: '127.0.0.1:8787',
  drainMs: 10_000,
  journalPath: 'data/journal.sqlite',
  retentionAgeMs: 90 * 86_400_000,
  retentionSizeBytes: 1_000_000_000,
  logLevel: 'info',
  dockerHost: 'unix:///var/run/docker.sock',
  notifyTimeoutMs: 10_000,
  /** Well below Alertmanager's `resolve_timeout` of 5 min, after which an alert that is not sent again is over. */
  alertmanagerRepeatMs: 60_000,
} as const;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

const tokenFiles = (description: string) =>
  z
    .array(line(4_096))
    .max(20)
    .optional()
    .meta({
      description: `${description} Several are valid at once, for rotation; paths are relative to this file.`,
    });

export const serverSchema = z.strictObject({
  listen: line(300)
    .refine((text) => parseListen(text) !== null, {
      error: 'must be HOST:PORT, such as 127.0.0.1:8787 or [::]:8787',
    })
    .optional()
    .meta(
      describedDefault(
        'Address and port. Anything but loopback needs tokens for the webhook and for operators.',
        EDGE_DEFAULTS.listen,
      ),
    ),
  webhook_token_files: tokenFiles('Files with the bearer tokens that Alertmanager may send.'),
  operator_token_files: tokenFiles('Files with the bearer tokens of operators, for the API.'),
});

export const journalSchema = z.strictObject({
  path: line(4_096)
    .optional()
    .meta(
      describedDefault(
        'The SQLite file, relative to this file; MPA_JOURNAL in the environment stands in for it.',
        EDGE_DEFAULTS.journalPath,
      ),
    ),
  retention: z
    .strictObject({
      age: duration(
        'Incidents that ended longer ago than this are deleted. What is open or still in force is kept.',
        EDGE_DEFAULTS.retentionAgeMs,
        { minMs: 86_400_000, maxMs: 3_650 * 86_400_000 },
      ),
      size: sizeSchema(10_000_000)
        .optional()
        .meta(
          describedDefault(
            'The oldest ended incidents are deleted while the journal is larger than this; never those of the last 24 h.',
            formatSize(EDGE_DEFAULTS.retentionSizeBytes),
          ),
        ),
    })
    .optional()
    .meta({ description: 'What is deleted in the background, hourly.' }),
});

export const logSchema = z.strictObject({
  level: z
    .enum(LOG_LEVELS)
    .optional()
    .meta(describedDefault('Least severe level that is logged.', EDGE_DEFAULTS.logLevel)),
});

export const dockerSchema = z.strictObject({
  host: line(2_048)
    .refine((text) => /^(?:unix:\/\/\/.+|tcp:\/\/[^/@]+)$/.test(text), {
      error: 'must be unix:///PATH or tcp://HOST:PORT',
    })
    .optional()
    .meta(
      describedDefault(
        'Socket of the Docker Engine, or address of its socket proxy; DOCKER_HOST in the environment stands in for it.',
        EDGE_DEFAULTS.dockerHost,
      ),
    ),
  self_container: line(255).optional().meta({
    description:
      'Id or name of the agent’s own container, where it cannot find out by itself; MPA_SELF_CONTAINER in the environment stands in for it.',
  }),
  events: z
    .boolean()
    .optional()
    .meta(
      describedDefault(
        'Hear what happens to containers from the engine: deaths are answered at once, and what a person stopped is left alone.',
        true,
      ),
    ),
});

export const discoverySchema = z.strictObject({
  by: z
    .array(z.enum(['label', 'compose_service', 'container_name']))
    .max(3)
    .optional()
    .meta(
      describedDefault(
        'What makes a container a target that is not configured: the label `mpa.target`, being a Compose service, or just having a name. An empty list: nothing is discovered.',
        ['label'],
      ),
    ),
  compose_project: line(255)
    .optional()
    .meta({ description: 'Only containers of this Compose project are discovered.' }),
  import_labels: z
    .boolean()
    .optional()
    .meta(
      describedDefault(
        'Honour the labels `autoheal=true` and `deunhealth.restart.on.unhealthy=true` too.',
        false,
      ),
    ),
});

export const serviceSchema = z.strictObject({
  url: httpUrl().meta({ description: 'Address.' }),
  token_file: secretFile('Bearer token.'),
});

/** `{{ service }}` and not the name of the target: it is what the collector has written on the lines. */
export const LOKI_QUERY_DEFAULT = '{compose_service="{{ service }}"}';

export const lokiSchema = serviceSchema.extend({
  tenant: line(150)
    .regex(/^[\w!.*'()|-]+$/, {
      error: "must be letters, digits and !-_.*'() alone; | between several tenants",
    })
    .optional()
    .meta({ description: 'Sent as `X-Scope-OrgID`, where Loki has several tenants.' }),
  query: line(4_096)
    .superRefine((text, context) => {
      const parsed = LogqlTemplate.parse(text);
      if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.reason });
    })
    .optional()
    .meta(
      describedDefault(
        'LogQL that selects the lines of one target. `{{ target }}` is its name, `{{ service }}` the Compose service that it selects (else its name); both stand in strings in double quotes, and no name can leave its string.',
        LOKI_QUERY_DEFAULT,
      ),
    ),
});

const webhookNotifier = z.strictObject({
  type: z.literal('webhook').meta({ description: 'The escalation as JSON, by POST.' }),
  url: httpUrl().optional().meta({ description: 'Address. Give this or `url_file`.' }),
  url_file: secretFile('Address that is itself a secret. Give this or `url`.'),
  token_file: secretFile('Bearer token.'),
  timeout: duration('How long one delivery may take.', EDGE_DEFAULTS.notifyTimeoutMs, {
    minMs: 100,
    maxMs: 60_000,
  }),
  repeat: duration('How often it is said again while nobody took it; without it, once.', null, {
    minMs: 10_000,
  }),
});

const alertmanagerNotifier = z.strictObject({
  type: z.literal('alertmanager').meta({
    description:
      'The escalation as the alert `MarketProgrammerAgentEscalation`, kept firing until it is taken.',
  }),
  url: httpUrl().optional().meta({ description: 'Address; else the `url` of `alertmanager`.' }),
  token_file: secretFile('Bearer token.'),
  timeout: duration('How long one delivery may take.', EDGE_DEFAULTS.notifyTimeoutMs, {
    minMs: 100,
    maxMs: 60_000,
  }),
  repeat: duration(
    'How often it is sent again while nobody took it; less than Alertmanager’s `resolve_timeout`.',
    EDGE_DEFAULTS.alertmanagerRepeatMs,
    { minMs: 10_000 },
  ),
});

export const notifierSchema = z.discriminatedUnion('type', [webhookNotifier, alertmanagerNotifier]);

/** Reads `HOST:PORT`; `null` when it is none. Port 0 lets the system choose. */
export function parseListen(text: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > 65_535 ? null : { host, port };
}
