import type { Target } from '../../core/target.ts';
import { containerName, selectableOf } from './containers.ts';
import type { Listed } from './engineSchema.ts';
import { COMPOSE_DEPENDS_ON, COMPOSE_PROJECT, COMPOSE_SERVICE } from './labels.ts';
import { isSelected } from './selection.ts';
import { sharedNetworkOf } from './sharedNetwork.ts';

/**
 * Who stands on whom among these targets, as the engine knows it: by Compose's `depends_on`, and by whose network a
 * container shares. Targets without any are not in the answer.
 *
 * @param containers All of the engine: a dependency may be anybody's.
 * @param targets The first one that selects a container has it.
 */
export function dependenciesAmong(
  containers: readonly Listed[],
  targets: readonly Target[],
): ReadonlyMap<string, readonly string[]> {
  const owners = new Map(containers.map((container) => [container, ownerOf(container, targets)]));
  const dependencies = new Map<string, Set<string>>();
  for (const container of containers) {
    const owner = owners.get(container);
    if (owner === undefined) continue;
    for (const other of standsOn(container, containers)) {
      const dependency = owners.get(other);
      if (dependency === undefined || dependency === owner) continue;
      dependencies.set(owner, (dependencies.get(owner) ?? new Set()).add(dependency));
    }
  }
  return new Map([...dependencies].map(([name, others]) => [name, [...others].sort()]));
}

function ownerOf(container: Listed, targets: readonly Target[]): string | undefined {
  return targets.find(({ selector }) => isSelected(selector, selectableOf(container)))?.name;
}

function standsOn({ Labels, HostConfig }: Listed, containers: readonly Listed[]): readonly Listed[] {
  // `service:condition:restart`, separated by commas.
  const services = (Labels[COMPOSE_DEPENDS_ON] ?? '').split(',').map((text) => text.split(':')[0] ?? '');
  const parent = sharedNetworkOf(HostConfig?.NetworkMode);
  return containers.filter((other) => {
    const service = other.Labels[COMPOSE_SERVICE];
    const isComposed =
      service !== undefined &&
      services.includes(service) &&
      other.Labels[COMPOSE_PROJECT] === Labels[COMPOSE_PROJECT];
    return isComposed || (parent !== null && (other.Id === parent || containerName(other) === parent));
  });
}
