import { fitGarch, type GarchFitResult } from './garch-fit.ts';
import type { FittedModel } from './model.ts';
import { BASELINE, FAMILY_DEFAULTS, type FamilySettings } from './settings.ts';

export type FamilyFit =
  | { readonly converged: true; readonly models: readonly FittedModel[] }
  | { readonly converged: false; readonly model: string; readonly reason: string };

const GARCH_MEMBERS = [
  { name: 'garch-normal', asymmetric: false, errors: 'normal' },
  { name: 'garch-t', asymmetric: false, errors: 't' },
  { name: 'gjr-normal', asymmetric: true, errors: 'normal' },
  { name: 'gjr-t', asymmetric: true, errors: 't' },
] as const;

/** Every model that `fitFamily` makes, the baseline first. */
export const MODEL_NAMES: readonly string[] = [BASELINE, 'ewma', ...GARCH_MEMBERS.map(({ name }) => name)];

/** Fits every model to the newest of `returns` (percent). With `before`, each fit begins at its old parameters. */
export function fitFamily(
  returns: Float64Array,
  settings: FamilySettings = FAMILY_DEFAULTS,
  before: readonly FittedModel[] = [],
): FamilyFit {
  const recent = returns.subarray(Math.max(0, returns.length - settings.fitBars));
  const models: FittedModel[] = [
    { kind: 'historical', name: BASELINE, windowBars: settings.historicalBars },
    { kind: 'ewma', name: 'ewma', lambda: settings.ewmaLambda },
  ];
  for (const { name, asymmetric, errors } of GARCH_MEMBERS) {
    const old = before.find((model) => model.name === name);
    const result: GarchFitResult = fitGarch(recent, {
      asymmetric,
      errors,
      maxIterations: settings.maxIterations,
      ...(old?.kind === 'garch' ? { start: old.parameters } : {}),
    });
    if (!result.converged) return { converged: false, model: name, reason: result.reason };
    models.push({ kind: 'garch', name, parameters: result.fit.parameters });
  }
  return { converged: true, models };
}
