import jStat from 'jstat';

/**
 * The shape of the innovations of a volatility model, always scaled to mean 0 and variance 1.
 * `dof` of the Student-t must exceed 2, or there is no variance to scale to.
 */
export type Shape = { readonly errors: 'normal' } | { readonly errors: 't'; readonly dof: number };

/** The quantile of the standardised shape at probability `p`, 0 < p < 1. */
export function standardQuantile(shape: Shape, p: number): number {
  switch (shape.errors) {
    case 'normal':
      return jStat.normal.inv(p, 0, 1);
    case 't':
      return jStat.studentt.inv(p, shape.dof) * Math.sqrt((shape.dof - 2) / shape.dof);
    default:
      return shape satisfies never;
  }
}

export function normalCdf(x: number): number {
  return jStat.normal.cdf(x, 0, 1);
}

/** The upper tail of a chi-square distribution: the p-value of a likelihood ratio test. */
export function chiSquareUpperTail(x: number, dof: number): number {
  if (x <= 0) return 1;
  return Math.min(1, Math.max(0, 1 - jStat.chisquare.cdf(x, dof)));
}

/** The two-sided p-value of a Student-t statistic. */
export function studentTwoSided(t: number, dof: number): number {
  return Math.min(1, 2 * jStat.studentt.cdf(-Math.abs(t), dof));
}

/** The upper quantile of a Student-t distribution, for confidence intervals. */
export function studentQuantile(p: number, dof: number): number {
  return jStat.studentt.inv(p, dof);
}

export function logGamma(x: number): number {
  return jStat.gammaln(x);
}
