import type { IncidentQuery, IncidentSummary } from '../ports.ts';
import { RequestInvalidError } from './requestInvalidError.ts';

/** The most that the journal answers at once. */
const FETCH_MAX = 1_000;

/**
 * Where a page of incidents ended. Incidents of one message open in the same millisecond, and the journal pages by
 * time alone: so the page after it begins with that millisecond again and leaves out those already given.
 */
export type Cursor = { readonly openedAt: number; readonly given: number };

/** What is asked of the journal for one page. */
export function pageQuery(
  filter: Pick<IncidentQuery, 'target' | 'state'>,
  limit: number,
  cursor: Cursor | null,
): IncidentQuery {
  // One more than wanted tells whether there is a next page.
  const query = { ...filter, limit: Math.min(limit + 1 + (cursor?.given ?? 0), FETCH_MAX) };
  return cursor === null ? query : { ...query, before: cursor.openedAt + 1 };
}

/** One page of what the journal answered to `pageQuery`. */
export function pageOf(
  found: readonly IncidentSummary[],
  limit: number,
  cursor: Cursor | null,
): { readonly incidents: readonly IncidentSummary[]; readonly next: string | null } {
  const fresh = found.slice(cursor?.given ?? 0);
  const incidents = fresh.slice(0, limit);
  const last = incidents.at(-1);
  const isLast = fresh.length <= limit && found.length < FETCH_MAX;
  if (last === undefined || isLast) return { incidents, next: null };
  const before = cursor?.openedAt === last.openedAt ? cursor.given : 0;
  const tied = incidents.filter(({ openedAt }) => openedAt === last.openedAt).length;
  return { incidents, next: `${last.openedAt}-${before + tied}` };
}

/** @throws RequestInvalidError for what is no cursor. */
export function parseCursor(text: string | undefined): Cursor | null {
  if (text === undefined) return null;
  const match = /^(\d{1,15})-(\d{1,3})$/.exec(text);
  if (match === null)
    throw new RequestInvalidError([{ path: 'cursor', reason: 'is none that this API gave' }]);
  return { openedAt: Number(match[1]), given: Number(match[2]) };
}
