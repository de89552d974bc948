import type { Selector } from '../../core/target.ts';
import { RuntimeError } from '../../errors.ts';
import { COMPOSE_PROJECT, COMPOSE_SERVICE, isOneoff, isSwarmTask } from './labels.ts';

/** How to ask for a target's containers: one by its exact name, or all that bear these labels. */
export type Selection =
  | { readonly by: 'name'; readonly name: string }
  | { readonly by: 'labels'; readonly labels: readonly string[] };

/** What the engine itself allows as a name; anything else could mean another path. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/**
 * The question that a selector asks. It never widens: what is empty, or would be read as something wider, is refused.
 *
 * @throws RuntimeError `RUNTIME_FAILED` with the reason.
 */
export function selectionOf(selector: Selector): Selection {
  switch (selector.by) {
    case 'container-name': {
      if (!NAME.test(selector.name)) throw refuse(`${JSON.stringify(selector.name)} is no container name`);
      return { by: 'name', name: selector.name };
    }
    case 'compose-service': {
      const labels = [labelFilter(COMPOSE_SERVICE, selector.service)];
      if (selector.project !== null) labels.push(labelFilter(COMPOSE_PROJECT, selector.project));
      return { by: 'labels', labels };
    }
    case 'label':
      return { by: 'labels', labels: [labelFilter(selector.label, selector.value)] };
    case 'process':
      throw refuse('a local process is no container');
    default:
      return selector satisfies never;
  }
}

/** A container as far as selectors look at it. */
export type Selectable = { readonly name: string; readonly labels: Readonly<Record<string, string>> };

/**
 * Whether this container is among the instances of a target with this selector. One-off containers are nobody's;
 * tasks of a Swarm are only his who names one outright.
 */
export function isSelected(selector: Selector, { name, labels }: Selectable): boolean {
  if (isOneoff(labels)) return false;
  if (selector.by === 'container-name') return name === selector.name;
  if (isSwarmTask(labels)) return false;
  switch (selector.by) {
    case 'compose-service': {
      const { service, project } = selector;
      return labels[COMPOSE_SERVICE] === service && (project === null || labels[COMPOSE_PROJECT] === project);
    }
    case 'label':
      return labels[selector.label] === selector.value;
    case 'process':
      return false;
    default:
      return selector satisfies never;
  }
}

function labelFilter(label: string, value: string): string {
  // The engine splits at the first `=`, and a label without a value would select every container that has it.
  if (label === '' || label.includes('=')) throw refuse(`${JSON.stringify(label)} is no label`);
  if (value === '') throw refuse(`the label ${label} has no value to look for`);
  return `${label}=${value}`;
}

function refuse(why: string): RuntimeError {
  return new RuntimeError('RUNTIME_FAILED', `the target cannot be looked for: ${why}`, 'no');
}
