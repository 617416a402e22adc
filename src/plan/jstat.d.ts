declare module 'jstat' {
  /** The part of jStat that is used here; the package has no types. */
  export const jStat: {
    readonly studentt: {
      /** Quantile of Student's t with `degrees` degrees of freedom. */
      inv(probability: number, degrees: number): number;
    };
  };
}
