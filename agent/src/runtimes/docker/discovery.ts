import type { Selector, Target, Verification } from '../../core/target.ts';
import { containerName, selectableOf } from './containers.ts';
import { dependenciesAmong } from './dependencies.ts';
import type { Listed } from './engineSchema.ts';
import { type Group, groupTogether, nameOf, serviceOf } from './grouping.ts';
import { COMPOSE_PROJECT, isOneoff, isSwarmTask, TARGET_LABEL } from './labels.ts';
import { isSelected } from './selection.ts';

/**
 * What makes a container a target: the label `mpa.target`, being a service of Compose, or just having a name, which
 * every container has.
 */
export type DiscoveryBy = 'label' | 'compose_service' | 'container_name';

/**
 * Which containers become targets by themselves.
 *
 * The value of `mpa.target` names the target; with `true` or nothing the name comes from Compose or the container.
 * `mpa.target=false` opts out, and nothing overrules it. One-off containers of Compose and tasks of a Swarm are
 * never taken.
 */
export type DiscoveryOptions = {
  /** Any one of these is enough; none at all: nothing is discovered. */
  readonly by: readonly DiscoveryBy[];
  /** Only containers of this Compose project, by whatever they are found; `null`: no such limit. */
  readonly composeProject: string | null;
  /** Whether `autoheal=true` and `deunhealth.restart.on.unhealthy=true` count as the label, too. */
  readonly importLabels: boolean;
};

export const NO_DISCOVERY: DiscoveryOptions = { by: [], composeProject: null, importLabels: false };

/** What discovery has to know of the configuration. */
export type DiscoveryContext = {
  /** Containers that these targets select are left to them: nobody may have two budgets. */
  readonly configured: readonly Target[];
  readonly verification: Verification;
};

const IMPORTED = ['autoheal', 'deunhealth.restart.on.unhealthy'] as const;

/**
 * The targets among these containers. Pure; the order of the list does not matter. Configured targets are among them
 * where the engine knows more of what they depend on than their configuration says.
 */
export function discoverTargets(
  containers: readonly Listed[],
  options: DiscoveryOptions,
  { configured, verification }: DiscoveryContext,
): readonly Target[] {
  const wanted = containers.filter(
    (container) =>
      isWanted(container, options) &&
      !configured.some(({ selector }) => isSelected(selector, selectableOf(container))),
  );
  const taken = new Set(wanted);
  const groups = groupTogether(
    wanted,
    containers.filter((container) => !taken.has(container)),
  );
  const named = groups.map((group) => ({ group, name: nameOf(group, groups) }));
  const discovered = named
    .map(({ group, name }) => toTarget(group, name, verification))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const known = dependenciesAmong(containers, [...configured, ...discovered]);
  return [...configured.filter(({ name }) => known.has(name)), ...discovered].map((target) => ({
    ...target,
    dependsOn: [...new Set([...target.dependsOn, ...(known.get(target.name) ?? [])])],
  }));
}

function isWanted(container: Listed, options: DiscoveryOptions): boolean {
  const { Labels } = container;
  if (isOneoff(Labels) || isSwarmTask(Labels)) return false;
  if (Labels[TARGET_LABEL]?.toLowerCase() === 'false') return false;
  if (options.composeProject !== null && Labels[COMPOSE_PROJECT] !== options.composeProject) return false;
  return options.by.some((by) => {
    switch (by) {
      case 'label':
        return TARGET_LABEL in Labels || (options.importLabels && hasImportedLabel(Labels));
      case 'compose_service':
        return serviceOf(container) !== null;
      case 'container_name':
        return true;
      default:
        return by satisfies never;
    }
  });
}

function hasImportedLabel(labels: Listed['Labels']): boolean {
  return IMPORTED.some((name) => labels[name]?.toLowerCase() === 'true');
}

function toTarget(group: Group, name: string, verification: Verification): Target {
  const names = [group.given, group.service, ...group.containers.map(containerName)];
  const aliases = [...new Set(names.filter((alias) => alias !== null && alias !== '' && alias !== name))];
  return {
    name,
    runtime: 'docker',
    selector: selectorOf(group),
    aliases: aliases.filter((alias) => alias !== null),
    mode: 'auto',
    probes: [],
    schedule: null,
    verification,
    dependsOn: [],
    protected: false,
    origin: 'discovered',
  };
}

function selectorOf({ project, service, label, containers }: Group): Selector {
  if (project !== null && service !== null) return { by: 'compose-service', project, service };
  if (label !== null) return { by: 'label', label: TARGET_LABEL, value: label };
  return { by: 'container-name', name: containerName(containers[0]) };
}
