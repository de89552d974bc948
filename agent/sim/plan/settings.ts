import type { Random } from '../random.ts';
import type { SettingsSpec } from './plan.ts';
import { MINUTE_MS } from './times.ts';

/** How the agent is configured; maintenance that comes again is drawn apart. */
export function makeSettings(random: Random): SettingsSpec {
  return {
    mode: random.chance(0.94) ? 'auto' : random.pick(['approve', 'observe', 'off'] as const),
    steps: random.pick([
      ['check_logs', 'restart', 'check_health', 'escalate_to_human'],
      ['check_logs', 'check_resources', 'restart', 'check_health', 'escalate_to_human'],
      ['restart'],
      ['restart', 'wait', 'restart', 'escalate_to_human'],
      ['wait', 'start', 'restart'],
      ['restart', 'restart', 'restart', 'restart', 'escalate_to_human'],
      ['check_health', 'start', 'check_logs'],
    ] as const),
    budget: random.int(1, 4),
    budgetWindowMs: random.pick([5, 10, 20]) * MINUTE_MS,
    concurrent: random.int(1, 4),
    fraction: random.pick([0.1, 0.2, 0.34, 0.5, 1]),
    soakMs: random.int(3, 16) * 1_000,
    verifyMs: random.int(20, 120) * 1_000,
    intervalMs: random.int(1, 4) * 1_000,
    deadlineMs: random.pick([5, 10, 20]) * MINUTE_MS,
    stopTimeoutMs: random.pick([0, 2_000, 10_000]),
    symptom: random.chance(0.85) ? 'auto' : 'none',
    channels: random.chance(0.7) ? ['people'] : ['people', 'pager'],
    recurring: [],
    onlyIf: [],
  };
}
