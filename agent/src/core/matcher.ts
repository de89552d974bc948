import { type Labels, labelOf } from './alert.ts';

/** Alertmanager's four operators. */
export type MatchOperator = '=' | '!=' | '=~' | '!~';

/**
 * One matcher of a strategy, with Alertmanager's meaning: regular expressions are anchored on both ends, and a
 * label that is missing counts as the empty string. The expression is compiled at the edge by a linear-time
 * engine and comes in as `accepts`, so that the core needs no library.
 */
export type Matcher = {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
  /** Whether the value matches the right-hand side, before `!` is applied. */
  readonly accepts: (value: string) => boolean;
};

/** Whether one matcher holds for these labels. */
export function matcherHolds(matcher: Matcher, labels: Labels): boolean {
  const accepted = matcher.accepts(labelOf(labels, matcher.label));
  return matcher.operator === '=' || matcher.operator === '=~' ? accepted : !accepted;
}

/** Whether all matchers hold. An empty list matches nothing: nothing matched means nothing done. */
export function matchersHold(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.length > 0 && matchers.every((matcher) => matcherHolds(matcher, labels));
}

/** The matcher as it is written in configuration. */
export function describeMatcher({ label, operator, value }: Matcher): string {
  return `${label}${operator}${JSON.stringify(value)}`;
}
