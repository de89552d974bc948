import { z } from 'zod';
import type { Matcher } from '../core/matcher.ts';
import { type Json, type Step, type Strategy, unknownPlaceholders } from '../core/strategy.ts';
import type { Action } from '../ports.ts';
import type { ConfigDocument } from './document.ts';
import { reportIssues } from './issues.ts';
import { parseMatchers } from './matcherSyntax.ts';
import { nearestOf } from './nearest.ts';
import type { Path } from './problem.ts';
import type { JsonSchema } from './schemaWalk.ts';
import { STEP_KEYS, type WrittenStrategy } from './strategySchema.ts';

type WrittenStep = WrittenStrategy['steps'][number];

/** A strategy and where it is written. */
export type PlacedStrategy = {
  readonly strategy: Strategy;
  readonly document: ConfigDocument;
  readonly path: Path;
};

/** The strategies of one document, in its order; what is wrong is reported to it. */
export function buildStrategies(
  written: readonly (WrittenStrategy | null)[],
  document: ConfigDocument,
  actions: readonly Action[],
): readonly PlacedStrategy[] {
  const names = new Set<string>();
  return written.flatMap((strategy, index) => {
    if (strategy === null) return [];
    const path: Path = ['strategies', index];
    if (names.has(strategy.name))
      document.report([...path, 'name'], `another strategy has the name ${strategy.name} already`);
    names.add(strategy.name);
    const matchers = (strategy.matchers ?? []).flatMap((text, at) =>
      buildMatchers(text, document, [...path, 'matchers', at]),
    );
    const sources = [...new Set(strategy.sources ?? [])];
    if ((strategy.matchers ?? []).length === 0 && sources.length === 0) {
      document.report(
        path,
        'has neither matchers nor sources, so it is for nothing; an empty selection never means everything. Give `matchers`, or `sources` for signals without labels',
        { restsOn: ['matchers', 'sources'] },
      );
    }
    const steps = strategy.steps.flatMap((step, at) =>
      buildStep(step, document, [...path, 'steps', at], actions),
    );
    reportUnreachable(strategy.steps, document, path, actions);
    reportConditions(strategy.steps, document, path, actions);
    const built: Strategy = {
      name: strategy.name,
      matchers,
      sources,
      targets: [...new Set(strategy.targets ?? [])],
      mode: strategy.mode ?? 'auto',
      steps,
      analysis: strategy.analysis ?? 'wait',
    };
    return [{ strategy: built, document, path }];
  });
}

function buildMatchers(text: string, document: ConfigDocument, path: Path): readonly Matcher[] {
  const parsed = parseMatchers(text);
  if (parsed.ok) return parsed.matchers;
  document.report(path, parsed.reason);
  return [];
}

function buildStep(
  written: WrittenStep,
  document: ConfigDocument,
  path: Path,
  actions: readonly Action[],
): readonly Step[] {
  const action = actions.find(({ name }) => name === written.action);
  if (action === undefined) {
    const allowed = actions.map(({ name }) => name);
    document.report([...path, 'action'], `there is no action ${JSON.stringify(written.action)}`, {
      allowed,
      nearest: nearestOf(written.action, allowed),
    });
    return [];
  }
  const parsed = parseParameters(action, written, document, path);
  // With wrong parameters nothing will run; that the step acts still counts for what is checked next.
  const parameters = parsed ?? {};
  reportPlaceholders(parameters, document, path);
  return [
    {
      action: action.name,
      kind: action.kind,
      ...(action.scope === undefined ? {} : { scope: action.scope }),
      parameters,
      timeoutMs: written.timeout ?? (parsed === null ? 0 : action.defaultTimeoutMs(parsed)),
      onFailure: written.on_failure ?? 'next',
      ...(written.only_if === undefined ? {} : { onlyIf: [...new Set(written.only_if)] }),
    },
  ];
}

function parseParameters(
  action: Action,
  written: WrittenStep,
  document: ConfigDocument,
  path: Path,
): Step['parameters'] | null {
  const given = Object.fromEntries(Object.entries(written).filter(([key]) => !STEP_KEYS.has(key)));
  try {
    return action.parse(given);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof z.ZodError) {
      // Every action's schema is made by the same function as the configuration's own; the step's keys are allowed too.
      const schema = action.schema as JsonSchema;
      const properties = { ...schema.properties, timeout: {}, on_failure: {}, only_if: {} };
      reportIssues(document, cause.issues, { ...schema, properties }, given, path);
    } else {
      document.report(path, error instanceof Error ? error.message : String(error));
    }
    return null;
  }
}

function reportPlaceholders(parameters: Step['parameters'], document: ConfigDocument, path: Path): void {
  for (const [name, value] of Object.entries(parameters)) {
    for (const text of textsOf(value)) {
      for (const expression of unknownPlaceholders(text)) {
        document.report([...path, name], `unknown placeholder {{ ${expression} }}`, {
          allowed: ['{{ target }}', '{{ labels.NAME }}'],
        });
      }
      if (/\{\{|\}\}/.test(text.replaceAll(/\{\{[^{}]*\}\}/g, '')))
        document.report(
          [...path, name],
          'has a placeholder that is not closed; write {{ target }} or {{ labels.NAME }}',
        );
    }
  }
}

function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsOf);
}

function reportConditions(
  steps: readonly WrittenStep[],
  document: ConfigDocument,
  path: Path,
  actions: readonly Action[],
): void {
  const kindOf = (step: WrittenStep | undefined) => actions.find(({ name }) => name === step?.action)?.kind;
  for (const [at, step] of steps.entries()) {
    if (step.only_if === undefined) continue;
    const place = [...path, 'steps', at, 'only_if'];
    const before = steps[at - 1];
    const kind = kindOf(step);
    if (kind !== 'mutating' && kind !== 'observing') {
      document.report(place, 'is for steps that act or look: waiting and calling a person have no condition');
    } else if (step.only_if.some((condition) => (condition === 'previous_done') !== (kind === 'observing'))) {
      const [does, allowed] =
        kind === 'observing' ? ['looks', ['previous_done']] : ['acts', ['previous_failed', 'restart_helps']];
      document.report(place, `has a condition that is not for a step that ${does}`, { allowed });
    } else if (kind === 'observing') {
      if (before === undefined) document.report(place, 'previous_done needs a step right before it');
    } else if (step.only_if.includes('previous_failed')) {
      if (kindOf(before) !== 'observing')
        document.report(place, 'previous_failed needs a step right before it that looks');
      else if (before?.on_failure === 'stop')
        document.report(place, 'previous_failed never holds: the step before it stops when it fails');
    }
  }
}

function reportUnreachable(
  steps: readonly WrittenStep[],
  document: ConfigDocument,
  path: Path,
  actions: readonly Action[],
): void {
  const escalating = actions.filter(({ kind }) => kind === 'escalating').map(({ name }) => name);
  const end = steps.findIndex(({ action }) => escalating.includes(action));
  if (end === -1 || end === steps.length - 1) return;
  document.report(
    [...path, 'steps', end + 1],
    `is never reached: ${steps[end]?.action} before it ends the strategy and calls a person`,
  );
}
