import { type Kysely, sql } from 'kysely';
import type { Draft, Entry, EntryBody } from '../core/entry.ts';
import { evolve } from '../core/evolve.ts';
import { type Incident, isSettled } from '../core/incident.ts';
import type { Outcome } from '../core/outcome.ts';
import type { IncidentQuery, IncidentSummary } from '../ports.ts';
import { decodeEntry, encodeDraft } from './entryCodec.ts';
import { inForceOf } from './inForce.ts';
import type { IncidentRow, JournalTables } from './tables.ts';

type Db = Kysely<JournalTables>;

/** Appends one entry at the end, and answers it with its place. Belongs into a transaction. */
export async function appendEntry(db: Db, draft: Draft): Promise<Entry> {
  const row = encodeDraft(draft);
  const { seq } = await db.insertInto('entries').values(row).returning('seq').executeTakeFirstOrThrow();
  if (draft.body.type === 'incident-opened') {
    await db
      .insertInto('unsettled')
      .values({ incident: draft.body.id })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  if (draft.incident !== null && maySettle(draft.body)) await settle(db, draft.incident);
  await keepInForce(db, draft, seq);
  // Read back from what was written, so that a live entry and a loaded one cannot differ.
  return decodeEntry({ ...row, seq });
}

/** Writes what lists show of an incident, over what they showed before. */
export async function putSummary(db: Db, summary: IncidentSummary): Promise<void> {
  const { id, ...rest } = toRow(summary);
  await db
    .insertInto('incidents')
    .values({ id, ...rest })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
    .execute();
}

async function keepInForce(db: Db, draft: Draft, seq: number): Promise<void> {
  const meaning = inForceOf(draft);
  if (meaning === null) return;
  const { key } = meaning;
  if (meaning.kind === 'lift') {
    await db.deleteFrom('in_force').where('key', '=', key).execute();
    return;
  }
  const { until } = meaning;
  await db
    .insertInto('in_force')
    .values({ key, seq, until })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ seq, until }))
    .execute();
}

export async function entriesOf(
  db: Db,
  incident: string,
  limit: number,
  types?: readonly EntryBody['type'][],
): Promise<readonly Entry[]> {
  const rows = await db
    .selectFrom('entries')
    .selectAll()
    .where('incident', '=', incident)
    .$if(types !== undefined, (from) => from.where('type', 'in', types ?? []))
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(decodeEntry);
}

export async function listIncidents(db: Db, query: IncidentQuery): Promise<readonly IncidentSummary[]> {
  const { target, state, before, limit } = query;
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .$if(target !== undefined, (from) => from.where('target', '=', target ?? null))
    .$if(state === 'open', (from) => from.where('ended_at', 'is', null))
    .$if(state === 'ended', (from) => from.where('ended_at', 'is not', null))
    .$if(before !== undefined, (from) => from.where('opened_at', '<', before ?? 0))
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(fromRow);
}

export async function findIncident(db: Db, id: string): Promise<IncidentSummary | null> {
  const row = await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

function maySettle(body: EntryBody): boolean {
  switch (body.type) {
    case 'incident-ended':
    case 'analysis-ended':
    case 'quarantined':
      return true;
    case 'notified':
      return body.withdrawal && body.delivered;
    default:
      return false;
  }
}

/** Strikes the incident off the unsettled ones when nothing more is to be done for it. */
async function settle(db: Db, incident: string): Promise<void> {
  const rows = await db
    .selectFrom('entries')
    .selectAll()
    .where('incident', '=', incident)
    // Literal, for the partial index to be found.
    .where(sql<boolean>`type in ('incident-opened', 'escalated', 'notified', 'incident-ended')`)
    .orderBy('seq')
    .execute();
  if (!isSettledBy(rows.map(decodeEntry)) || (await isAnalysed(db, incident))) return;
  await db.deleteFrom('unsettled').where('incident', '=', incident).execute();
}

/** Whether an analysis of an incident goes on, perhaps past its end. */
async function isAnalysed(db: Db, incident: string): Promise<boolean> {
  const last = await db
    .selectFrom('entries')
    .select('type')
    .where('incident', '=', incident)
    .where('type', 'in', ['analysis-started', 'analysis-ended', 'quarantined'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.type === 'analysis-started';
}

/** Whether an incident is settled, told from its milestones: its opening, escalations, deliveries and end. */
export function isSettledBy(milestones: readonly Entry[]): boolean {
  if (milestones[0]?.body.type !== 'incident-opened') return false;
  const incident = milestones.reduce<Incident | null>(evolve, null);
  return incident !== null && isSettled(incident);
}

function toRow({
  id,
  target,
  openedAt,
  endedAt,
  phase,
  outcome,
  escalated,
  reason,
}: IncidentSummary): IncidentRow {
  return {
    id,
    target,
    opened_at: openedAt,
    ended_at: endedAt,
    phase,
    outcome,
    escalated: escalated ? 1 : 0,
    reason,
  };
}

function fromRow(row: IncidentRow): IncidentSummary {
  const { id, target, phase, reason } = row;
  return {
    id,
    target,
    openedAt: row.opened_at,
    endedAt: row.ended_at,
    phase,
    // Written by `toRow` from a typed summary.
    outcome: row.outcome as Outcome | null,
    escalated: row.escalated === 1,
    reason,
  };
}
