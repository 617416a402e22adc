/** The severities of a corruption, 1 to 5: one number each, or several. */
export type Severities<Of = number> = readonly [Of, Of, Of, Of, Of];

/** For images as large as those of CIFAR-10-C (32 px), Tiny ImageNet-C (64 px) and ImageNet-C (224 px). */
export interface SeveritiesBySize<Of = number> {
  readonly small: Severities<Of>;
  readonly middle: Severities<Of>;
  readonly large: Severities<Of>;
}

/** The severity for images of a size: that of the nearest of the three data sets. */
export function severityAt<Of>(
  { small, middle, large }: SeveritiesBySize<Of>,
  size: number,
  strength: number,
): Of {
  const of = size <= 48 ? small : size <= 128 ? middle : large;
  return of[(strength - 1) as 0 | 1 | 2 | 3 | 4];
}
