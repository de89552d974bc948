import { type Labels, labelOf } from './alert.ts';
import type { Target } from './target.ts';

/** How a label that names a Compose service ends, whatever the collector put before it; the one of its project is beside it. */
const SERVICE_LABEL = /compose_service$/;

/** What cAdvisor and our own collector call a container's Compose project. */
const USUAL = ['container_label_com_docker_compose_project', 'compose_project'];

/**
 * The Compose project that an alert is about, where that is not the target's: services of the same name in two
 * projects are two services. Null where either is not known, or where they agree.
 *
 * @param mappings Labels that may name a target; each that names a Compose service has its project beside it.
 */
export function foreignProject(labels: Labels, mappings: readonly string[], target: Target): string | null {
  const { selector } = target;
  const project = selector.by === 'compose-service' ? selector.project : null;
  if (project === null) return null;
  const beside = mappings
    .filter((mapping) => SERVICE_LABEL.test(mapping))
    .map((mapping) => mapping.replace(SERVICE_LABEL, 'compose_project'));
  const named = [...USUAL, ...beside].map((label) => labelOf(labels, label));
  return named.find((value) => value !== '' && value !== project) ?? null;
}
