import { DatabaseSync } from 'node:sqlite';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { journalContract } from '../contracts/journal.ts';
import { journalFolder } from './journalFolder.ts';

journalContract('SQLite', async () => {
  const folder = await journalFolder();
  const path = folder.path('journal.sqlite');
  return {
    open: async () => SqliteJournal.open(path),
    // Another process that writes and does not come to an end; without end, as far as the agent is concerned.
    breakWrites: async () => {
      const other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
      return async () => other.close();
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});
