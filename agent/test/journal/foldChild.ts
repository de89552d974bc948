// Folds a journal as a start does, and prints how many entries it was given: `node --max-old-space-size=… foldChild.ts FILE`.
import { FLEET_ENTRIES } from '../../src/core/fleet/fold.ts';
import { Memory } from '../../src/engine/memory.ts';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';

const [, , path = ''] = process.argv;
const journal = SqliteJournal.open(path);
const memory = new Memory();
let entries = 0;
for await (const loaded of journal.load(0, FLEET_ENTRIES)) {
  memory.restore(loaded);
  entries += 1;
}
await journal.close();
console.log(`${entries} entries, ${memory.size} open`);
