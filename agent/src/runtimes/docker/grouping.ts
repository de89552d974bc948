import { containerName } from './containers.ts';
import type { Listed } from './engineSchema.ts';
import { COMPOSE_PROJECT, COMPOSE_SERVICE, TARGET_LABEL } from './labels.ts';

/** Containers that belong together: a Compose service, or by themselves under one label. */
export type Group = {
  readonly project: string | null;
  readonly service: string | null;
  /** Value of the label that selects plain containers together, where it selects nothing else. */
  readonly label: string | null;
  /** The name that the label gives, where it gives one. */
  readonly given: string | null;
  readonly containers: readonly Listed[];
};

/**
 * Puts together what is one target; every container is in exactly one group.
 *
 * @param others All that are not to be discovered, so that no label is used that would select one of them.
 */
export function groupTogether(containers: readonly Listed[], others: readonly Listed[]): readonly Group[] {
  const composed = containers.filter((container) => serviceOf(container) !== null);
  const taken = new Set([...composed, ...others].map(givenName));
  const groups = new Map<string, Group>();
  for (const container of containers) {
    const service = serviceOf(container);
    const given = givenName(container);
    // A label that others bear as well would select them, too: plain containers are then taken by their names.
    const label = given !== null && !taken.has(given) ? given : null;
    const key = JSON.stringify(service ?? label ?? [container.Id]);
    const group = groups.get(key);
    groups.set(key, {
      project: service?.[0] ?? null,
      service: service?.[1] ?? null,
      label: service === null ? label : null,
      // Replicas of one service that give different names are one target all the same, under its own name.
      given: group === undefined || group.given === given ? given : null,
      containers: [...(group?.containers ?? []), container],
    });
  }
  return [...groups.values()];
}

/** Project and service, where Compose made it. */
export function serviceOf({ Labels }: Listed): readonly [project: string, service: string] | null {
  const project = Labels[COMPOSE_PROJECT];
  const service = Labels[COMPOSE_SERVICE];
  return project === undefined || service === undefined ? null : [project, service];
}

function givenName({ Labels }: Listed): string | null {
  const label = Labels[TARGET_LABEL] ?? '';
  return label === '' || label.toLowerCase() === 'true' ? null : label;
}

/**
 * A name that depends on as little as possible, since budgets hang on it. A name that two groups lay claim to names
 * neither: they keep their full names and have it as an alias, so that an alert that uses it is ambiguous, and goes
 * to a person.
 */
export function nameOf(group: Group, groups: readonly Group[]): string {
  const { given } = group;
  const claimed = groups.some(
    (other) => other !== group && (other.given === given || fullNameOf(other) === given),
  );
  return given === null || claimed ? fullNameOf(group) : given;
}

/** Unique: no name of a container, project or service holds a slash. */
function fullNameOf({ project, service, containers }: Group): string {
  if (project !== null && service !== null) return `${project}/${service}`;
  return containerName(containers[0]);
}
