import { z } from 'zod';

const runSchema = z.object({
  /** Identity of the run, milliseconds since the epoch. */
  startedAt: z.int(),
  pid: z.int().min(2),
  /** From the process table; with the pid it names one process for ever. */
  identity: z.string(),
  /** The boot it ran in; `null` where the system does not tell. */
  boot: z.string().nullable(),
  revision: z.string(),
});

const stateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created') }),
  z.object({ kind: z.literal('running'), run: runSchema }),
  z.object({
    kind: z.literal('ended'),
    run: runSchema,
    finishedAt: z.int(),
    /** 128 and the signal's number when a signal ended it; `null` when nobody was there to see it. */
    exitCode: z.int().nullable(),
    /** Whether it ended by itself, or because the agent was told to stop all. */
    by: z.enum(['itself', 'order']),
  }),
]);

const recordSchema = z.object({
  v: z.literal(1),
  name: z.string(),
  /** Milliseconds since the epoch. */
  createdAt: z.int(),
  state: stateSchema,
  /** `startedAt` of a start whose end was not recorded yet; `null`: none is under way. */
  launching: z.int().nullable(),
});

/** One run of a process. */
export type Run = Readonly<z.infer<typeof runSchema>>;

/** Where a process stands, as far as the agent knows. */
export type ProcessState = Readonly<z.infer<typeof stateSchema>>;

/** What is kept of a process over restarts of the agent. */
export type ProcessRecord = Readonly<Omit<z.infer<typeof recordSchema>, 'state'>> & {
  readonly state: ProcessState;
};

/** A record from its file; throws when it is none. */
export function parseRecord(text: string): ProcessRecord {
  return recordSchema.parse(JSON.parse(text));
}
