import type { BodyOf, Entry, EntryBody } from '../core/entry.ts';
import type { EvidenceItem } from '../core/evidence.ts';
import type { Outcome } from '../core/outcome.ts';

/** One entry of a known type, with its moment in milliseconds since the epoch. */
export type Said<T extends EntryBody['type']> = {
  readonly at: number;
  readonly body: BodyOf<T>;
};

/** What every section of a report starts from. */
export type Facts = {
  readonly id: string;
  readonly target: string | null;
  /** Who is in trouble, also where no target was found. */
  readonly name: string;
  readonly entries: readonly Entry[];
  readonly openedAt: number;
  /** Of the last entry. */
  readonly lastAt: number;
  readonly end: { readonly at: number; readonly outcome: Outcome; readonly reason: string } | null;
  readonly evidence: ReadonlyMap<string, EvidenceItem>;
};

/**
 * Reads one incident's entries, oldest first.
 *
 * @returns null where they do not begin with its opening: there is no incident to tell of.
 */
export function factsOf(entries: readonly Entry[]): Facts | null {
  const [opening] = said(entries, 'incident-opened');
  if (opening === undefined) return null;
  const { id, target, place } = opening.body;
  const end = said(entries, 'incident-ended').at(-1);
  const items = said(entries, 'evidence-gathered').flatMap(({ body }) => body.items);
  return {
    id,
    target,
    name: target ?? place,
    entries,
    openedAt: opening.at,
    lastAt: entries.at(-1)?.at ?? opening.at,
    end: end === undefined ? null : { at: end.at, outcome: end.body.outcome, reason: end.body.reason },
    evidence: byId(items),
  };
}

/** Of two pieces under one id the first is the one that was cited. */
function byId(items: readonly EvidenceItem[]): ReadonlyMap<string, EvidenceItem> {
  const found = new Map<string, EvidenceItem>();
  for (const item of items) if (!found.has(item.id)) found.set(item.id, item);
  return found;
}

/** All entries of one type, oldest first. */
export function said<T extends EntryBody['type']>(entries: readonly Entry[], type: T): readonly Said<T>[] {
  return entries.flatMap(({ at, body }) => (isOf(body, type) ? [{ at, body }] : []));
}

function isOf<T extends EntryBody['type']>(body: EntryBody, type: T): body is BodyOf<T> {
  return body.type === type;
}
