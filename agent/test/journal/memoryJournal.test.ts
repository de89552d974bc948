import { journalContract } from '../contracts/journal.ts';
import { type JournalContent, MemoryJournal } from '../fakes/memoryJournal.ts';

journalContract('in memory', async () => {
  const content: JournalContent = { entries: [], summaries: new Map() };
  let journal: MemoryJournal | null = null;
  return {
    open: async () => {
      journal = new MemoryJournal(content);
      return journal;
    },
    breakWrites: async () => {
      journal?.refuse('the disk is full');
      return async () => journal?.refuse(null);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
});
