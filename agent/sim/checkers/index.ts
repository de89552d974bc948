import { acknowledged } from './acknowledged.ts';
import { analysis } from './analysis.ts';
import { backoff } from './backoff.ts';
import { blastRadius } from './blastRadius.ts';
import { budget } from './budget.ts';
import type { Checker, MakeChecker, Watched } from './checker.ts';
import { conditions } from './conditions.ts';
import { cycle } from './cycle.ts';
import { delivery } from './delivery.ts';
import { dependency } from './dependency.ts';
import { grace } from './grace.ts';
import { inCare } from './inCare.ts';
import { incidentsEnd } from './incidentsEnd.ts';
import { journalFirst } from './journalFirst.ts';
import { limits } from './limits.ts';
import { maintenance } from './maintenance.ts';
import { mode } from './mode.ts';
import { needed } from './needed.ts';
import { onceAStep } from './onceAStep.ts';
import { oneAtATime } from './oneAtATime.ts';
import { panic } from './panic.ts';
import { personStopped } from './personStopped.ts';
import { proof } from './proof.ts';
import { protectedTargets } from './protected.ts';
import { resolvedIsHarmless } from './resolvedIsHarmless.ts';
import { servicesHeal } from './servicesHeal.ts';
import { tempered } from './tempered.ts';

const ALL: readonly MakeChecker[] = [
  protectedTargets,
  oneAtATime,
  budget,
  backoff,
  blastRadius,
  acknowledged,
  incidentsEnd,
  servicesHeal,
  proof,
  onceAStep,
  needed,
  delivery,
  resolvedIsHarmless,
  personStopped,
  journalFirst,
  panic,
  grace,
  dependency,
  cycle,
  mode,
  maintenance,
  limits,
  tempered,
  analysis,
  conditions,
  inCare,
];

/** All checkers of one world. */
export function makeCheckers(
  watched: Watched,
  complain: (checker: string, sentence: string) => void,
): readonly Checker[] {
  return ALL.map((make) => {
    const checker: Checker = make(watched, (sentence) => complain(checker.name, sentence));
    return checker;
  });
}
