// The thread that prunes: SQLite's calls are synchronous, and the agent's own loop must not wait for them.
import { parentPort, workerData } from 'node:worker_threads';
import { type PruneOptions, pruneJournal } from './prune.ts';

// Written by `pruneInBackground` alone.
const { path, options } = workerData as { path: string; options: PruneOptions };
parentPort?.postMessage(pruneJournal(path, options));
