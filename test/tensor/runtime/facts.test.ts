import { expect, it } from 'vitest';
import { SspError } from '../../../src/base/errors.js';
import { collectFacts, type Fact } from '../../../src/tensor/runtime/facts.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
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

it('lists GPUs, and says when the TensorFlow in use does not use them', async () => {
  const root = temporaryFolder();
  const PATH = putPrograms(root, {
    'nvidia-smi':
      "echo '0, NVIDIA H100 80GB HBM3, 81559, 535.1'; echo '1, NVIDIA H200, 143771, 550'",
  });
  const env = { ...process.env, PATH };
  const load = async () => ({ version: '2.21.0', device: 'cpu' as const });
  const facts = byId(await collectFacts({ env, load }));
  expect(facts['gpu.0']?.value).toBe('NVIDIA H100 80GB HBM3, 81559 MiB, driver 535.1');
  expect(facts['gpu.1']?.problem).toMatch(/not used/);
  const cuda = async () => ({ version: '2.21.0', device: 'cuda' as const });
  expect(byId(await collectFacts({ env, load: cuda }))['gpu.1']?.problem).toBeUndefined();
});

it('reports a runtime that does not load', async () => {
  const load = async () => {
    throw new SspError('setup-cannot-load', 'TensorFlow does not load here: x', { help: 'y' });
  };
  const facts = byId(await collectFacts({ load }));
  expect(facts.tensorflow).toMatchObject({ problem: 'TensorFlow does not load here: x', fix: 'y' });
  expect(facts.device?.value).toMatch(/unknown/);
});
