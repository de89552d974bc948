import type { Target } from '../target.ts';
import type { Guard } from './guard.ts';

/** The dependency is looked at again after this long, milliseconds. */
const ASK_AGAIN_MS = 15_000;

/** Root first: what fails because something below it fails is not mended by restarting it. */
export const dependencyGuard: Guard = ({ target, targets, now, fleet }) => {
  const blocking = target.dependsOn.find(
    (name) =>
      name !== target.name && fleet.openIncidentOf(name) !== null && !goesFirst(target.name, name, targets),
  );
  return blocking === undefined
    ? { guard: 'dependency', verdict: 'allow', reason: 'nothing that it depends on is in trouble' }
    : {
        guard: 'dependency',
        verdict: 'delay',
        until: now + ASK_AGAIN_MS,
        reason: `it depends on ${blocking}, which has trouble itself (incident ${fleet.openIncidentOf(blocking)}): root first`,
      };
};

/** In a cycle each would wait for the other for ever; there the first by name goes first. */
function goesFirst(name: string, dependency: string, targets: readonly Target[]): boolean {
  return reaches(dependency, name, targets) && name < dependency;
}

function reaches(from: string, to: string, targets: readonly Target[]): boolean {
  const byName = new Map(targets.map((target) => [target.name, target]));
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(byName.get(name)?.dependsOn ?? []));
  }
  return false;
}
