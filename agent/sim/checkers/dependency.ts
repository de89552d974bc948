import type { MakeChecker } from './checker.ts';

const SLACK_MS = 4_000;

/** Root first: a target whose own dependency has an open incident waits for it, but in a cycle. */
export const dependency: MakeChecker = ({ ledger, plan, settings }, complain) => {
  const dependsOn = new Map(plan.services.map((spec) => [spec.name, spec.dependsOn]));
  return {
    name: 'root first',
    called({ what, service, container, note }) {
      if (note === null || !note.counts || note.at < settings().since) return;
      // Found and not configured: what it depends on is told by its labels.
      const spec = plan.services.find(({ name }) => name === service);
      const target = settings().current.targets.find(({ name }) => name === service);
      for (const root of (target ?? spec)?.dependsOn ?? []) {
        const open = ledger.openOf(root);
        if (open === null || open.openedAt > note.at - SLACK_MS || reaches(root, service, dependsOn))
          continue;
        complain(
          `${what} of ${container} while ${root}, which it depends on, has an open incident (${open.id})`,
        );
      }
    },
  };
};

/** Whether a service depends on another, over any number of others. */
export function reaches(
  from: string,
  to: string,
  dependsOn: ReadonlyMap<string, readonly string[]>,
): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(dependsOn.get(name) ?? []));
  }
  return false;
}
