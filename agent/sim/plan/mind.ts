import type { Random } from '../random.ts';
import type { MindSpec } from './plan.ts';

/** Drawn apart from all else: what goes on in the world is the same whoever thinks about it. */
export function makeMind(random: Random): MindSpec {
  const analyst = random.chance(0.3) ? 'adversary' : 'none';
  return {
    rules: random.pick(['none', 'none', 'none', 'honest', 'liar'] as const),
    analyst,
    wish: random.pick(['wait', 'background'] as const),
    timeoutMs: random.pick([2_000, 10_000]),
    tokens: 500,
    dayTokens: random.pick([1_000, 5_000, 100_000]),
    mode: analyst === 'adversary' && random.chance(0.25) ? 'approve' : 'auto',
  };
}
