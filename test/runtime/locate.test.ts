import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bindingDigest } from '../../src/runtime/binding-digest.js';
import { installRuntime } from '../../src/runtime/install.js';
import {
  cacheFolder,
  locateRuntime,
  recipes,
  runtimeFolder,
  runtimeFor,
  runtimeStatus,
} from '../../src/runtime/locate.js';
import type { Device } from '../../src/runtime/recipe.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { tinyRuntime } from './tiny-runtime.js';

it('takes the cache folder from SSP_CACHE, then XDG_CACHE_HOME, then the home folder', () => {
  const home = { HOME: '/h' };
  expect(cacheFolder(home)).toBe('/h/.cache/ssp');
  expect(cacheFolder({ ...home, XDG_CACHE_HOME: '/x' })).toBe('/x/ssp');
  expect(cacheFolder({ ...home, XDG_CACHE_HOME: '/x', SSP_CACHE: '/s' })).toBe('/s');
});

it('names TensorFlow, TensorFlow.js, the platform and the binding in the folder', () => {
  expect(runtimeFolder({ SSP_CACHE: '/s' })).toBe(
    `/s/tensorflow-2.21.0-cpu-tfjs-4.22.0-${process.platform}-${process.arch}-${bindingDigest()}`,
  );
  expect(bindingDigest()).toMatch(/^[0-9a-f]{8}$/);
});

it('tells a missing, a ready and a broken runtime apart', async () => {
  const { env, recipe, steps } = tinyRuntime();
  expect(runtimeStatus(env, recipe).kind).toBe('missing');
  const folder = await installRuntime({ env, recipe, steps });
  expect(runtimeStatus(env, recipe)).toEqual({ kind: 'ready', folder, tensorflow: '9.9.9' });
  const library = join(folder, 'libtensorflow_cc.so.2');
  appendFileSync(library, 'x');
  expect(runtimeStatus(env, recipe)).toMatchObject({
    kind: 'broken',
    reason: `${library} has 3001 bytes, expected 3000`,
  });
  rmSync(library);
  expect(runtimeStatus(env, recipe)).toMatchObject({ reason: `${library} is gone` });
});

it('calls a folder without a readable manifest broken', () => {
  const { env, recipe } = tinyRuntime();
  const { folder } = locateRuntime(env, recipe);
  mkdirSync(folder, { recursive: true });
  expect(runtimeStatus(env, recipe).kind).toBe('broken');
  for (const text of [
    '{',
    'null',
    '{"version": 2}',
    '{"version": 1, "tensorflow": "2", "files": {}}',
  ]) {
    writeFileSync(join(folder, 'manifest.json'), text);
    expect(runtimeStatus(env, recipe).kind).toBe('broken');
  }
});

it('says what SSP_TENSORFLOW lacks', () => {
  const status = runtimeStatus({ SSP_TENSORFLOW: '/nowhere' });
  expect(status).toMatchObject({ kind: 'broken', folder: '/nowhere' });
  expect(status.kind === 'broken' && status.reason).toBe(
    'SSP_TENSORFLOW is /nowhere, which does not hold libtensorflow_cc.so.2 and libtensorflow_framework.so.2',
  );
});

it('gives a replaced TensorFlow a new binding, and finds it in a package folder', () => {
  const root = temporaryFolder();
  const packaged = join(root, 'tensorflow');
  mkdirSync(join(packaged, 'include/tensorflow/c'), { recursive: true });
  writeFileSync(join(packaged, 'include/tensorflow/c/c_api.h'), '');
  writeFileSync(join(packaged, 'libtensorflow_cc.so.2'), 'one');
  writeFileSync(join(packaged, 'libtensorflow_framework.so.2'), 'one');
  const env = { SSP_CACHE: join(root, 'cache'), SSP_TENSORFLOW: root };
  const first = locateRuntime(env);
  expect(first).toMatchObject({
    kind: 'external',
    libraries: packaged,
    include: join(packaged, 'include'),
  });
  expect(locateRuntime({ ...env, SSP_TENSORFLOW: packaged })).toEqual(first);
  expect(runtimeStatus(env).kind).toBe('missing');
  writeFileSync(join(packaged, 'libtensorflow_cc.so.2'), 'another');
  expect(locateRuntime(env).folder).not.toBe(first.folder);
});

it('serves the processor with the runtime for GPUs where that alone is there', () => {
  const env = { SSP_CACHE: temporaryFolder() };
  expect(runtimeFor('cpu', env).folder).toBe(runtimeFolder(env));
  const put = (device: Device) => {
    const { folder } = runtimeStatus(env, recipes[device]);
    const files = { 'tfjs_binding.node': { bytes: 0, sha256: '' } };
    mkdirSync(folder);
    writeFileSync(join(folder, 'tfjs_binding.node'), '');
    const manifest = { version: 1, tensorflow: '2.21.0', files };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    return { kind: 'ready', folder, tensorflow: '2.21.0' };
  };
  const gpu = put('cuda');
  expect(runtimeFor('cuda', env)).toEqual(gpu);
  expect(runtimeFor('cpu', env)).toEqual(gpu);
  const processor = put('cpu');
  expect(runtimeFor('cpu', env)).toEqual(processor);
  expect(runtimeFor('cuda', env)).toEqual(gpu);
});
