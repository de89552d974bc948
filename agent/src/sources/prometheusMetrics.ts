import type { Labels } from '../core/alert.ts';
import type { AlertView } from '../core/incident.ts';
import { printable } from '../core/printable.ts';
import type { Target } from '../core/target.ts';
import type { Clock, Excerpt, MetricsSource } from '../ports.ts';
import type { ServiceClient } from '../serviceClient.ts';
import { whyNone } from './answers.ts';
import { deadlineIn } from './deadline.ts';
import { measuredSides } from './measuredSides.ts';
import { type Course, queryNow, queryRange, readRules } from './prometheusApi.ts';
import { relatedQueries } from './relatedQueries.ts';
import { couldComeFrom, isConsistent, sampleLabelsOf } from './ruleLabels.ts';

/** How far back is asked, and in which steps, milliseconds. */
const WINDOW_MS = 900_000;
const STEP_MS = 60_000;
/** One question, all in all, milliseconds. */
const ASK_MS = 3_000;
/** Alerts whose rules are looked up, and rules of one alert. */
const ALERTS_MAX = 3;
const RULES_MAX = 2;
/** Series that are shown of one expression, and in one answer to a question. */
const SERIES_MAX = 5;
const ANSWER_SERIES_MAX = 50;
/** All text of one answer, UTF-16 units. */
const TEXT_MAX = 16_384;

/** One expression, and which of its series are meant. */
type Question = {
  readonly what: string;
  readonly expression: string;
  readonly isMeant: (labels: Labels) => boolean;
};

/** Reads measurements from Prometheus: those of a target and its alerts, and whatever else is asked. */
export class PrometheusMetrics implements MetricsSource {
  readonly name = 'Prometheus';
  readonly #client: ServiceClient;
  readonly #clock: Clock;

  constructor(client: ServiceClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async related(target: Target, alerts: readonly AlertView[], signal: AbortSignal): Promise<Excerpt> {
    using deadline = deadlineIn(this.#clock, ASK_MS, signal);
    const seen = alerts.slice(0, ALERTS_MAX);
    const ofAlerts = await Promise.allSettled(seen.map((alert) => this.#ofAlert(alert, deadline.signal)));
    const known = ofAlerts.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    const ofTarget = relatedQueries(
      target,
      seen.map(({ labels }) => labels),
    ).map((query): Question => ({ ...query, isMeant: () => true }));
    const questions = unique([...known, ...ofTarget]);
    const toMs = this.#clock.now();
    const answers = await Promise.allSettled(
      questions.map(({ expression }) =>
        queryRange(
          this.#client,
          expression,
          { fromMs: toMs - WINDOW_MS, toMs, stepMs: STEP_MS },
          deadline.signal,
        ),
      ),
    );
    const failure = answers.find((answer) => answer.status === 'rejected');
    if (failure !== undefined && answers.every(({ status }) => status === 'rejected')) throw failure.reason;
    const blocks = answers.flatMap((answer, index) => {
      const question = questions[index];
      if (question === undefined) return [];
      return answer.status === 'rejected'
        ? [`${question.what}: could not be asked: ${printable(whyNone(answer.reason))}`]
        : sayCourses(question, answer.value, toMs);
    });
    return cut(blocks);
  }

  async query(promql: string, signal: AbortSignal): Promise<Excerpt> {
    using deadline = deadlineIn(this.#clock, ASK_MS, signal);
    const samples = await queryNow(this.#client, promql, deadline.signal);
    if (samples.length === 0) return { text: 'no series', truncated: false };
    const lines = samples
      .slice(0, ANSWER_SERIES_MAX)
      .map(({ labels, value }) => `${sayLabels(labels)} ${printable(value)}`);
    const { text, truncated } = cut(lines);
    return { text, truncated: truncated || samples.length > ANSWER_SERIES_MAX };
  }

  /** What the alert's rules measure, for the labels of the alert. */
  async #ofAlert({ labels }: AlertView, signal: AbortSignal): Promise<readonly Question[]> {
    const name = labels['alertname'] ?? '';
    if (name === '') return [];
    const { rules } = await readRules(this.#client, name, signal);
    return rules
      .filter((rule) => couldComeFrom(rule, labels))
      .slice(0, RULES_MAX)
      .flatMap((rule) => {
        const expected = sampleLabelsOf(rule, labels);
        return measuredSides(rule.query).map((expression) => ({
          what: `rule ${printable(rule.name, 100)}, which says ${printable(rule.query, 300)}`,
          expression,
          isMeant: (sample: Labels) => isConsistent(sample, expected),
        }));
      });
  }
}

/** A rule often measures what would be asked anyway. */
function unique(questions: readonly Question[]): readonly Question[] {
  const byExpression = new Map(questions.toReversed().map((question) => [question.expression, question]));
  return questions.filter((question) => byExpression.get(question.expression) === question);
}

function sayCourses({ what, expression, isMeant }: Question, all: readonly Course[], toMs: number) {
  const meant = all.filter(({ labels, points }) => points.length > 0 && isMeant(labels));
  if (meant.length === 0) return [];
  const more = meant.length > SERIES_MAX ? [`  … and ${meant.length - SERIES_MAX} more series`] : [];
  return [
    `${what}: ${printable(expression, 300)}`,
    ...meant.slice(0, SERIES_MAX).map((course) => `  ${sayCourse(course, toMs)}`),
    ...more,
  ];
}

/** The last value, the first, and between which it lay; a series that has ended says since when it is gone. */
function sayCourse({ labels, points }: Course, toMs: number): string {
  const values = points.map(({ value }) => value).filter((value) => !Number.isNaN(value));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return sayLabels(labels);
  const isThere = toMs - last.at < STEP_MS;
  const agoMin = Math.round((toMs - first.at) / 60_000);
  const range =
    values.length === 0
      ? ''
      : `, lowest ${round(Math.min(...values))}, highest ${round(Math.max(...values))}`;
  const end = isThere ? `now ${round(last.value)}` : `gone, at last ${round(last.value)} at ${iso(last.at)}`;
  return `${sayLabels(labels)} ${end}, ${agoMin} min ago ${round(first.value)}${range}`;
}

function sayLabels(labels: Labels): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return printable(`${name}{${pairs.join(', ')}}`, 500);
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** As many whole lines as fit. */
function cut(lines: readonly string[]): Excerpt {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > TEXT_MAX) return { text: kept.join('\n'), truncated: true };
    kept.push(line);
  }
  return { text: kept.join('\n'), truncated: false };
}
