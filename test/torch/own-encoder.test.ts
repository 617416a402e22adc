import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../src/base/files/npy.js';
import { openEncoder } from '../../src/library/artifact/encoder.js';
import { make as resnet18 } from '../../src/library/backbone/resnet18.js';
import { loadTensorFlow } from '../../src/tensor/load.js';
import { encoderOf } from '../library/synthetic.js';
import { pythonWith } from '../support/python-with.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const packages = ['torch==2.13.0', 'torchvision==0.28.0', 'numpy', 'safetensors'];
const size = 16;

it('probes what plain PyTorch trained beside what ssp trained', async () => {
  const python = pythonWith(packages, 'PYTHON_TORCH');
  const folder = temporaryFolder();
  cpSync(fileURLToPath(new URL('../../pipelines/own-stages/', import.meta.url)), folder, {
    recursive: true,
  });
  const env = { PATH: `${dirname(python)}${delimiter}${process.env.PATH}` };
  const smaller = ['--set', `image_size=${size}px`, '--set', 'epochs=1'];
  const ran = await ssp(folder, ['run', 'torch.ssp', ...smaller, '--json'], { env });
  expect(ran.code, ran.err).toBe(0);
  console.log(ran.err);
  const { stages } = JSON.parse(ran.out) as {
    stages: { id: string; metrics?: { top1?: number } }[];
  };
  const top1 = (id: string) => stages.find((stage) => stage.id === id)?.metrics?.top1 ?? Number.NaN;
  expect(top1('torch')).toBeGreaterThan(0);
  expect(top1('ssp')).toBeGreaterThan(0);

  // The same features here and there, from the same images.
  const exported = await ssp(folder, [
    'export-encoder',
    'torch.ssp',
    'in_torch',
    '-o',
    'out',
    ...smaller,
  ]);
  expect(exported.code, exported.err).toBe(0);
  const pixels = Uint8Array.from({ length: 8 * size * size * 3 }, (_, i) => (i * 7919) % 256);
  const at = (name: string) => join(folder, name);
  writeNpy(at('pixels.npy'), { shape: [8, size, size, 3], data: pixels });
  const script = fileURLToPath(new URL('features.py', import.meta.url));
  const theirs = spawnSync(python, [script, at('out'), at('pixels.npy'), at('features.npy')], {
    encoding: 'utf8',
  });
  expect(theirs.status, theirs.stderr).toBe(0);
  loadTensorFlow({ threads: 2 });
  const backbone = resnet18({ width: 64, stem: 'small-half', zero_init_residual: false });
  const found = openEncoder(encoderOf(at('out'), backbone)).embed(pixels, size);
  const { data } = readNpy(at('features.npy'));
  const largest = Math.max(...Array.from(data, Math.abs));
  const differences = found.map((value, i) => Math.abs(value - (data[i] ?? Number.NaN)));
  console.log(`largest feature ${largest}, largest difference ${Math.max(...differences)}`);
  expect(Math.max(...differences) / largest).toBeLessThan(1e-4);
});
