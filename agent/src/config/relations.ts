import type { Target } from '../core/target.ts';
import { namesOf } from './buildTargets.ts';
import type { ConfigDocument } from './document.ts';
import { nearestOf } from './nearest.ts';
import type { Path } from './problem.ts';

/** What the relations between targets are checked against. */
export type RelationContext = {
  readonly document: ConfigDocument;
  /** All names that are written under `targets`, also of those that have errors. */
  readonly names: readonly string[];
  readonly selfNames: readonly string[];
  /** Whether targets may exist that are not configured. */
  readonly discovering: boolean;
};

/** The part of a target that dependencies are about; also of one that could not be built. */
export type Dependant = { readonly name: string; readonly dependsOn: readonly string[] };

/** Reports dependencies that are unknown, or go in a circle. */
export function checkDependencies(targets: readonly Dependant[], context: RelationContext): void {
  for (const { name, dependsOn } of targets)
    dependsOn.forEach((dependency, index) => {
      checkReference(dependency, ['targets', name, 'depends_on', index], context);
    });
  reportCycles(targets, context);
}

/** Reports targets that are the agent itself, and names that clash. */
export function checkNames(targets: readonly Target[], context: RelationContext): void {
  reportSelf(targets, context);
  reportClashes(targets, context);
}

/** Reports a name that no target has. Where targets are discovered as well, that is only a warning. */
export function checkReference(name: string, path: Path, context: RelationContext): void {
  if (context.names.includes(name)) return;
  const details = { nearest: nearestOf(name, context.names), allowed: context.names.slice(0, 20) };
  if (!context.discovering)
    context.document.report(path, `there is no target ${JSON.stringify(name)}`, details);
  else
    context.document.warn(
      path,
      `no target ${JSON.stringify(name)} is configured; it counts only if it is discovered`,
      details,
    );
}

function reportSelf(targets: readonly Target[], { document, selfNames }: RelationContext): void {
  for (const target of targets) {
    const path: Path = ['targets', target.name];
    const why = 'is the agent itself, which is never a target; supervision from outside looks after it';
    const own = [target.name, ...namesOf(target.selector)].find((name) => selfNames.includes(name));
    if (own !== undefined) document.report(path, `${own} ${why}`, { at: 'key' });
    target.aliases.forEach((alias, index) => {
      if (selfNames.includes(alias)) document.report([...path, 'aliases', index], `${alias} ${why}`);
    });
  }
}

function reportClashes(targets: readonly Target[], { document }: RelationContext): void {
  const owners = new Map<string, string>(targets.map(({ name }) => [name, name]));
  const selectors = new Map<string, string>();
  for (const { name, aliases, selector } of targets) {
    const path: Path = ['targets', name];
    aliases.forEach((alias, index) => {
      const owner = owners.get(alias);
      if (owner !== undefined && owner !== name)
        document.report(
          [...path, 'aliases', index],
          `the target ${owner} answers to ${alias} already; an alert with it would name two targets`,
        );
      else owners.set(alias, name);
    });
    if (selector.by === 'process') continue;
    const key = JSON.stringify(selector);
    const other = selectors.get(key);
    if (other !== undefined)
      document.report(path, `selects the same containers as ${other}; their budgets would count apart`, {
        at: 'key',
      });
    selectors.set(key, name);
  }
}

/** Each circle is told once, at the dependency that closes it. */
function reportCycles(targets: readonly Dependant[], { document }: RelationContext): void {
  const byName = new Map(targets.map((target) => [target.name, target]));
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (target: Dependant): void => {
    trail.push(target.name);
    target.dependsOn.forEach((dependency, index) => {
      const start = trail.indexOf(dependency);
      if (start !== -1) {
        const circle = [...trail.slice(start), dependency].join(' -> ');
        document.report(
          ['targets', target.name, 'depends_on', index],
          `the dependencies go in a circle (${circle}); each would wait for the other`,
        );
        return;
      }
      const next = byName.get(dependency);
      if (next !== undefined && !done.has(dependency)) visit(next);
    });
    trail.pop();
    done.add(target.name);
  };
  for (const target of targets) if (!done.has(target.name)) visit(target);
}
