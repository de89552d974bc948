import { z } from 'zod';

/**
 * The shapes of the API: one place for validation, for the OpenAPI document and for the types. All times are
 * milliseconds since the epoch, as everywhere in the journal.
 */

const time = z.number().meta({ description: 'Milliseconds since the epoch.' });

/** Names and ids in a path. */
const pathPart = z.string().min(1).max(256);
export const targetParams = z.object({ name: pathPart });
export const incidentParams = z.object({ id: pathPart });

/** Who says it, and why; both are journaled. */
export const personSchema = z.object({
  who: z.string().trim().min(1).max(200).meta({ description: 'Who says so.' }),
  reason: z.string().trim().min(1).max(2_000).meta({ description: 'Why; for whoever reads the story.' }),
});

export const INCIDENTS_PAGE_MAX = 500;
export const ENTRIES_PAGE_MAX = 1_000;

export const incidentsQuery = z.object({
  target: pathPart.optional(),
  state: z.enum(['open', 'ended']).optional(),
  cursor: z.string().max(64).optional().meta({ description: '`next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(INCIDENTS_PAGE_MAX).default(100),
});

export const entriesQuery = z.object({
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(ENTRIES_PAGE_MAX).default(ENTRIES_PAGE_MAX),
});

export const summarySchema = z.object({
  id: z.string(),
  target: z.string().nullable(),
  openedAt: time,
  endedAt: time.nullable(),
  phase: z.string(),
  outcome: z.string().nullable(),
  escalated: z.boolean(),
  reason: z.string(),
});

export const incidentsSchema = z.object({
  incidents: z.array(summarySchema).readonly(),
  next: z.string().nullable().meta({ description: 'Cursor of the next page; null after the last one.' }),
});

export const entrySchema = z.object({
  v: z.number().int(),
  seq: z.number().int(),
  at: time,
  incident: z.string().nullable(),
  target: z.string().nullable(),
  settings: z.string(),
  text: z.string().meta({ description: 'The entry as a sentence.' }),
  body: z.looseObject({ type: z.string() }),
});

export const incidentSchema = z.object({
  incident: summarySchema,
  entries: z.array(entrySchema).readonly(),
  next: z
    .number()
    .int()
    .nullable()
    .meta({ description: 'Offset of the next page; null after the last one.' }),
});

/** No JSON: the text as it stands. */
export const reportSchema = {
  description: 'CommonMark; nothing in it that came from outside is rendered as anything but text.',
  content: { 'text/markdown': { schema: z.string() } },
};

const mode = z.enum(['off', 'observe', 'approve', 'auto']);
const verdict = z.enum(['well', 'starting', 'unwell', 'unknown']);

export const targetsQuery = z.object({
  course: z.enum(['true', 'false']).default('true').meta({
    description: 'Whether the last looks at each target are wanted too: they are most of the answer.',
  }),
});

export const targetSchema = z.object({
  name: z.string(),
  runtime: z.string(),
  mode: mode.meta({
    description:
      'In force: the strictest of the global, the target’s and what people set. A strategy may be stricter.',
  }),
  origin: z.string(),
  protected: z.boolean(),
  maintenance: z.object({ until: time, reason: z.string() }).nullable().meta({
    description: 'The maintenance that it is in, declared or of the configuration.',
  }),
  held: z.enum(['stopped', 'paused']).nullable().meta({
    description: 'How a person holds any instance of it down.',
  }),
  dependsOn: z.array(z.string()).readonly(),
  probes: z.array(z.string()).readonly(),
  health: z.object({ verdict, reason: z.string() }),
  observedAt: time.nullable(),
  latencyMs: z.number().nullable(),
  course: z.array(z.object({ at: time, verdict, latencyMs: z.number().nullable() })).readonly(),
  incident: z.string().nullable(),
});

export const targetsSchema = z.object({ targets: z.array(targetSchema).readonly() });

/** What a person's recovery request opened or joined. */
export const recoverySchema = z.object({ incident: z.string() });

/** The word of a person is in the journal. */
export const commandSchema = z.object({ incident: z.string(), command: z.string() });

const everyTarget = pathPart.nullable().meta({ description: 'Null: every target.' });

/** Longest maintenance that can be declared at once: 30 days. Who needs more sets a mode. */
const MAINTENANCE_MS_MAX = 2_592_000_000;

export const maintenanceStartSchema = personSchema.extend({
  target: everyTarget,
  durationMs: z.number().int().min(1_000).max(MAINTENANCE_MS_MAX),
});

export const maintenanceSchema = z.object({ id: z.string(), target: z.string().nullable(), until: time });

export const maintenanceParams = z.object({ id: pathPart });

export const modeSchema = personSchema.extend({
  target: everyTarget,
  mode: mode
    .nullable()
    .meta({ description: 'Null takes an earlier word back. The stricter of all modes counts.' }),
});

export const controlsSchema = z.object({
  maintenance: z.array(maintenanceSchema.extend({ reason: z.string(), who: z.string() })).readonly(),
  recurring: z
    .array(
      z.object({
        targets: z.array(z.string()).readonly().meta({ description: 'None: every target.' }),
        until: time,
        reason: z.string(),
      }),
    )
    .readonly()
    .meta({ description: 'Windows of the configuration that are open now.' }),
  breakers: z.array(z.object({ target: z.string(), until: time, reason: z.string() })).readonly(),
  modes: z.array(z.object({ target: z.string().nullable(), mode })).readonly(),
});

export const approvalsSchema = z.object({
  approvals: z
    .array(z.object({ incident: z.string(), target: z.string().nullable(), until: time, reason: z.string() }))
    .readonly(),
});

/** A control that was set; it is in the journal. */
export const doneSchema = z.object({ done: z.literal(true) });

export const reloadSchema = z.object({ settings: z.string().meta({ description: 'Version now in force.' }) });

export const verdictSchema = z.object({ ok: z.boolean(), reason: z.string() });

export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded', 'failing']),
  version: z.string(),
  self: z.string(),
  dependencies: z
    .array(z.object({ name: z.string(), ok: z.boolean(), required: z.boolean(), reason: z.string() }))
    .readonly(),
});
