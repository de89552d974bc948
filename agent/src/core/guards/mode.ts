import { strictestMode } from '../settings.ts';
import type { Guard } from './guard.ts';

/** `off` and `observe` touch nothing, `approve` asks a person first; the stricter of all levels wins. */
export const modeGuard: Guard = ({ settings, target, incident, approved, fleet }) => {
  const mode = strictestMode(
    settings.mode,
    target.mode,
    incident.strategy?.mode ?? 'auto',
    fleet.modeOf(target.name),
  );
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
