import { ADVICE } from './advice.ts';
import { BUDGETS } from './budgets.ts';
import { DURABILITY } from './durability.ts';
import { ESCALATION } from './escalation.ts';
import { LEAVE } from './leave.ts';
import type { Mutant } from './mutant.ts';
import { PROOF } from './proof.ts';
import { SIGNALS } from './signals.ts';
import { WAITING } from './waiting.ts';

/** The defects. Each is one that a careful programmer could make, and a review could miss. */
export const MUTANTS: readonly Mutant[] = [
  ...DURABILITY,
  ...BUDGETS,
  ...SIGNALS,
  ...WAITING,
  ...ESCALATION,
  ...PROOF,
  ...LEAVE,
  ...ADVICE,
];
