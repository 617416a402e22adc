declare module 'jstat' {
  /** The part of jStat that is used here; the package, a CommonJS module, has no types. */
  const jstat: {
    readonly jStat: {
      readonly studentt: {
        /** Quantile of Student's t with `degrees` degrees of freedom. */
        inv(probability: number, degrees: number): number;
      };
    };
  };
  export = jstat;
}
