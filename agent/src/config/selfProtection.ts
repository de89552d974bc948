import { matcherHolds } from '../core/matcher.ts';
import type { Strategy } from '../core/strategy.ts';
import type { Target } from '../core/target.ts';
import type { PlacedStrategy } from './buildStrategies.ts';
import { namesOf } from './buildTargets.ts';

/** The alert that says that the agent is down; its monitoring sends it to people, never to the agent. */
const OWN_ALERT = 'MarketProgrammerAgentDown';

/**
 * Names that nothing in particular has. A selection that takes one of them takes anything, so that it does not mean
 * a protected target; such targets are then kept safe at intake and at execution.
 */
const ORDINARY_NAMES = ['canary', 'some-other-service', 'OrdinaryAlert', 'service_7'] as const;

/** What the rule needs to know. */
export type ProtectionContext = {
  readonly labelMappings: readonly string[];
  /** Names of the agent, of what it stands on, and of protected targets. */
  readonly protectedNames: readonly string[];
};

/** Every name by which the agent, or a target that is protected, can be meant. */
export function allProtectedNames(
  selfNames: readonly string[],
  protectedNames: readonly string[],
  targets: readonly Target[],
): readonly string[] {
  const fromTargets = targets
    .filter((target) => target.protected)
    .flatMap(({ name, aliases, selector }) => [name, ...aliases, ...namesOf(selector)]);
  return [...new Set([...selfNames, ...protectedNames, ...fromTargets])];
}

/**
 * Layer 3 of self-protection: refuses a strategy that has a mutating step and means a protected target.
 *
 * It means one when it names it in `targets`; or when its matchers on a label that names targets, taken together,
 * accept a protected name and no ordinary one; or when those on `alertname` accept the alert about the agent itself
 * and no ordinary one. Matchers that accept anything (`severity="critical"`, `service=~".+"`) mean nobody.
 */
export function checkProtection(
  { strategy, document, path }: PlacedStrategy,
  { labelMappings, protectedNames }: ProtectionContext,
): void {
  const mutating = strategy.steps.filter(({ kind }) => kind === 'mutating').map(({ action }) => action);
  if (mutating.length === 0) return;
  const does = `a strategy that acts (${[...new Set(mutating)].join(', ')})`;
  strategy.targets.forEach((target, index) => {
    if (protectedNames.includes(target))
      document.report(
        [...path, 'targets', index],
        `${target} is protected, and this is ${does}; take one of both out`,
      );
  });
  for (const label of labelMappings) {
    const meant = namesMeant(strategy, label, protectedNames);
    if (meant.length === 0) continue;
    const remedy = meant.map((name) => `${label}!=${JSON.stringify(name)}`).join(', ');
    document.report(
      [...path, 'matchers'],
      `its matchers on ${label} mean ${meant.join(', ')}, which is protected, and this is ${does}; add the matchers ${remedy}, or take the acting steps out`,
    );
  }
  if (namesMeant(strategy, 'alertname', [OWN_ALERT]).length > 0) {
    document.report(
      [...path, 'matchers'],
      `its matchers on alertname mean ${OWN_ALERT}, the alert about the agent itself, and this is ${does}; add the matcher alertname!~"MarketProgrammerAgent.*", or take the acting steps out`,
    );
  }
}

/** The names that the matchers on one label accept although they do not accept just anything. */
function namesMeant(strategy: Strategy, label: string, names: readonly string[]): readonly string[] {
  const matchers = strategy.matchers.filter((matcher) => matcher.label === label);
  if (matchers.length === 0) return [];
  const accepts = (value: string) => matchers.every((matcher) => matcherHolds(matcher, { [label]: value }));
  return ORDINARY_NAMES.some(accepts) ? [] : names.filter(accepts);
}
