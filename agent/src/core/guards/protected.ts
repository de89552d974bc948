import type { Settings } from '../settings.ts';
import type { Instance, Target } from '../target.ts';
import type { Guard, SelfIdentity } from './guard.ts';

/** Why something must never be mutated: a stable code for metrics, and the sentence. */
export type Protection = { readonly code: 'self' | 'self-unknown' | 'protected'; readonly reason: string };

/**
 * Whether these concrete instances of this target may never be mutated. Asked twice: as a guard, and once more
 * right before the call, so that nothing between the two can open a way to the agent itself.
 */
export function protectionOf(
  target: Target,
  instances: readonly Instance[],
  settings: Pick<Settings, 'selfNames' | 'protectedNames'>,
  self: SelfIdentity,
): Protection | null {
  const names = [target.name, ...target.aliases];
  const ownNames = self.kind === 'container' ? [...settings.selfNames, ...self.names] : settings.selfNames;
  const own = names.find((name) => ownNames.includes(name));
  if (own !== undefined) return { code: 'self', reason: `${own} is the agent itself` };

  const listed = names.find((name) => settings.protectedNames.includes(name));
  if (target.protected || listed !== undefined) {
    return { code: 'protected', reason: `${listed ?? target.name} is protected: the agent stands on it` };
  }
  for (const instance of instances) {
    if (self.kind === 'container' && isSameId(instance.id, self.id)) {
      return { code: 'self', reason: `container ${instance.name} is the agent’s own` };
    }
    // A target may name the container of a Compose project outright: then only the container says what it is.
    const known = instance.service === undefined ? [instance.name] : [instance.name, instance.service];
    if (known.some((name) => ownNames.includes(name)))
      return { code: 'self', reason: `container ${instance.name} bears the agent’s name` };
    if (known.some((name) => settings.protectedNames.includes(name))) {
      return { code: 'protected', reason: `container ${instance.name} is protected: the agent stands on it` };
    }
  }
  if (self.kind === 'unknown' && target.runtime !== 'local') {
    return {
      code: 'self-unknown',
      reason: `the agent cannot tell which container it is (${self.reason}), so it mutates none`,
    };
  }
  return null;
}

/** Docker answers to a container's full id and to any unique beginning of it. */
function isSameId(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length);
  return shorter >= 12 && one.slice(0, shorter) === other.slice(0, shorter);
}

/** Neither itself nor what it stands on: the bootstrap paradox. */
export const protectedGuard: Guard = ({ target, instances, settings, self }) => {
  const protection = protectionOf(target, instances, settings, self);
  return protection === null
    ? { guard: 'protected', verdict: 'allow', reason: 'not protected' }
    : { guard: 'protected', verdict: 'refuse', code: protection.code, reason: protection.reason };
};
