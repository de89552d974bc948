import type { Random } from '../random.ts';
import type { Fault } from './plan.ts';

/** What goes wrong on one of the agent's edges. */
export function makeFault(random: Random): Fault {
  switch (random.int(0, 7)) {
    case 0:
    case 1:
    case 2:
      return {
        kind: 'signals',
        how: random.pick([
          'lost',
          'delayed',
          'duplicated',
          'reordered',
          'resolved-lost',
          'ack-lost',
          'twins',
          'truncated',
        ] as const),
      };
    case 3:
    case 4:
      return {
        kind: 'runtime',
        how: random.pick(['unreachable', 'slow', 'fails', 'never-applied', 'answer-lost'] as const),
      };
    case 5:
      return { kind: 'notifier', how: random.pick(['fails', 'hangs', 'answer-lost'] as const) };
    case 6:
      return { kind: 'symptoms', how: random.pick(['unknown', 'fails', 'hangs'] as const) };
    default:
      return { kind: 'disk', how: random.pick(['full', 'slow'] as const) };
  }
}
