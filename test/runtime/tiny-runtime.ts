import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../src/runtime/environment.js';
import type { RuntimeRecipe, Wheel } from '../../src/runtime/recipe.js';
import type { SetupSteps } from '../../src/runtime/setup-steps.js';
import { makeZip } from '../support/make-zip.js';
import { temporaryFolder } from '../support/temporary-folder.js';

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
  /** Where each binding that was compiled looks for the libraries. */
  readonly runPaths: string[];
  /** Other wheels that a download can bring, by file name. */
  readonly index: Map<string, Buffer>;
}

/** The recipe of a tiny runtime for GPUs, whose wheels are put into the index. */
export function withCuda({ recipe, index }: TinyRuntime): {
  readonly recipe: RuntimeRecipe;
  readonly wheels: readonly Wheel[];
} {
  const contents = {
    cublas: {
      'nvidia/cublas/lib/libcublas.so.12': 'multiply',
      'nvidia/cublas/lib/libcublas_static.a': 'static',
      'nvidia/cublas/include/cublas.h': '// header',
      'nvidia/__init__.py': '',
    },
    cusolver: { 'nvidia/cusolver/lib/libcusolver.so.11': 'solve' },
    nvcc: { 'nvidia/cuda_nvcc/bin/ptxas': 'assemble', 'nvidia/cuda_nvcc/include/a.h': '' },
  };
  const cuda = Object.entries(contents).map(([name, files]): Wheel => {
    const bytes = makeZip(files);
    const file = `nvidia_${name}-1-py3-none-any.whl`;
    index.set(file, bytes);
    return {
      requirement: `nvidia-${name}==1`,
      file,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      tags: recipe.wheel.tags,
    };
  });
  const links = { 'nvidia/cublas/lib/libcusolver.so.11': '../../cusolver/lib/libcusolver.so.11' };
  return { recipe: { ...recipe, device: 'cuda', cuda, links }, wheels: [recipe.wheel, ...cuda] };
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
    device: 'cpu',
    cuda: [],
    links: {},
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
  const runPaths: string[] = [];
  const index = new Map<string, Buffer>();
  const steps: SetupSteps = {
    checkPlatform: () => {},
    freeBytes: async () => 1e12,
    fetchWheel: async ({ wheel: { file: name }, folder, onBytes }) => {
      calls.push('fetch');
      const content = index.get(name) ?? bytes;
      const file = join(folder, name);
      writeFileSync(file, content);
      onBytes(content.length);
      return file;
    },
    compileBinding: async ({ output, runPath }) => {
      calls.push('compile');
      runPaths.push(runPath);
      writeFileSync(output, 'binding');
    },
    smokeTest: async () => {
      calls.push('test');
      return { version: '9.9.9', device: 'cpu' };
    },
  };
  const PATH = putPrograms(root, { python3: 'echo pip 23', 'g++': 'echo g++ 12' });
  const env = { SSP_CACHE: cache, PATH };
  return { root, cache, recipe, wheel, env, steps, calls, runPaths, index };
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
