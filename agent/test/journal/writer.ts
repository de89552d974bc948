// A process that appends numbered batches of three entries for ever, and says a batch's number when it was
// acknowledged, or that it was refused; then it tries the same batch again. Arguments: file, first number.
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { SqliteJournal } from '../../src/journal/sqliteJournal.ts';
import { draft } from '../fakes/drafts.ts';

const [path = '', first = '0'] = process.argv.slice(2);
const journal = SqliteJournal.open(path);
writeSync(1, 'open\n');
for (let number = Number(first); ; ) {
  const parts = ['a', 'b', 'c'].map((part) =>
    draft({ type: 'agent-stopped', reason: `${number} ${part} ${'x'.repeat(1_000)}` }),
  );
  try {
    await journal.append(parts, []);
    writeSync(1, `${number}\n`);
    number += 1;
  } catch (error) {
    writeSync(1, `refused ${error instanceof Error ? error.message : error}\n`);
    await delay(20);
  }
}
