import { chiSquareUpperTail } from '../numerics/distributions.ts';

interface LikelihoodRatio {
  readonly statistic: number;
  readonly pValue: number;
}

export interface CoverageTest {
  /** The share of days on which the interval should have held the return. */
  readonly nominal: number;
  readonly observed: number;
  readonly days: number;
  readonly misses: number;
  /** Kupiec (1995): is the share of misses the nominal one? */
  readonly kupiec: LikelihoodRatio;
  /** Christoffersen (1998): does a miss make a miss on the next day more or less likely? */
  readonly independence: LikelihoodRatio;
  /** Christoffersen (1998): both at once, with two degrees of freedom. */
  readonly conditional: LikelihoodRatio;
}

/** `missed[t]` is true where the return of day t fell outside its interval. */
export function testCoverage(missed: readonly boolean[], nominal: number): CoverageTest {
  const days = missed.length;
  const misses = missed.reduce((count, miss) => count + (miss ? 1 : 0), 0);
  const expected = 1 - nominal;
  const kupiec = 2 * (bernoulli(misses, days - misses) - bernoulliAt(misses, days - misses, expected));

  const { afterHit, afterMiss } = transitions(missed);
  const separate = bernoulli(afterHit.miss, afterHit.hit) + bernoulli(afterMiss.miss, afterMiss.hit);
  const followed = { miss: afterHit.miss + afterMiss.miss, hit: afterHit.hit + afterMiss.hit };
  const independence = 2 * (separate - bernoulli(followed.miss, followed.hit));
  // The joint test conditions on the first day, so that the two parts are tests on the same days.
  const conditional = 2 * (separate - bernoulliAt(followed.miss, followed.hit, expected));
  return {
    nominal,
    observed: days === 0 ? Number.NaN : 1 - misses / days,
    days,
    misses,
    kupiec: ratio(kupiec, 1),
    independence: ratio(independence, 1),
    conditional: ratio(conditional, 2),
  };
}

interface Followed {
  hit: number;
  miss: number;
}

function transitions(missed: readonly boolean[]): { afterHit: Followed; afterMiss: Followed } {
  const afterHit = { hit: 0, miss: 0 };
  const afterMiss = { hit: 0, miss: 0 };
  for (let t = 1; t < missed.length; t += 1) {
    const from = missed[t - 1] === true ? afterMiss : afterHit;
    if (missed[t] === true) from.miss += 1;
    else from.hit += 1;
  }
  return { afterHit, afterMiss };
}

/** The log-likelihood at the share that fits best. */
function bernoulli(misses: number, hits: number): number {
  const all = misses + hits;
  return all === 0 ? 0 : bernoulliAt(misses, hits, misses / all);
}

function bernoulliAt(misses: number, hits: number, share: number): number {
  return (misses === 0 ? 0 : misses * Math.log(share)) + (hits === 0 ? 0 : hits * Math.log(1 - share));
}

function ratio(statistic: number, dof: number): LikelihoodRatio {
  // Rounding can leave a tiny negative number where the two likelihoods are the same.
  const clean = Math.max(0, statistic);
  return { statistic: clean, pValue: chiSquareUpperTail(clean, dof) };
}
