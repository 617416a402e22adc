/** Images of one size. */
export interface Extent {
  readonly count: number;
  readonly height: number;
  readonly width: number;
}
