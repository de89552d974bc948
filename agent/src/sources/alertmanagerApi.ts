import { z } from 'zod';
import type { Labels } from '../core/alert.ts';
import type { JsonAnswer, ServiceClient } from '../serviceClient.ts';
import { labelsSchema, timeSchema, unexpected } from './answers.ts';

/** An alert as Alertmanager holds it. It lists none that is resolved. */
export type HeldAlert = {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: number;
  readonly generatorURL: string;
  /** `suppressed`: silenced or inhibited; it holds all the same. */
  readonly status: { readonly state: 'active' | 'suppressed' | 'unprocessed' };
};

const heldAlerts = z.array(
  z.object({
    fingerprint: z.string().min(1).max(128),
    labels: labelsSchema,
    annotations: labelsSchema,
    startsAt: timeSchema,
    generatorURL: z.string().default(''),
    status: z.object({ state: z.enum(['active', 'suppressed', 'unprocessed']) }),
  }),
);

const status = z.object({ uptime: timeSchema });

/** `GET /api/v2/alerts` with this query. */
export async function readAlerts(
  client: ServiceClient,
  query: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<readonly HeldAlert[]> {
  const { body } = await client.getJson('/api/v2/alerts', query, signal);
  const parsed = heldAlerts.safeParse(body);
  if (!parsed.success) throw unexpected(parsed.error);
  return parsed.data;
}

/** How long Alertmanager has been running by its own clock, milliseconds; `null` when it does not tell. */
export async function readUptimeMs(client: ServiceClient, signal: AbortSignal): Promise<number | null> {
  const { body, date }: JsonAnswer = await client.getJson('/api/v2/status', [], signal);
  const parsed = status.safeParse(body);
  if (!parsed.success) throw unexpected(parsed.error);
  // Called `uptime`, it is the time of the start.
  return date === null ? null : date - parsed.data.uptime;
}
