import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../src/tensor/runtime/locate.js';
import type { RuntimeRecipe } from '../../../src/tensor/runtime/recipe.js';
import type { SetupSteps } from '../../../src/tensor/runtime/setup-steps.js';
import { makeZip } from '../../support/make-zip.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A runtime of three small text files, and all that a set-up of it needs, in a fresh folder. */
export interface TinyRuntime {
  readonly root: string;
  readonly cache: string;
  readonly recipe: RuntimeRecipe;
  /** The wheel that a download brings. */
  readonly wheel: string;
  readonly env: Environment;
  /** Steps without network, compiler or native code; they note their calls. */
  readonly steps: SetupSteps;
  readonly calls: string[];
}

export function tinyRuntime(): TinyRuntime {
  const root = temporaryFolder();
  const bytes = makeZip({
    'tensorflow/libtensorflow_cc.so.2': 'cc '.repeat(1000),
    'tensorflow/libtensorflow_framework.so.2': 'framework '.repeat(500),
    'tensorflow/include/tensorflow/c/c_api.h': '// header\n',
    'tensorflow/python/unused.py': 'print()\n',
  });
  const wheel = join(root, 'download.whl');
  writeFileSync(wheel, bytes);
  const recipe: RuntimeRecipe = {
    tensorflow: '9.9.9',
    tfjs: '4.22.0',
    wheel: {
      requirement: 'tensorflow-tiny==9.9.9',
      file: 'tensorflow_tiny-9.9.9-cp311-cp311-any.whl',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      tags: { python: '3.11', abi: 'cp311', platform: 'any' },
    },
    libraries: ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'],
    headers: ['tensorflow/c/c_api.h'],
    peakBytes: 1_000_000,
  };
  const cache = join(root, 'cache');
  const calls: string[] = [];
  const steps: SetupSteps = {
    checkPlatform: () => {},
    freeBytes: async () => 1e12,
    fetchWheel: async ({ folder, onBytes }) => {
      calls.push('fetch');
      const file = join(folder, recipe.wheel.file);
      writeFileSync(file, bytes);
      onBytes(bytes.length);
      return file;
    },
    compileBinding: async ({ output }) => {
      calls.push('compile');
      writeFileSync(output, 'binding');
    },
    smokeTest: async () => {
      calls.push('test');
      return { version: '9.9.9', device: 'cpu' };
    },
  };
  const PATH = putPrograms(root, { python3: 'echo pip 23', 'g++': 'echo g++ 12' });
  return { root, cache, recipe, wheel, env: { SSP_CACHE: cache, PATH }, steps, calls };
}

/** Adds shell scripts to the folder that is the whole PATH of a tiny runtime, and returns it. */
export function putPrograms(root: string, scripts: Readonly<Record<string, string>>): string {
  const folder = join(root, 'bin');
  mkdirSync(folder, { recursive: true });
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return folder;
}
