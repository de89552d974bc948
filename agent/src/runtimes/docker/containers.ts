import type { EngineClient } from './engineClient.ts';
import { type Inspected, inspected, type Listed, listed, type Stats, stats } from './engineSchema.ts';
import type { Selectable } from './selection.ts';

/** `GET /containers/{id}/json`, by id or exact name. Nothing that could be another path gets here unescaped. */
export function inspectContainer(
  client: EngineClient,
  idOrName: string,
  signal: AbortSignal,
): Promise<Inspected> {
  return client.read({ what: `inspect ${idOrName}`, path: pathOf(idOrName, 'json') }, inspected, signal);
}

/** All containers, running or not, that bear every one of these labels (`key=value`, or `key` for any value). */
export function listContainers(
  client: EngineClient,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  const filters = labels.length === 0 ? undefined : JSON.stringify({ label: labels });
  const query = { all: true, filters };
  return client.read({ what: 'list containers', path: '/containers/json', query }, listed, signal);
}

/**
 * Use of resources. `quick` gives one reading (about 1 s), else there is an earlier one beside it (about 2 s), from
 * which the use of the CPU can be told.
 */
export function readStats(
  client: EngineClient,
  id: string,
  quick: boolean,
  signal: AbortSignal,
): Promise<Stats> {
  const query = { stream: false, 'one-shot': quick ? true : undefined };
  return client.read({ what: `stats of ${id}`, path: pathOf(id, 'stats'), query }, stats, signal);
}

export function pathOf(idOrName: string, endpoint: string): string {
  return `/containers/${encodeURIComponent(idOrName)}/${endpoint}`;
}

/** A container has one name of its own; those with a second slash are what links call it. */
export function containerName(container: Listed | undefined): string {
  const own = container?.Names.map((name) => name.replace(/^\//, '')).find((name) => !name.includes('/'));
  return own ?? container?.Id ?? '';
}

/** A listed container as selectors look at it. */
export function selectableOf(container: Listed): Selectable {
  return { name: containerName(container), labels: container.Labels };
}
