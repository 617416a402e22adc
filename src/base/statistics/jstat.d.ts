declare module 'jstat' {
  /** The part of jStat that is used here; the package, a CommonJS module, has no types. */
  const jstat: {
    readonly jStat: {
      readonly normal: {
        /** Quantile of the normal distribution. */
        inv(probability: number, mean: number, deviation: number): number;
      };
      /** Spearman's rank correlation, ties being given the mean of their ranks. */
      spearmancoeff(x: readonly number[], y: readonly number[]): number;
      /** Student's t with `degrees` degrees of freedom, moved by `noncentrality`. */
      readonly noncentralt: {
        cdf(value: number, degrees: number, noncentrality: number): number;
      };
    };
  };
  export = jstat;
}
