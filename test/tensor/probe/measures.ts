import { jsonOf } from '../parity.js';

/** Scores of clusters. */
interface Scores {
  readonly clusters: readonly number[];
  readonly nmi: number;
  readonly ari: number;
  readonly accuracy: number;
}

/** Of singular values. */
interface Spectrum {
  readonly rankMe: number;
  readonly effectiveRank: number;
  readonly first: number;
  readonly last: number;
  readonly alpha: number;
}

interface Measures {
  readonly x: readonly number[][];
  readonly y: readonly number[][];
  readonly labels: readonly number[];
  readonly groups: readonly number[];
  readonly spectrum: Spectrum;
  readonly wide: Spectrum & { readonly x: readonly number[][] };
  readonly cka: readonly { readonly cka: number; readonly debiased: number }[];
  readonly uniformity: number;
  readonly alignment: number;
  readonly lidar: number;
  readonly mixing: readonly number[][];
  readonly kmeans: readonly (Scores & {
    readonly first: readonly number[][];
    readonly inertia: number;
  })[];
  readonly scores: readonly Scores[];
  readonly retrieval: {
    readonly asked: readonly number[];
    readonly first: readonly number[];
    readonly precision: readonly number[];
    readonly ofClass: readonly number[];
  };
}

/** Features, and what independent code says of them: `make_measures.py`. */
export const measures = jsonOf<Measures>('measures');

export const flat = (rows: readonly number[][]): Float32Array => Float32Array.from(rows.flat());
