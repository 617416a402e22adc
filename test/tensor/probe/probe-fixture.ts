import { jsonOf } from '../parity.js';

interface Probe {
  readonly train: readonly number[][];
  readonly test: readonly number[][];
  readonly trainLabels: readonly number[];
  readonly testLabels: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly linear: readonly {
    readonly penalty: number;
    readonly accuracy: number;
    readonly weight: readonly number[][];
    readonly bias: readonly number[];
    readonly predictions: readonly number[];
  }[];
  readonly knn: readonly {
    readonly k: number;
    readonly temperature: number;
    readonly predictions: readonly number[];
  }[];
}

/** Features of four classes, and what scikit-learn and DINO's code say of them: `make_probe.py`. */
export const probe = jsonOf<Probe>('probe');
