import { z } from 'zod';
import { DEFAULT_INCIDENT, DEFAULT_LABEL_MAPPINGS, DEFAULT_VERIFICATION } from '../core/settings.ts';
import { describedDefault } from '../editorSchema.ts';
import { analystSchema } from './analystSchema.ts';
import { diagnosisSchema, redactionSchema } from './diagnosisSchema.ts';
import {
  discoverySchema,
  dockerSchema,
  EDGE_DEFAULTS,
  journalSchema,
  logSchema,
  lokiSchema,
  notifierSchema,
  serverSchema,
  serviceSchema,
} from './edgeSchema.ts';
import { guardsSchema } from './guardSchema.ts';
import { TARGETS_MAX } from './limits.ts';
import { maintenanceSchema } from './maintenanceSchema.ts';
import { duration, httpUrl, line, mode, name, targetName, verification } from './schemaParts.ts';
import { strategiesSchema, type WrittenStrategy } from './strategySchema.ts';
import { targetSchema } from './targetSchema.ts';

/** The agent's own name: of its Compose service, its container and its Prometheus job. */
export const SELF_NAMES = ['market-programmer-agent'] as const;

/** Names of what the agent stands on; the hosts of configured addresses are added to them. */
export const PROTECTED_NAMES = ['alertmanager', 'prometheus', 'socket-proxy', 'docker-socket-proxy'] as const;

const incidentSchema = z.strictObject({
  evidence: duration(
    'How long evidence may be gathered. The first step waits for what is quick alone: state, logs, and what the rules make of them.',
    DEFAULT_INCIDENT.evidenceMs,
    {
      maxMs: 60_000,
    },
  ),
  look: duration('How long one look at a target may take.', DEFAULT_INCIDENT.lookMs, {
    minMs: 100,
    maxMs: 120_000,
  }),
  blind: duration(
    'How long a target that cannot be seen is looked for before a person is called.',
    DEFAULT_INCIDENT.blindMs,
    { minMs: 1_000 },
  ),
  deadline: duration(
    'How long an incident may take until the target is recovered or a person is called.',
    DEFAULT_INCIDENT.deadlineMs,
    { minMs: 1_000 },
  ),
  escalated_interval: duration(
    'How often an escalated target is looked at.',
    DEFAULT_INCIDENT.escalatedIntervalMs,
    {
      minMs: 1_000,
    },
  ),
});

/** The whole configuration file, as it is written. */
export const configSchema = z
  .strictObject({
    mode: mode('at all'),
    external_url: httpUrl().optional().meta({
      description:
        'Address under which people reach the agent, for links; else `http://` and `server.listen`.',
    }),
    drain_time: duration('How long a running step may go on after SIGTERM.', EDGE_DEFAULTS.drainMs, {
      maxMs: 600_000,
    }),
    server: serverSchema.optional().meta({ description: 'The HTTP server: webhook, API, metrics.' }),
    journal: journalSchema.optional().meta({ description: 'The append-only record of everything.' }),
    log: logSchema.optional().meta({ description: 'The log, on standard output.' }),
    docker: dockerSchema.optional().meta({ description: 'The Docker Engine.' }),
    discovery: discoverySchema
      .optional()
      .meta({ description: 'Targets that are found rather than configured.' }),
    prometheus: serviceSchema.optional().meta({
      description:
        'Prometheus, to ask whether a symptom is gone, and what was measured of a target before its failure. The agent works without it.',
    }),
    alertmanager: serviceSchema
      .optional()
      .meta({ description: 'Alertmanager, to ask which alerts fire, and to read what a message left out.' }),
    loki: lokiSchema.optional().meta({
      description: 'Loki, to read the logs of a target whose container is gone. The agent works without it.',
    }),
    diagnosis: diagnosisSchema.optional().meta({
      description: 'Causes that are recognised in the evidence by patterns; see docs/diagnosis.md.',
    }),
    redaction: redactionSchema
      .optional()
      .meta({ description: 'Secrets that are taken out of logs and other evidence before it is kept.' }),
    analyst: analystSchema.optional().meta({
      description:
        'A language model that reads the evidence and can only make the agent more careful. Off until it is configured; see docs/analyst.md.',
    }),
    notifiers: z.record(name(), notifierSchema).optional().meta({
      description: 'Channels that carry an escalation to people, by name. Each gets every escalation.',
    }),
    self_names: z
      .array(name())
      .max(100)
      .optional()
      .meta({
        description: `Further names of the agent itself, besides ${code(SELF_NAMES)}. Never a target.`,
      }),
    protected_names: z
      .array(name())
      .max(1_000)
      .optional()
      .meta({
        description: `Targets and containers that are never mutated, besides ${code(PROTECTED_NAMES)} and the hosts of the addresses in this file.`,
      }),
    label_mappings: z
      .array(line(256))
      .min(1)
      .max(50)
      .optional()
      .meta(
        describedDefault(
          'Labels of an alert that may name its target; the first that does wins. An alert that names a Compose project (`container_label_com_docker_compose_project`, `compose_project`, or the label beside one of these that ends in `compose_service`) is never about a target of another project.',
          DEFAULT_LABEL_MAPPINGS,
        ),
      ),
    verification: verification(DEFAULT_VERIFICATION).meta({ description: 'How a recovery is proved.' }),
    incident: incidentSchema.optional().meta({ description: 'Deadlines of an incident.' }),
    guards: guardsSchema
      .optional()
      .meta({ description: 'Rules that delay, refuse or send to approval a mutating step.' }),
    maintenance: maintenanceSchema.optional().meta({
      description:
        'Windows that come again, in which nothing is mutated; what still holds afterwards is acted on then. For a single one see `mpa maintenance`.',
    }),
    targets: z
      .record(targetName(), targetSchema)
      .refine((targets) => Object.keys(targets).length <= TARGETS_MAX, {
        error: `must have at most ${TARGETS_MAX} entries`,
      })
      .optional()
      .meta({
        description: 'The services in the agent’s care, by name. Budgets and breakers hang on the name.',
      }),
    default_strategies: z
      .boolean()
      .optional()
      .meta(describedDefault('Append the strategies that are shipped with the agent.', true)),
    strategies: strategiesSchema
      .optional()
      .meta({ description: 'What is done when; the first strategy that fits is taken.' }),
  })
  .meta({ title: 'Configuration of the Market Programmer Agent' });

/** The configuration file as it is written, all of it in form. */
export type WrittenConfig = z.output<typeof configSchema>;

/** The same, in which a strategy that was not in form has left an empty place. */
export type FormedConfig = Omit<WrittenConfig, 'strategies'> & {
  readonly strategies?: readonly (WrittenStrategy | null)[] | undefined;
};

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
