import type { Labels } from '../core/alert.ts';
import type { ServiceClient } from '../serviceClient.ts';
import { type AlertingRule, queryNow } from './prometheusApi.ts';
import { shapeOf } from './promqlShape.ts';
import { isConsistent } from './ruleLabels.ts';

/** Whether an empty answer of a rule's expression is believed. */
export type Aliveness = { readonly alive: boolean; readonly reason: string };

/**
 * Whether what a rule's expression reads is still measured, for the labels of one alert's sample: its target is
 * scraped (`up`), or, where the alert does not say which target that is, one of the series that it reads is there.
 */
export async function areSeriesAlive(
  client: ServiceClient,
  rule: AlertingRule,
  labels: Labels,
  signal: AbortSignal,
): Promise<Aliveness> {
  const { selectors, isAbsent } = shapeOf(rule.query);
  if (isAbsent) return { alive: true, reason: 'the series that was missing is there' };
  return (
    (await isScraped(client, labels, signal)) ??
    (await isOneThere(client, selectors, labels, signal)) ?? {
      alive: false,
      reason: `${rule.name} gives nothing, and neither do the series that it reads: that is no proof`,
    }
  );
}

/** By `up`, of the alert's own target or of its job; `null` when that tells nothing. */
async function isScraped(
  client: ServiceClient,
  labels: Labels,
  signal: AbortSignal,
): Promise<Aliveness | null> {
  const names = ['job', 'instance'].filter((name) => (labels[name] ?? '') !== '');
  if (names.length === 0) return null;
  const matchers = names.map((name) => `${name}=${JSON.stringify(labels[name])}`).join(',');
  const samples = await queryNow(client, `up{${matchers}}`, signal);
  if (samples.length === 0) return null;
  return samples.some(({ value }) => value === '1')
    ? { alive: true, reason: `up{${matchers}} is 1` }
    : { alive: false, reason: `up{${matchers}} is 0: what is not scraped proves nothing` };
}

/** By the series themselves; `null` when none is there. */
async function isOneThere(
  client: ServiceClient,
  selectors: readonly string[],
  labels: Labels,
  signal: AbortSignal,
): Promise<Aliveness | null> {
  const names = Object.keys(labels).filter((name) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name));
  for (const selector of selectors) {
    // Grouped by the alert's labels: what comes back is as small as that, and compared by what each series has.
    const samples = await queryNow(client, `group by (${names.join(', ')}) (${selector})`, signal);
    if (samples.some((sample) => isConsistent(sample.labels, labels))) {
      return { alive: true, reason: `${selector} is there` };
    }
  }
  return null;
}
