/**
 * The one door to TensorFlow.js: `import { tf } from './tf.js'` gives every op
 * (`tf.matMul`) and every type (`tf.Tensor4D`).
 *
 * Importing it is cheap (about 0.1 s), makes no tensor and needs no runtime. Ops and gradients
 * run after `loadTensorFlow` (runtime/load.ts) registered the native backend.
 *
 * Why a plain import is right: tfjs-core has no `exports` map, so Node resolves this ES import to
 * its CommonJS `main`, the same file that `@tensorflow/tfjs` and the native backend `require`:
 * one instance, one engine, one `Tensor` class. A bundler or a resolver that prefers the `module`
 * field would make a second instance whose backend is never registered; `loadTensorFlow` checks
 * for that and the test beside it holds it for Node and for vitest.
 */
import * as tf from '@tensorflow/tfjs-core';

export { tf };
