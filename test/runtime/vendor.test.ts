import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const copy = `${root}/dist/vendor/tfjs-node-gpu`;

/** Gradients and methods of tensors that are there once a module is loaded, in a fresh process. */
function registeredBy(module: string): unknown {
  const script = `
    require(${JSON.stringify(module)});
    const tf = require('@tensorflow/tfjs-core');
    const kernels = Object.values(tf).filter((value) => typeof value === 'string');
    const gradients = kernels.filter((name) => tf.getGradient(name)).sort();
    console.log(JSON.stringify({ gradients, methods: Object.keys(tf.Tensor.prototype).sort() }));`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: root }).toString());
}

it('registers in the built copy what @tensorflow/tfjs registers', () => {
  const ours = registeredBy(`${copy}/tfjs.cjs`);
  expect(ours).toMatchObject({ gradients: expect.arrayContaining(['Conv2D', 'Relu']) });
  expect(ours).toEqual(registeredBy('@tensorflow/tfjs'));
});

it('leaves the copy where a build changes nothing, for the programs that run meanwhile', () => {
  const before = statSync(`${copy}/tfjs.cjs`);
  execFileSync(process.execPath, [`${root}/dist/runtime/vendor.js`]);
  expect(statSync(`${copy}/tfjs.cjs`).ino).toBe(before.ino);
  expect(readdirSync(dirname(copy))).toEqual(['tfjs-node-gpu']);
});

it('carries the licence, the binding and no install script', () => {
  for (const name of ['LICENSE', 'binding/tfjs_backend.cc', 'dist/register_all_kernels.js']) {
    expect(existsSync(`${copy}/${name}`), name).toBe(true);
  }
  const manifest = JSON.parse(readFileSync(`${copy}/package.json`, 'utf8'));
  expect(manifest).toMatchObject({ name: '@tensorflow/tfjs-node-gpu', license: 'Apache-2.0' });
  expect(manifest.scripts).toBeUndefined();
});
