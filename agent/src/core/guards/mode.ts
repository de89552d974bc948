import type { Fleet } from '../fleet.ts';
import { type Settings, strictestMode } from '../settings.ts';
import type { Mode, Target } from '../target.ts';
import type { Guard } from './guard.ts';

/** The mode of a target before any strategy has its word: the strictest of the global, the target's and what people set. */
export function modeOfTarget(
  target: Target,
  fleet: Pick<Fleet, 'modeOf'>,
  settings: Pick<Settings, 'mode'>,
): Mode {
  return strictestMode(settings.mode, target.mode, fleet.modeOf(target.name));
}

/** `off` and `observe` touch nothing, `approve` asks a person first; the stricter of all levels wins. */
export const modeGuard: Guard = ({ settings, target, incident, approved, fleet }) => {
  const mode = strictestMode(modeOfTarget(target, fleet, settings), incident.strategy?.mode ?? 'auto');
  switch (mode) {
    case 'auto':
      return { guard: 'mode', verdict: 'allow', reason: 'mode is auto' };
    case 'approve':
      return approved
        ? { guard: 'mode', verdict: 'allow', reason: 'a person approved this step' }
        : { guard: 'mode', verdict: 'approval', reason: 'mode is approve: a person decides' };
    case 'observe':
    case 'off':
      return {
        guard: 'mode',
        verdict: 'refuse',
        code: 'mode',
        reason: `mode is ${mode}: nothing is touched`,
      };
    default:
      return mode satisfies never;
  }
};
