import type { Quantiles } from '../scoring/grid.ts';
import { type Learner, type ReturnSeries, type WalkOptions, walkForward } from './walk-forward.ts';

/** Makes a learner from what the backtest has loaded: all of it, which is where a look-ahead can creep in. */
export type LearnerFactory = (loaded: ReturnSeries) => Learner;

export type LookAheadAudit =
  | { readonly clean: true; readonly daysCompared: number }
  | { readonly clean: false; readonly daysCompared: number; readonly firstDifferentDay: number };

/**
 * Proves on the code as it ran that no forecast used what came after it: the walk is run again on a series that
 * ends before day `cut`, as if the rest had not happened yet, and must give the same forecasts to the last bit, that of
 * day `cut` too, which is the one that would show a peek of a single day. `cut` should be a day of a refit, so that
 * the learner is called with nothing behind its history.
 *
 * @param forecasts - of the walk under audit, by day, up to and with day `cut`
 */
export function auditLookAhead(
  series: ReturnSeries,
  makeLearner: LearnerFactory,
  options: WalkOptions,
  cut: number,
  forecasts: ReadonlyMap<number, Quantiles>,
): LookAheadAudit {
  const past = { times: series.times.slice(0, cut), returns: series.returns.slice(0, cut) };
  const walk = walkForward(past, makeLearner(past), { ...options, to: cut });
  let daysCompared = 0;
  for (;;) {
    const { done, value } = walk.next();
    const t = done === true ? cut : value.t;
    const again = done === true ? value() : value.forecast;
    const before = forecasts.get(t);
    if (before === undefined || !isSame(before, again.quantiles)) {
      return { clean: false, daysCompared, firstDifferentDay: t };
    }
    daysCompared += 1;
    if (done === true) return { clean: true, daysCompared };
  }
}

function isSame(a: Quantiles, b: Quantiles): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}
