import { z } from 'zod';
import { DEFAULT_VERIFICATION } from '../core/settings.ts';
import { describedDefault } from '../editorSchema.ts';
import { guardsSchema } from './guardSchema.ts';
import { containerName, count, duration, httpUrl, line, mode, name, verification } from './schemaParts.ts';

/** In force where a probe, a schedule or a process says nothing; milliseconds and counts. */
export const TARGET_DEFAULTS = {
  probeTimeoutMs: 5_000,
  intervalMs: 10_000,
  failureThreshold: 3,
  successThreshold: 2,
  stopTimeoutMs: 10_000,
} as const;

const probeTimeout = () =>
  duration('How long the probe may take.', TARGET_DEFAULTS.probeTimeoutMs, { minMs: 10, maxMs: 60_000 });
const probeName = () =>
  name().optional().meta({ description: 'Name of the probe in messages; the default is its address.' });

/** A status that is accepted, as a number or as a range: `200`, `"200-299"`. */
const statuses = z
  .array(
    z
      .union([z.int(), z.string()], { error: 'must be a status such as 200, or a range such as "200-299"' })
      .superRefine((status, context) => {
        if (parseStatusRange(status) === null)
          context.addIssue({
            code: 'custom',
            message: 'must be a status such as 200, or a range such as "200-299"',
          });
      }),
  )
  .min(1)
  .max(50)
  .optional()
  .meta(describedDefault('Accepted answers: statuses and inclusive ranges.', ['200-299']));

const httpProbe = z.strictObject({
  type: z.literal('http').meta({ description: 'An HTTP request and what its answer must be.' }),
  name: probeName(),
  url: httpUrl().meta({ description: 'Address that is asked.' }),
  method: z.enum(['GET', 'HEAD', 'POST']).optional().meta(describedDefault('Method of the request.', 'GET')),
  status: statuses,
  body_contains: line(1_024).optional().meta({ description: 'Text that the body must contain.' }),
  json: z
    .strictObject({
      pointer: z
        .string()
        .max(1_024)
        .refine((text) => text === '' || /^(?:\/(?:[^~]|~[01])*)$/.test(text), {
          error: 'must be a JSON pointer (RFC 6901) such as /status',
        })
        .meta({ description: 'JSON pointer (RFC 6901) into the body, such as `/status`.' }),
      equals: z
        .union([z.string(), z.number(), z.boolean(), z.null()], {
          error: 'must be a text, number, true, false or null',
        })
        .meta({ description: 'The value that must stand there.' }),
    })
    .optional()
    .meta({ description: 'A value in a JSON body.' }),
  timeout: probeTimeout(),
});

const tcpProbe = z.strictObject({
  type: z.literal('tcp').meta({ description: 'A TCP connection that must be accepted.' }),
  name: probeName(),
  host: line(253).meta({ description: 'Host name or address.' }),
  port: z.int().min(1).max(65_535).meta({ description: 'Port.' }),
  timeout: probeTimeout(),
});

/** One service in the agent's care. */
export const targetSchema = z.strictObject({
  runtime: z
    .enum(['docker', 'local'])
    .optional()
    .meta(
      describedDefault(
        'What runs it: `docker` (one of `container`, `compose_service` and `label` says which containers), or `local` (the agent starts and supervises `process`). What belongs to the other runtime may be written too, so that this one word chooses.',
        'docker',
      ),
    ),
  container: containerName().optional().meta({ description: 'Docker: name of the container.' }),
  compose_service: line(255).optional().meta({ description: 'Docker: name of the Compose service.' }),
  compose_project: line(255).optional().meta({
    description:
      'Docker: the Compose project of `compose_service`; without it, any project. An alert that names another project is not about this target.',
  }),
  label: line(512)
    .refine((text) => /^[^=\s]+=.+$/.test(text), { error: 'must be written as NAME=VALUE' })
    .optional()
    .meta({ description: 'Docker: a container label, as `NAME=VALUE`.' }),
  process: z
    .strictObject({
      command: z
        .array(z.string().min(1).max(4_096), { error: 'must be a list: [program, argument, ...]' })
        .min(1)
        .max(100)
        .meta({ description: 'Program and arguments, as a list; no shell is involved.' }),
      cwd: line(4_096)
        .optional()
        .meta(describedDefault('Working directory, relative to the directory of this file.', '.')),
      env: z
        .record(
          z
            .string()
            .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be a variable name: letters, digits, _' }),
          z.string({ error: 'must be a text; put numbers, true and false in quotes' }).max(32_768),
        )
        .optional()
        .meta({ description: 'Environment variables besides the agent’s own; values are texts.' }),
      stop_timeout: duration(
        'How long the process has to end after SIGTERM before it is killed.',
        TARGET_DEFAULTS.stopTimeoutMs,
        { maxMs: 600_000 },
      ),
    })
    .optional()
    .meta({ description: 'Local: the process to start and supervise.' }),
  aliases: z
    .array(name())
    .max(100)
    .optional()
    .meta({ description: 'Further names under which alerts know it.' }),
  mode: mode('on this target'),
  protected: z
    .boolean()
    .optional()
    .meta(describedDefault('Never mutated, whoever asks; its troubles go to a person.', false)),
  depends_on: z.array(name()).max(100).optional().meta({
    description: 'Targets that this one cannot work without: while one of them is in trouble, it waits.',
  }),
  probes: z
    .array(z.discriminatedUnion('type', [httpProbe, tcpProbe]))
    .max(50)
    .optional()
    .meta({ description: 'Checks that the agent makes itself; all must pass for the target to be healthy.' }),
  schedule: z
    .strictObject({
      interval: duration('How often the probes are made.', TARGET_DEFAULTS.intervalMs, {
        minMs: 100,
        maxMs: 3_600_000,
      }),
      failure_threshold: count(
        'Failures in a row until the target is failing.',
        TARGET_DEFAULTS.failureThreshold,
        1_000,
      ),
      success_threshold: count(
        'Successes in a row until it passes again.',
        TARGET_DEFAULTS.successThreshold,
        1_000,
      ),
    })
    .optional()
    .meta({
      description:
        'Make the probes without anybody asking, and raise a signal when they fail. Without it probes only verify.',
    }),
  verification: verification(DEFAULT_VERIFICATION).meta({
    description:
      'How a recovery of this target is proved; what is left out is as the global `verification` says.',
  }),
  guards: guardsSchema.optional().meta({
    description: 'Limits of the guards for this target; what is left out is as the global `guards` say.',
  }),
});

/** Reads `200` or `"200-299"`; `null` when it is neither, or no HTTP status. */
export function parseStatusRange(
  status: string | number,
): { readonly from: number; readonly to: number } | null {
  const match = /^(\d{3})(?:-(\d{3}))?$/.exec(String(status));
  if (match === null) return null;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from >= 100 && to <= 599 && from <= to ? { from, to } : null;
}
