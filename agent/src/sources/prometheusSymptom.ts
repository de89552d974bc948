import type { AlertView } from '../core/incident.ts';
import type { SymptomResult } from '../core/observation.ts';
import type { Clock, SymptomSource } from '../ports.ts';
import type { ServiceClient } from '../serviceClient.ts';
import { whyNone } from './answers.ts';
import { type AlertingRule, queryNow, readRules } from './prometheusApi.ts';
import { couldComeFrom, isConsistent, sampleLabelsOf } from './ruleLabels.ts';
import { areSeriesAlive } from './seriesAlive.ts';

/** Rules of one name that are asked; more are a sign that the name says nothing. */
const RULES_MAX = 10;

/** A rule that was not evaluated for so many of its intervals and seconds more is not evaluated at all. */
const EVALUATIONS_MISSED_MAX = 3;
const EVALUATION_SLACK_MS = 30_000;

type Verdict = Omit<SymptomResult, 'fingerprint'>;

/**
 * Asks Prometheus whether an alert's symptom is still there: finds the alert's rule by name and labels, and asks the
 * rule's own expression now. A sample that can be the alert's means present. No sample means gone only when the
 * series behind it are alive: an empty answer is also what a dead exporter gives.
 */
export class PrometheusSymptom implements SymptomSource {
  readonly name = 'Prometheus';
  readonly #client: ServiceClient;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(client: ServiceClient, clock: Pick<Clock, 'now'>) {
    this.#client = client;
    this.#clock = clock;
  }

  async ask(fingerprint: string, alert: AlertView, signal: AbortSignal): Promise<SymptomResult> {
    try {
      return { fingerprint, ...(await this.#judge(alert, signal)) };
    } catch (error) {
      return { fingerprint, verdict: 'unknown', reason: whyNone(error) };
    }
  }

  async #judge(alert: AlertView, signal: AbortSignal): Promise<Verdict> {
    const name = alert.labels['alertname'] ?? '';
    if (name === '') return unknown('the alert has no name to find its rule by');
    const { rules, date } = await readRules(this.#client, name, signal);
    const fitting = rules.filter((rule) => couldComeFrom(rule, alert.labels));
    if (fitting.length === 0) return unknown(`it has no rule ${name} with the labels of this alert`);
    if (fitting.length > RULES_MAX) return unknown(`it has ${fitting.length} rules ${name}`);
    const now = date ?? this.#clock.now();
    return combine(await Promise.all(fitting.map((rule) => this.#judgeRule(rule, alert, now, signal))));
  }

  async #judgeRule(rule: AlertingRule, alert: AlertView, now: number, signal: AbortSignal): Promise<Verdict> {
    const expected = sampleLabelsOf(rule, alert.labels);
    try {
      const samples = await queryNow(this.#client, rule.query, signal);
      const own = samples.find((sample) => isConsistent(sample.labels, expected));
      if (own !== undefined) return { verdict: 'present', reason: `${rule.name} still holds (${own.value})` };
    } catch (error) {
      return firesAsOfLastEvaluation(rule, alert) ?? unknown(whyNone(error));
    }
    const trouble = troubleOf(rule, now);
    if (trouble !== null) return unknown(trouble);
    const { alive, reason } = await areSeriesAlive(this.#client, rule, expected, signal);
    return alive ? { verdict: 'gone', reason: `${rule.name} holds no more; ${reason}` } : unknown(reason);
  }
}

/** What the rule itself said last, for when its expression cannot be asked. That it does not fire would prove nothing. */
function firesAsOfLastEvaluation(rule: AlertingRule, alert: AlertView): Verdict | null {
  const fires = rule.alerts.some(
    ({ labels, state }) => state === 'firing' && isConsistent(labels, alert.labels),
  );
  return fires ? { verdict: 'present', reason: `${rule.name} fired at its last evaluation` } : null;
}

/** Why the rule's silence would mean nothing. */
function troubleOf(rule: AlertingRule, now: number): string | null {
  if (rule.health !== 'ok') {
    const why = rule.lastError === '' ? 'it was not evaluated yet' : rule.lastError;
    return `the rule ${rule.name} is not in order: ${why.slice(0, 200)}`;
  }
  const ageMs = now - rule.lastEvaluation;
  if (ageMs <= rule.intervalMs * EVALUATIONS_MISSED_MAX + EVALUATION_SLACK_MS) return null;
  return `the rule ${rule.name} was last evaluated ${Math.round(ageMs / 1_000)} s ago`;
}

/** Any rule that holds is a symptom; it is gone when all say so. */
function combine(verdicts: readonly Verdict[]): Verdict {
  const present = verdicts.find(({ verdict }) => verdict === 'present');
  const open = verdicts.find(({ verdict }) => verdict === 'unknown');
  return present ?? open ?? verdicts[0] ?? unknown('there is no rule to ask');
}

function unknown(reason: string): Verdict {
  return { verdict: 'unknown', reason };
}
