import type { GuardAnswer } from './answer.ts';
import { backoffGuard } from './backoff.ts';
import { blastRadiusGuard } from './blastRadius.ts';
import { budgetGuard } from './budget.ts';
import { dependencyGuard } from './dependency.ts';
import { flappingGuard } from './flapping.ts';
import { graceGuard } from './grace.ts';
import type { Guard, GuardRequest } from './guard.ts';
import { maintenanceGuard } from './maintenance.ts';
import { modeGuard } from './mode.ts';
import { panicGuard } from './panic.ts';
import { protectedGuard } from './protected.ts';
import { stoppedGuard } from './stopped.ts';
import { supervisorGuard } from './supervisor.ts';
import { worseGuard } from './worse.ts';

/** All guards, the absolute ones first; of equally strict answers the first is the one that is told. */
const GUARDS: readonly Guard[] = [
  protectedGuard,
  stoppedGuard,
  modeGuard,
  maintenanceGuard,
  worseGuard,
  flappingGuard,
  budgetGuard,
  panicGuard,
  dependencyGuard,
  supervisorGuard,
  graceGuard,
  backoffGuard,
  blastRadiusGuard,
];

/**
 * What may keep a person from being called about a step that is not done: a person knows already, or what it waits for
 * is under repair. Grace is for what runs; what has ended needs no more time.
 */
export function askBeforeHandover(request: GuardRequest): readonly GuardAnswer[] {
  const running = request.instances.filter(({ status }) => status === 'running');
  const asked = [stoppedGuard, maintenanceGuard, panicGuard, dependencyGuard].map((guard) => guard(request));
  return running.length < request.instances.length ? asked : [...asked, graceGuard(request)];
}

/** Asks every guard; all answers are journaled, the strictest counts. */
export function askGuards(request: GuardRequest): readonly GuardAnswer[] {
  return GUARDS.map((guard) => guard(request));
}

export { describeSelf } from './describeSelf.ts';
export type { SelfIdentity } from './guard.ts';
export { protectionOf } from './protected.ts';
