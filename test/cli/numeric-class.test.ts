import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const text = `import std.backbone.resnet18
import std.train.random_init
train encoder = random_init(resnet18(width: 2))
`;

it('says in the key whether GPUs multiply float32 as TF32', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'study.ssp'), text);
  const numeric = async (args: readonly string[], override: string) => {
    const command = ['why', 'study.ssp', 'encoder', '--json', ...args];
    const { out } = await ssp(folder, command, { env: { NVIDIA_TF32_OVERRIDE: override } });
    return JSON.parse(out).stages[0].record.numeric;
  };
  const gpu = { device: 'cuda', precision: 'fp32' };
  expect(await numeric(['--gpus', '0'], '')).toEqual({ ...gpu, tf32: true });
  expect(await numeric(['--gpus', '0'], '0')).toEqual(gpu);
  expect(await numeric([], '')).toEqual({ device: 'cpu', precision: 'fp32' });
});
