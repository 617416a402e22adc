import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SspError } from '../../src/base/errors.js';
import { collectFacts, type Fact } from '../../src/runtime/facts.js';
import { recipes, runtimeStatus } from '../../src/runtime/locate.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { putPrograms } from './tiny-runtime.js';

const byId = (facts: readonly Fact[]) => Object.fromEntries(facts.map((fact) => [fact.id, fact]));

it('tells what a machine with a runtime has, by loading it', async () => {
  const facts = byId(await collectFacts());
  expect(facts.tensorflow).toEqual({ id: 'tensorflow', label: 'TensorFlow', value: '2.21.0' });
  expect(facts.device?.value).toBe('cpu');
  expect(facts.runtime?.value).toMatch(/\(ready\)$/);
  expect(facts.cpu?.value).toMatch(/avx/);
});

it('works without a runtime and says how to get it', async () => {
  const root = temporaryFolder();
  const PATH = putPrograms(root, {});
  const facts = byId(await collectFacts({ env: { SSP_CACHE: root, PATH } }));
  expect(facts.runtime).toMatchObject({
    problem: 'the TensorFlow runtime is not set up yet',
    fix: 'run `ssp setup`',
  });
  expect(facts.compiler?.problem).toMatch(/no C\+\+ compiler/);
  expect(facts.python?.fix).toContain('python3-pip');
  expect(facts.tensorflow?.value).toBe('not set up');
  const bad = byId(await collectFacts({ env: { SSP_TENSORFLOW: root, PATH } }));
  expect(bad.runtime?.problem).toContain('does not hold libtensorflow_cc.so.2');
  expect(bad.runtime?.fix).toContain('unset it');
  expect(bad.python?.problem).toBeUndefined();
});

it('lists GPUs, and says why they are not used', async () => {
  const root = temporaryFolder();
  const PATH = putPrograms(root, {
    'nvidia-smi':
      "echo '0, NVIDIA H100 80GB HBM3, 81559, 535.1'; echo '1, NVIDIA K80, 12288, 470.2'",
  });
  const env = { ...process.env, PATH, SSP_CACHE: root };
  const load = async () => ({ version: '2.21.0', device: 'cpu' as const });
  const without = byId(await collectFacts({ env, load }));
  expect(without['gpu.0']?.value).toBe(
    'NVIDIA H100 80GB HBM3, 81559 MiB, driver 535.1; for runs with --gpus 0',
  );
  expect(without['gpu.0']).toMatchObject({ fix: expect.stringContaining('ssp setup --gpu') });
  expect(without['gpu-runtime']?.value).toMatch(/^not set up/);
  const { folder } = runtimeStatus(env, recipes.cuda);
  mkdirSync(folder);
  const files = { 'tfjs_binding.node': { bytes: 0, sha256: '' } };
  writeFileSync(join(folder, 'tfjs_binding.node'), '');
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify({ version: 1, tensorflow: '2.21.0', files }),
  );
  const blind = byId(await collectFacts({ env, load }));
  expect(blind['gpu.0']?.problem).toMatch(/does not find it/);
  expect(blind['gpu.1']?.problem).toMatch(/driver 470.2 is too old/);
  expect(blind['gpu-runtime']?.value).toMatch(/\(ready\), runs on the processor here$/);
  const cuda = async () => ({ version: '2.21.0', device: 'cuda' as const });
  const used = byId(await collectFacts({ env, load: cuda }));
  expect(used['gpu.0']?.problem).toBeUndefined();
  expect(used['gpu-runtime']?.value).toMatch(/uses the GPU$/);
});

it('reports a runtime that does not load', async () => {
  const load = async () => {
    throw new SspError('setup-cannot-load', 'TensorFlow does not load here: x', { help: 'y' });
  };
  const facts = byId(await collectFacts({ load }));
  expect(facts.tensorflow).toMatchObject({ problem: 'TensorFlow does not load here: x', fix: 'y' });
  expect(facts.device?.value).toMatch(/unknown/);
});
