import { type Labels, labelOf } from './alert.ts';
import type { EscalationCode } from './escalationCode.ts';
import type { Matcher } from './matcher.ts';
import { matchersHold } from './matcher.ts';
import type { Mode } from './target.ts';

/** A value that configuration can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * What a step does to the world: `observing` and `waiting` change nothing, `mutating` acts on the target's
 * instances one by one, `escalating` ends the strategy and calls a person.
 */
export type StepKind = 'observing' | 'mutating' | 'waiting' | 'escalating';

/**
 * What a step may be made to wait upon. A mutating one: that what was looked at before failed; that the rules know a
 * restart to help. A looking one: that the step before it was done, and not skipped.
 */
export type StepCondition = 'previous_failed' | 'restart_helps' | 'previous_done';

/** One planned use of an action. */
export type Step = {
  readonly action: string;
  readonly kind: StepKind;
  /** A mutating step that is done once for the whole target; without it, instance by instance. */
  readonly scope?: 'target';
  /** Already checked against the action's schema, with its defaults filled in. */
  readonly parameters: { readonly [name: string]: Json };
  /** How long one run of the action may take, milliseconds. For a mutating step: on one instance. */
  readonly timeoutMs: number;
  /** What follows when the step fails: the next step, or a person. */
  readonly onFailure: 'next' | 'stop';
  /** What must hold for it to be done, any of them; else it is skipped. Without any: nothing. */
  readonly onlyIf?: readonly StepCondition[];
  /** Of a handover that was put in place of a mutating step: why a person is called. */
  readonly handover?: EscalationCode;
};

/** Matchers and an ordered list of steps; in the field also called playbook or runbook. */
export type Strategy = {
  readonly name: string;
  /** All must hold for the alert's labels. A strategy for signals without labels names its sources instead. */
  readonly matchers: readonly Matcher[];
  /** Signals without labels that it is for. */
  readonly sources: readonly ('probe' | 'runtime' | 'person')[];
  /** Targets it is limited to; empty: no such limit (the matchers and sources still select). */
  readonly targets: readonly string[];
  readonly mode: Mode;
  readonly steps: readonly Step[];
  /** Whether the analyst, where there is one, is waited for (until its deadline), heard when it comes, or not asked. */
  readonly analysis: 'wait' | 'background' | 'off';
};

/** What an incident is about, as far as the choice of a strategy needs it. */
export type Occasion = {
  readonly target: string;
  readonly source: 'alertmanager' | 'probe' | 'runtime' | 'person';
  readonly labels: Labels;
};

/** The first strategy that is for this occasion, or none: order in the configuration is precedence. */
export function chooseStrategy(strategies: readonly Strategy[], occasion: Occasion): Strategy | null {
  return strategies.find((strategy) => isFor(strategy, occasion)) ?? null;
}

function isFor(strategy: Strategy, { target, source, labels }: Occasion): boolean {
  if (strategy.targets.length > 0 && !strategy.targets.includes(target)) return false;
  if (source === 'alertmanager') return matchersHold(strategy.matchers, labels);
  return strategy.sources.includes(source);
}

/** A placeholder that cannot be filled. It escalates; it never becomes the empty string. */
export type RenderError = { readonly placeholder: string; readonly reason: string };

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/**
 * Fills `{{ target }}` and `{{ labels.NAME }}` in every string of the parameters. Labels come from whoever can post an
 * alert: in a `url` what they bring is percent-encoded, so that it cannot become another path.
 *
 * @returns the filled parameters, or the first placeholder that cannot be filled.
 */
export function renderParameters(
  parameters: Step['parameters'],
  target: string,
  labels: Labels,
):
  | { readonly ok: true; readonly parameters: Step['parameters'] }
  | { readonly ok: false; readonly error: RenderError } {
  let failure: RenderError | null = null;
  const fill = (value: Json, encode: (text: string) => string): Json => {
    if (typeof value === 'string') {
      return value.replace(PLACEHOLDER, (_whole, expression: string) => {
        const filled = lookUp(expression, target, labels);
        if (filled === null) {
          failure ??= { placeholder: expression, reason: explainMissing(expression) };
          return '';
        }
        return encode(filled);
      });
    }
    if (value === null || typeof value !== 'object') return value;
    if (isList(value)) return value.map((inner) => fill(inner, encode));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, encode)]));
  };
  const filled = Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [
      key,
      fill(value, key === 'url' ? encodeURIComponent : asIs),
    ]),
  );
  return failure === null ? { ok: true, parameters: filled } : { ok: false, error: failure };
}

/**
 * Fills the placeholders of all steps.
 *
 * @returns the steps as they will be done, or the first placeholder that cannot be filled, and whose it is.
 */
export function renderSteps(
  steps: readonly Step[],
  target: string,
  labels: Labels,
):
  | { readonly ok: true; readonly steps: readonly Step[] }
  | { readonly ok: false; readonly action: string; readonly error: RenderError } {
  const filled: Step[] = [];
  for (const step of steps) {
    const rendered = renderParameters(step.parameters, target, labels);
    if (!rendered.ok) return { ok: false, action: step.action, error: rendered.error };
    filled.push({ ...step, parameters: rendered.parameters });
  }
  return { ok: true, steps: filled };
}

function asIs(text: string): string {
  return text;
}

/** The placeholders of a template that no alert could ever fill, for the configuration check. */
export function unknownPlaceholders(template: string): readonly string[] {
  const expressions = [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
  return expressions.filter((expression) => expression !== 'target' && !expression.startsWith('labels.'));
}

function lookUp(expression: string, target: string, labels: Labels): string | null {
  if (expression === 'target') return target;
  if (!expression.startsWith('labels.')) return null;
  const value = labelOf(labels, expression.slice('labels.'.length));
  return value === '' ? null : value;
}

function explainMissing(expression: string): string {
  return expression.startsWith('labels.')
    ? `the alert has no label ${expression.slice('labels.'.length)}`
    : `unknown placeholder; there are {{ target }} and {{ labels.NAME }}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
