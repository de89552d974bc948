import { z } from 'zod';
import { defineAction } from './define.ts';

/** Ends the strategy and calls a person; the engine carries the escalation out. */
export const escalateToHuman = defineAction({
  name: 'escalate_to_human',
  kind: 'escalating',
  summary: 'Ends the strategy and calls a person with the whole story. No step can follow it.',
  written: z.strictObject({
    reason: z
      .string()
      .min(1)
      .max(2_000)
      .default('the strategy asks for a person')
      .describe('What the person is told. May hold {{ target }} and {{ labels.NAME }}.'),
  }),
  stored: z.object({ reason: z.string() }),
  normalise: ({ reason }) => ({ reason }),
  defaultTimeoutMs: () => 10_000,
  async run({ reason }) {
    return { outcome: 'succeeded', reason, output: null };
  },
});
