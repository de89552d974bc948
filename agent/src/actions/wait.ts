import { z } from 'zod';
import { durationSchema } from '../duration.ts';
import { defineAction } from './define.ts';

/** Lets time pass; the engine's timer does it, so that it survives a restart of the agent. */
export const wait = defineAction({
  name: 'wait',
  kind: 'waiting',
  summary: 'Lets time pass before the next step; survives a restart of the agent.',
  written: z.strictObject({
    for: durationSchema({ minMs: 1, maxMs: 3_600_000 }).describe('How long.'),
  }),
  stored: z.object({ durationMs: z.number() }),
  normalise: (written) => ({ durationMs: written.for }),
  defaultTimeoutMs: ({ durationMs }) => durationMs,
  async run() {
    return { outcome: 'succeeded', reason: 'waited', output: null };
  },
});
