import { readFileSync } from 'node:fs';
import { assert } from '../core/assert.ts';
import type { Action } from '../ports.ts';
import { buildStrategies, type PlacedStrategy } from './buildStrategies.ts';
import { ConfigDocument } from './document.ts';
import { formatProblem } from './problem.ts';
import { strategiesSchema } from './strategySchema.ts';

/** Where the shipped strategies are written. */
export const SHIPPED_FILE = new URL('./defaultStrategies.yml', import.meta.url);

/** The strategies that are shipped with the agent. They are part of it, so an error in them is a defect. */
export function shippedStrategies(actions: readonly Action[]): readonly PlacedStrategy[] {
  const document = new ConfigDocument('default strategies', readFileSync(SHIPPED_FILE, 'utf8'), {});
  const strategies = buildStrategies(strategiesSchema.parse(document.value), document, actions);
  assert(document.problems.length === 0, document.problems.map(formatProblem).join('\n'));
  return strategies;
}
