import type { Labels } from '../core/alert.ts';
import type { AlertingRule } from './prometheusApi.ts';

/**
 * Whether the alert can come from this rule: the labels that the rule sets are on it. A template (`{{ $value }}`) fits
 * whatever is there, and a label set to nothing takes one away.
 */
export function couldComeFrom(rule: AlertingRule, alert: Labels): boolean {
  return Object.entries(rule.labels).every(
    ([name, value]) => value.includes('{{') || (alert[name] ?? '') === value,
  );
}

/**
 * The alert's labels that are those of the sample it was made of, as far as can be told: without its name and
 * without what the rule sets over it. External labels and relabelling may have added some that no sample has.
 */
export function sampleLabelsOf(rule: AlertingRule, alert: Labels): Labels {
  const labels: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(alert)) {
    if (name !== 'alertname' && !Object.hasOwn(rule.labels, name)) labels[name] = value;
  }
  return labels;
}

/**
 * Whether a sample can be the alert's: no label that both have differs. One that the sample lacks was added on the
 * way, one that the alert lacks was dropped on the way.
 */
export function isConsistent(sample: Labels, expected: Labels): boolean {
  return Object.entries(sample).every(
    ([name, value]) => !Object.hasOwn(expected, name) || expected[name] === value,
  );
}
