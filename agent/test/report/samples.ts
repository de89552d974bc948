import type { Analysis, Diagnosis } from '../../src/core/diagnosis.ts';
import type { EntryBody } from '../../src/core/entry.ts';
import type { EvidenceItem } from '../../src/core/evidence.ts';

/** Evidence of a service that ran out of memory, as a runtime keeps it. */
export const OOM_EVIDENCE: readonly EvidenceItem[] = [
  {
    id: 'E1',
    kind: 'inspect',
    instance: 'web-1',
    text: 'status exited, exit code 137, killed for memory\nimage web@sha256:1f3a\nmemory limit 256 MiB',
    truncated: false,
  },
  {
    id: 'E2',
    kind: 'logs',
    instance: 'web-1',
    side: 'before',
    text: [
      ...Array.from(
        { length: 40 },
        (_, n) => `12:00:${String(n).padStart(2, '0')} GET /quotes/${n} 200 in ${n % 9} ms`,
      ),
      '12:00:41 WARN heap at 94 % of 256 MiB',
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      ' 1: 0xb7c8e0 node::Abort() [node]',
      '12:00:42 cache: 181204 entries, none expired',
    ].join('\n'),
    truncated: true,
  },
];

export const OOM_DIAGNOSIS: Diagnosis = {
  causes: [
    {
      id: 'node-heap-out-of-memory',
      group: 'memory',
      summary: 'Node ran out of heap: the process needs more memory than it may have.',
      restartHelps: 'yes',
      confidence: 0.95,
      citations: ['E2:42', 'E1:1'],
      remedy:
        'Raise the memory limit or --max-old-space-size, or find what grows (here a cache that never expires).',
    },
  ],
  unusual: [{ template: 'cache: <*> entries, none expired', kind: 'new', count: 1, citation: 'E2:44' }],
};

const OOM_ANALYSIS: Analysis = {
  model: 'openai/some-model',
  causes: [
    {
      id: 'cache-without-limit',
      group: '',
      summary: 'A cache in web grows without limit until the heap is full.',
      restartHelps: 'yes',
      confidence: 0.8,
      citations: ['E2:44'],
      remedy: 'Give the cache a limit and an expiry.',
    },
  ],
  advice: {
    from: 'analyst',
    strategy: null,
    withhold: 'nothing',
    person: 'as-planned',
    reason: 'A restart frees the memory; it will fill again within hours.',
  },
  confidence: 0.8,
  lookAt: ['the growth of web’s memory since its last deployment'],
  voided: 1,
  remembered: false,
};

const USAGE = { inputTokens: 4_120, outputTokens: 310, costUsd: 0.0171, turns: 2 };
const SPENT = { tokens: 4_430, costUsd: 0.0171 };

/** A model that was asked and answered. */
export const OOM_ANALYSED: readonly EntryBody[] = [
  { type: 'analysis-started', by: Date.UTC(2026, 10, 24, 12, 0, 12), waits: true, budget: SPENT },
  {
    type: 'analysis-ended',
    analysis: OOM_ANALYSIS,
    code: 'answered',
    reason: 'answered',
    usage: USAGE,
    charged: SPENT,
    day: { ...SPENT, startsAt: Date.UTC(2026, 10, 24) },
  },
];

/** A model that was asked and did not answer in time. */
export const NOT_ANALYSED: readonly EntryBody[] = [
  { type: 'analysis-started', by: Date.UTC(2026, 10, 24, 12, 0, 12), waits: true, budget: SPENT },
  {
    type: 'analysis-ended',
    analysis: null,
    code: 'timeout',
    reason: 'no answer within 10 s',
    usage: { inputTokens: 0, outputTokens: 0, costUsd: 0, turns: 0 },
    charged: SPENT,
    day: { ...SPENT, startsAt: Date.UTC(2026, 10, 24) },
  },
];
