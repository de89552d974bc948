import type { DatabaseSync } from 'node:sqlite';
import { JournalError } from '../errors.ts';

/** "MPAJ": marks the file as a journal, so that another program's database is never written to. */
const APPLICATION_ID = 0x4d_50_41_4a;

/**
 * One step from a version of the schema to the next; its place in the list is the version it begins at. A step
 * that has shipped is never edited.
 *
 * The law that the journal is append-only stands in the schema itself. Pruning is its own path: within one
 * transaction it names in `pruning` before when it prunes, and even then nothing of an unsettled incident goes.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    v INTEGER NOT NULL,
    at INTEGER NOT NULL,
    incident TEXT,
    target TEXT,
    type TEXT NOT NULL,
    settings TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX entries_by_incident ON entries (incident, seq);
  CREATE INDEX entries_by_time ON entries (at);
  CREATE INDEX entries_of_milestones ON entries (incident, seq)
    WHERE type IN ('incident-opened', 'escalated', 'notified', 'incident-ended');

  CREATE TABLE incidents (
    id TEXT PRIMARY KEY,
    target TEXT,
    opened_at INTEGER NOT NULL,
    ended_at INTEGER,
    phase TEXT NOT NULL,
    outcome TEXT,
    escalated INTEGER NOT NULL,
    reason TEXT NOT NULL
  ) STRICT;
  CREATE INDEX incidents_by_time ON incidents (opened_at);
  CREATE INDEX incidents_by_target ON incidents (target, opened_at);
  CREATE INDEX incidents_open ON incidents (opened_at) WHERE ended_at IS NULL;

  CREATE TABLE unsettled (incident TEXT PRIMARY KEY) STRICT;
  CREATE TABLE pruning (before INTEGER NOT NULL) STRICT;

  CREATE TRIGGER entries_are_not_changed BEFORE UPDATE ON entries BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
  END;
  CREATE TRIGGER entries_are_not_deleted BEFORE DELETE ON entries
  WHEN NOT EXISTS (SELECT 1 FROM pruning WHERE OLD.at < before)
    OR OLD.incident IN (SELECT incident FROM unsettled)
  BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
  END;
  `,
  // What people set, and what they stopped, is in force however old it gets: a start loads it, pruning leaves it.
  `
  CREATE TABLE in_force (key TEXT PRIMARY KEY, seq INTEGER NOT NULL, until INTEGER) STRICT;
  CREATE INDEX in_force_by_entry ON in_force (seq);
  INSERT INTO in_force
  SELECT key, MAX(seq), until FROM (
    SELECT seq,
      CASE
        WHEN type = 'breaker-opened' THEN 'breaker ' || json_extract(body, '$.target')
        WHEN type <> 'control-set'
          THEN 'instance ' || json_extract(body, '$.instanceId') || ' of ' || COALESCE(target, '')
        WHEN json_extract(body, '$.control.kind') = 'breaker-reset'
          THEN 'breaker ' || json_extract(body, '$.control.target')
        WHEN json_extract(body, '$.control.kind') = 'mode'
          THEN 'mode ' || COALESCE(json_extract(body, '$.control.target'), '')
        ELSE 'maintenance ' || json_extract(body, '$.control.id')
      END AS key,
      COALESCE(json_extract(body, '$.until'), json_extract(body, '$.control.until')) AS until,
      CASE
        WHEN type = 'control-set' THEN json_extract(body, '$.control.kind') IN ('breaker-reset', 'maintenance-end')
          OR (json_extract(body, '$.control.kind') = 'mode' AND json_extract(body, '$.control.mode') IS NULL)
        ELSE type = 'instance-started'
      END AS lifts
    FROM entries
    WHERE type IN ('control-set', 'breaker-opened', 'instance-stopped', 'instance-started')
  ) GROUP BY key HAVING NOT lifts;

  DROP TRIGGER entries_are_not_deleted;
  CREATE TRIGGER entries_are_not_deleted BEFORE DELETE ON entries
  WHEN NOT EXISTS (SELECT 1 FROM pruning WHERE OLD.at < before)
    OR OLD.incident IN (SELECT incident FROM unsettled)
    OR OLD.seq IN (SELECT seq FROM in_force)
  BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
  END;
  `,
];

/**
 * Brings the schema to the newest version: a new file from nothing, an older one step by step, all in one
 * transaction.
 *
 * @throws JournalError `JOURNAL_SCHEMA` when a newer version wrote it; `JOURNAL_READ` when it is no journal.
 */
export function migrate(db: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  const version = schemaVersionOf(db, migrations.length);
  if (version === migrations.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const step of migrations.slice(version)) db.exec(step);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** The version of the file's schema, 0 for an empty file; refuses what this program must not touch. */
export function schemaVersionOf(db: DatabaseSync, newest: number = MIGRATIONS.length): number {
  const version = pragma(db, 'user_version');
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (isEmpty) return 0;
  if (pragma(db, 'application_id') !== APPLICATION_ID) {
    throw new JournalError('JOURNAL_READ', `${db.location() ?? 'the file'} is a database, but no journal`);
  }
  if (version > newest) {
    throw new JournalError(
      'JOURNAL_SCHEMA',
      `its schema is version ${version}, this program knows ${newest}`,
    );
  }
  return version;
}

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
