/** jStat ships no types; only what this service uses of it is declared here. */
declare module 'jstat' {
  const jStat: {
    gammaln(x: number): number;
    normal: {
      inv(p: number, mean: number, std: number): number;
      cdf(x: number, mean: number, std: number): number;
    };
    studentt: { inv(p: number, dof: number): number; cdf(x: number, dof: number): number };
    chisquare: { cdf(x: number, dof: number): number };
  };
  export = jStat;
}
