import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type tf from '@tensorflow/tfjs-core';

/**
 * The part of `@tensorflow/tfjs-node-gpu` that is used: its backend, kernels, messages and the
 * binding's source. A build has a copy of it (`vendor.ts`); the sources use the package itself.
 *
 * The copy is there because whoever installs a package that depends on it would run its install
 * script, which downloads another TensorFlow that is not used, and fails where its host is out of
 * reach.
 */
export const nativePackage: string = locate();

/** Loads a file of the package, as in `requireNative('./dist/proto/api_pb.js')`. */
export const requireNative: NodeJS.Require = createRequire(`${nativePackage}/package.json`);

/** `@tensorflow/tfjs`: the core with its gradients and chained ops registered. */
export const requireTfjs = (): typeof tf =>
  requireNative(isCopy(nativePackage) ? './tfjs.cjs' : '@tensorflow/tfjs');

function isCopy(folder: string): boolean {
  return existsSync(`${folder}/tfjs.cjs`);
}

function locate(): string {
  const copy = fileURLToPath(new URL('../vendor/tfjs-node-gpu', import.meta.url));
  if (isCopy(copy)) return copy;
  const require = createRequire(import.meta.url);
  return dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
}
