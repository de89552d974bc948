import { z } from 'zod';

/**
 * What the agent reads of the engine's answers, from API 1.41 on. Only what is used is asked for, and what older or
 * newer engines leave out has the value that its absence means.
 */

/** Labels are `null` where there are none. */
const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});

/** RFC 3339 with nanoseconds to milliseconds since the epoch; Docker writes the year 1 for "never". */
const moment = z
  .string()
  .nullish()
  .transform((text) => {
    const at = Date.parse(text ?? '');
    return Number.isNaN(at) || at <= 0 ? null : at;
  });

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

const healthCheck = z.object({ Start: text, End: text, ExitCode: count, Output: text });

const STATUSES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const;

/** `GET /containers/{id}/json` */
export const inspected = z.object({
  Id: z.string().min(12),
  Name: z.string().transform((name) => name.replace(/^\//, '')),
  Created: moment,
  Image: text,
  RestartCount: count,
  State: z.object({
    Status: z.enum(STATUSES),
    ExitCode: count,
    Error: text,
    OOMKilled: z.boolean().default(false),
    StartedAt: moment,
    FinishedAt: moment,
    Health: z
      .object({
        Status: text,
        FailingStreak: count,
        Log: z
          .array(healthCheck)
          .nullish()
          .transform((log) => log ?? []),
      })
      .nullish(),
  }),
  Config: z.object({
    Hostname: text,
    Image: text,
    Tty: z.boolean().default(false),
    Labels: labels,
    Healthcheck: z
      .object({
        Test: z
          .array(z.string())
          .nullish()
          .transform((test) => test ?? []),
        StartPeriod: count,
      })
      .nullish(),
  }),
  HostConfig: z.object({
    Memory: count,
    NetworkMode: text,
    RestartPolicy: z.object({ Name: text, MaximumRetryCount: count }).nullish(),
  }),
});

export type Inspected = z.output<typeof inspected>;

/** `GET /containers/json` */
export const listed = z.array(
  z.object({
    Id: z.string().min(12),
    Names: z
      .array(z.string())
      .nullish()
      .transform((names) => names ?? []),
    Labels: labels,
    State: text,
    Status: text,
    HostConfig: z.object({ NetworkMode: text }).nullish(),
  }),
);

export type Listed = z.output<typeof listed>[number];

/** `GET /containers/{id}/stats` */
export const stats = z.object({
  pids_stats: z.object({ current: z.number().nullish() }).nullish(),
  memory_stats: z
    .object({
      usage: z.number().nullish(),
      limit: z.number().nullish(),
      stats: z.record(z.string(), z.number()).nullish(),
    })
    .nullish(),
  cpu_stats: z
    .object({
      cpu_usage: z.object({ total_usage: z.number().nullish() }).nullish(),
      system_cpu_usage: z.number().nullish(),
      online_cpus: z.number().nullish(),
    })
    .nullish(),
  precpu_stats: z
    .object({
      cpu_usage: z.object({ total_usage: z.number().nullish() }).nullish(),
      system_cpu_usage: z.number().nullish(),
    })
    .nullish(),
});

export type Stats = z.output<typeof stats>;

/** `GET /info`: the name of the host that the engine runs on, and whether containers outlive it. */
export const engineInfo = z.object({ Name: text, LiveRestoreEnabled: z.boolean().nullish() });
