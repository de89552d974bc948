import type { Selector, Target, Verification } from '../../core/target.ts';
import { containerName } from './containers.ts';
import type { Listed } from './engineSchema.ts';
import {
  COMPOSE_DEPENDS_ON,
  COMPOSE_PROJECT,
  COMPOSE_SERVICE,
  isOneoff,
  isSwarmTask,
  TARGET_LABEL,
} from './labels.ts';

/**
 * Which containers become targets by themselves. All conditions must hold; by default nothing is discovered.
 *
 * A container opts in with the label `mpa.target` (its value names the target; `true` or nothing: the name comes
 * from Compose or the container), and out with `mpa.target=false`, which nothing overrules. Whoever wants to look
 * after a whole machine says so twice: `enabled`, and `requireLabel: false`.
 */
export type DiscoveryOptions = {
  readonly enabled: boolean;
  /** Only services of these Compose projects; `null`: no such limit. An empty list finds nothing. */
  readonly composeProjects: readonly string[] | null;
  /** Whether `autoheal=true` and `deunhealth.restart.on.unhealthy=true` opt in as well. */
  readonly importLabels: boolean;
  /** False: every container within the limits above, asked or not. */
  readonly requireLabel: boolean;
};

export const NO_DISCOVERY: DiscoveryOptions = {
  enabled: false,
  composeProjects: null,
  importLabels: false,
  requireLabel: true,
};

/** What discovery has to know of the configuration. */
export type DiscoveryContext = {
  /** Containers that these targets select are left to them: nobody may have two budgets. */
  readonly configured: readonly Target[];
  readonly verification: Verification;
};

/** Containers that belong together: a Compose service, or by themselves under one label. */
type Group = {
  readonly project: string | null;
  readonly service: string | null;
  /** Value of the label that selects plain containers together, where it selects nothing else. */
  readonly label: string | null;
  /** The name that the label gives, where it gives one. */
  readonly given: string | null;
  readonly containers: readonly Listed[];
};

const IMPORTED = ['autoheal', 'deunhealth.restart.on.unhealthy'] as const;

/** The targets among these containers. Pure; the order of the list does not matter. */
export function discoverTargets(
  containers: readonly Listed[],
  options: DiscoveryOptions,
  { configured, verification }: DiscoveryContext,
): readonly Target[] {
  if (!options.enabled) return [];
  const wanted = containers.filter(
    (container) =>
      isWanted(container, options) && !configured.some(({ selector }) => selects(selector, container)),
  );
  const groups = groupTogether(wanted);
  const named = groups.map((group) => ({ group, name: nameOf(group, groups) }));
  const nameByContainer = new Map(
    named.flatMap(({ group, name }) => group.containers.map(({ Id }) => [Id, name] as const)),
  );
  return named
    .map(({ group, name }) =>
      toTarget(group, name, dependenciesOf(group, name, named, nameByContainer), verification),
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function isWanted({ Labels }: Listed, options: DiscoveryOptions): boolean {
  if (isOneoff(Labels) || isSwarmTask(Labels)) return false;
  const label = Labels[TARGET_LABEL];
  if (label?.toLowerCase() === 'false') return false;
  const project = Labels[COMPOSE_PROJECT];
  if (options.composeProjects !== null) {
    if (project === undefined || !options.composeProjects.includes(project)) return false;
  }
  if (!options.requireLabel || label !== undefined) return true;
  return options.importLabels && IMPORTED.some((name) => Labels[name]?.toLowerCase() === 'true');
}

function groupTogether(containers: readonly Listed[]): readonly Group[] {
  const taken = new Set(
    containers.flatMap((container) => (serviceOf(container) === null ? [] : givenName(container))),
  );
  const groups = new Map<string, Group>();
  for (const container of containers) {
    const service = serviceOf(container);
    const given = givenName(container);
    // A label that services bear as well selects more than the plain containers: they are then taken by their names.
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

function serviceOf({ Labels }: Listed): readonly [project: string, service: string] | null {
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
function nameOf(group: Group, groups: readonly Group[]): string {
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

function toTarget(
  group: Group,
  name: string,
  dependsOn: readonly string[],
  verification: Verification,
): Target {
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
    dependsOn,
    protected: false,
    origin: 'discovered',
  };
}

function selectorOf({ project, service, label, containers }: Group): Selector {
  if (project !== null && service !== null) return { by: 'compose-service', project, service };
  if (label !== null) return { by: 'label', label: TARGET_LABEL, value: label };
  return { by: 'container-name', name: containerName(containers[0]) };
}

/** Who it stands on, among the discovered: Compose's own word, and the container whose network it shares. */
function dependenciesOf(
  group: Group,
  own: string,
  named: readonly { readonly group: Group; readonly name: string }[],
  nameByContainer: ReadonlyMap<string, string>,
): readonly string[] {
  const services = group.containers.flatMap(({ Labels }) =>
    (Labels[COMPOSE_DEPENDS_ON] ?? '').split(',').map((dependency) => dependency.split(':')[0] ?? ''),
  );
  const composed = named
    .filter(({ group: other }) => other.project === group.project && other.service !== null)
    .filter(({ group: other }) => services.includes(other.service ?? ''))
    .map(({ name }) => name);
  const networks = group.containers.flatMap(
    ({ HostConfig }) => nameByContainer.get((HostConfig?.NetworkMode ?? '').replace(/^container:/, '')) ?? [],
  );
  return [...new Set([...composed, ...networks])].filter((name) => name !== own).sort();
}

/** Whether a target with this selector has this container among its instances. */
function selects(selector: Selector, container: Listed): boolean {
  switch (selector.by) {
    case 'container-name':
      return containerName(container) === selector.name;
    case 'compose-service': {
      const [project, service] = serviceOf(container) ?? [];
      return service === selector.service && (selector.project === null || project === selector.project);
    }
    case 'label':
      return container.Labels[selector.label] === selector.value;
    case 'process':
      return false;
    default:
      return selector satisfies never;
  }
}
