import type { TargetStatus } from '../../src/ports.ts';
import { sampleTarget } from './target.ts';

/** A target as last seen, whose configuration holds secrets that no answer may show. */
export function sampleStatus(name = 'market-predictor'): TargetStatus {
  return {
    target: sampleTarget({
      name,
      runtime: 'local',
      selector: {
        by: 'process',
        process: { command: ['node'], cwd: null, env: { API_KEY: 'hunter2' }, stopTimeoutMs: 1_000 },
      },
      probes: [
        {
          kind: 'http',
          name: 'health',
          url: 'http://user:hunter2@127.0.0.1:8000/health',
          method: 'GET',
          statuses: [],
          bodyContains: null,
          json: null,
          timeoutMs: 1_000,
        },
      ],
      dependsOn: ['postgres'],
    }),
    health: { verdict: 'unwell', reason: 'connection refused' },
    observedAt: 1_000,
    latencyMs: 12.5,
    course: [{ at: 1_000, verdict: 'unwell', latencyMs: 12.5 }],
    incident: 'inc-1',
    protected: false,
    mode: 'auto',
    maintenance: null,
    held: null,
  };
}
