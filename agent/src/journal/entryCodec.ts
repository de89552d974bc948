import type { BodyOf, Draft, Entry, EntryBody } from '../core/entry.ts';
import { JournalError } from '../errors.ts';
import type { EntryRow } from './tables.ts';

/** Schema version of the bodies that are written now. */
const VERSION = 1;

/** Evidence is bounded by whoever collects it; what is larger than this was not, and is refused. UTF-16 units. */
const BODY_LENGTH_MAX = 8 * 1024 * 1024;

type StoredEntry = Omit<EntryRow, 'seq'> & { readonly seq: number };

/**
 * The row that a draft becomes.
 *
 * @throws JournalError `JOURNAL_WRITE` when it is too large.
 */
export function encodeDraft(draft: Draft): Omit<StoredEntry, 'seq'> {
  const { at, incident, target, settings } = draft;
  const body = JSON.stringify(draft.body);
  if (body.length > BODY_LENGTH_MAX) {
    throw new JournalError(
      'JOURNAL_WRITE',
      `an entry ${draft.body.type} of ${body.length} characters is too large`,
    );
  }
  return { v: VERSION, at, incident, target, type: draft.body.type, settings, body };
}

/**
 * The entry that a row holds.
 *
 * @throws JournalError `JOURNAL_READ` when the row is damaged; `JOURNAL_SCHEMA` when a newer version wrote it in a form
 *   of its own. An entry of an unknown type is given on as it is: it concerns its incident alone.
 */
export function decodeEntry(row: StoredEntry): Entry {
  if (row.v !== VERSION) {
    throw new JournalError(
      row.v > VERSION ? 'JOURNAL_SCHEMA' : 'JOURNAL_READ',
      `entry ${row.seq} has version ${row.v}, this program knows ${VERSION}`,
    );
  }
  const { seq, at, incident, target, settings } = row;
  return { v: VERSION, seq, at, incident, target, settings, body: decodeBody(row) };
}

function decodeBody({ seq, type, body }: StoredEntry): EntryBody {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    throw new JournalError('JOURNAL_READ', `entry ${seq} is no JSON`, { cause: error });
  }
  if (typeof parsed !== 'object' || parsed === null || !('type' in parsed) || parsed.type !== type) {
    throw new JournalError('JOURNAL_READ', `entry ${seq} is not of the type ${type} that it is filed under`);
  }
  // Written by `encodeDraft` from a typed draft, in a file that only this program writes.
  const known = parsed as EntryBody;
  forgetPrototypes(known);
  return known.type === 'evidence-gathered' ? withIds(known) : known;
}

/** Labels come from strangers: one called `constructor` that is not there must be missing here too, as at the edge. */
function forgetPrototypes(body: EntryBody): void {
  if (body.type !== 'signal-heard' && body.type !== 'signal-ignored') return;
  if (body.signal.source !== 'alertmanager') return;
  Object.setPrototypeOf(body.signal.alert.labels, null);
  Object.setPrototypeOf(body.signal.alert.annotations, null);
}

/** Evidence of the first releases was not numbered: nothing cites it, and it gets a name of its own. */
function withIds(body: BodyOf<'evidence-gathered'>): EntryBody {
  return { ...body, items: body.items.map((item, index) => ({ ...item, id: item.id ?? `E0.${index + 1}` })) };
}
