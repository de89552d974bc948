import { type Labels, labelOf } from './alert.ts';
import { foreignProject } from './composeProject.ts';
import type { Target } from './target.ts';

/** What a set of labels says about who is in trouble. */
export type TargetMatch =
  | { readonly kind: 'found'; readonly target: Target; readonly label: string }
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'several'; readonly names: readonly string[]; readonly reason: string };

/** The label that a rule's author sets to name a target outright; it is final even when it names nothing known. */
export const EXPLICIT_TARGET_LABEL = 'mpa_target';

/**
 * Finds the target of an alert by the first mapped label that names a known one. Never guesses: a label that
 * several targets answer to, or none, is said so; nor is a service of another Compose project the target.
 */
export function findTarget(
  labels: Labels,
  mappings: readonly string[],
  targets: readonly Target[],
): TargetMatch {
  const elsewhere: string[] = [];
  for (const label of mappings) {
    const value = labelOf(labels, label);
    if (value === '') continue;
    const isAbout = (target: Target): boolean => {
      const project = foreignProject(labels, mappings, target);
      if (project !== null) elsewhere.push(`${target.name} is not of Compose project ${project}`);
      return project === null;
    };
    const named = targets.filter((target) => target.name === value && isAbout(target));
    const candidates =
      named.length > 0 ? named : targets.filter(({ aliases }) => aliases.includes(value)).filter(isAbout);
    if (candidates.length > 1) {
      const names = candidates.map((target) => target.name);
      return { kind: 'several', names, reason: `${label}="${value}" names ${names.join(' and ')}` };
    }
    const [target] = candidates;
    if (target !== undefined) return { kind: 'found', target, label };
    if (label === EXPLICIT_TARGET_LABEL) {
      const why = elsewhere.map((reason) => `: ${reason}`).join('');
      return { kind: 'none', reason: `${label}="${value}" names no known target${why}` };
    }
  }
  const [besides] = elsewhere;
  if (besides !== undefined)
    return { kind: 'none', reason: `the alert is about another service: ${besides}` };
  const tried = mappings
    .filter((label) => labelOf(labels, label) !== '')
    .map((label) => `${label}="${labelOf(labels, label)}"`);
  return {
    kind: 'none',
    reason:
      tried.length === 0
        ? `the alert carries none of the labels ${mappings.join(', ')}`
        : `none of ${tried.join(', ')} names a known target`,
  };
}
