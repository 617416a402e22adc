import type tf from '@tensorflow/tfjs-core';
import type { Device } from './recipe.js';

/** TensorFlow, loaded into this process. */
export interface LoadedTensorFlow {
  readonly tf: typeof tf;
  /** What ops run on. */
  readonly device: Device;
  /** Version of the native library. */
  readonly version: string;
  /** Version of TensorFlow.js. */
  readonly tfjs: string;
  /** Threads inside one op; ops run one after another. */
  readonly threads: number;
  readonly folder: string;
}
