import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readNpy } from '../../src/base/files/npy.js';
import { openEncoder } from '../../src/library/artifact/encoder.js';
import { make as resnet18 } from '../../src/library/backbone/resnet18.js';
import { make as resnet50 } from '../../src/library/backbone/resnet50.js';
import { make as vit_ti } from '../../src/library/backbone/vit_ti.js';
import { run as pretrained } from '../../src/library/train/pretrained.js';
import { loadTensorFlow } from '../../src/tensor/load.js';
import { contextOf, encoderOf } from '../library/synthetic.js';
import { pythonWith } from '../support/python-with.js';
import { ssp } from '../support/ssp.js';

const script = fileURLToPath(new URL('encoders.py', import.meta.url));
const packages = ['torch==2.14.1', 'torchvision==0.29.1', 'timm==1.0.31', 'numpy', 'safetensors'];
const folder = mkdtempSync(join(tmpdir(), 'ssp-encoders-'));
const residual = { width: 64, stem: 'imagenet', zero_init_residual: false } as const;
const small = { ...residual, width: 8, stem: 'small-half' } as const;
const networks = {
  narrow: resnet18(small),
  resnet18: resnet18(residual),
  resnet50: resnet50(residual),
  vit_ti: vit_ti({ patch: 16, image: 64, drop_path: 0 }),
};
const study = `import std.backbone.{resnet18, resnet50, vit_ti}
import std.train.pretrained

train narrow_ = pretrained(
  file("narrow.safetensors"),
  backbone: resnet18(width: 8, stem: "small-half"),
  normalise: "imagenet",
)
train resnet18_ = pretrained(file("resnet18.safetensors"), backbone: resnet18(), normalise: "imagenet")
train resnet50_ = pretrained(file("resnet50.safetensors"), backbone: resnet50(), normalise: "imagenet")
train vit_ti_ = pretrained(
  file("vit_ti.safetensors"),
  backbone: vit_ti(patch: 16, image: 64px),
  normalise: "imagenet",
)
`;
let python: string;

function torch(command: string): string {
  const { status, stdout, stderr } = spawnSync(python, [script, command, folder], {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

beforeAll(() => {
  python = pythonWith(packages, 'PYTHON_TIMM');
  torch('make');
  loadTensorFlow({ threads: 2 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('computes the features of torchvision and timm with their weights', async () => {
  const pixels = Uint8Array.from(readNpy(join(folder, 'pixels.npy')).data);
  for (const [name, backbone] of Object.entries(networks)) {
    const context = contextOf(
      {
        weights: join(folder, `${name}.safetensors`),
        ...{ backbone, prefix: '', size: null, normalise: 'imagenet' as const },
      },
      { resolved: { backbone: { describe: `std.backbone.${name}` } } },
    );
    await pretrained(context);
    const found = openEncoder(encoderOf(context.out, backbone)).embed(pixels, 64);
    const { data } = readNpy(join(folder, `${name}.npy`));
    const largest = Math.max(...Array.from(data, Math.abs));
    const differences = found.map((value, i) => Math.abs(value - (data[i] ?? Number.NaN)));
    expect(Math.max(...differences) / largest, name).toBeLessThan(1e-4);
  }
});

it('exports what PyTorch loads, and computes the same features with', async () => {
  writeFileSync(join(folder, 'study.ssp'), study);
  const ran = await ssp(folder, ['run', 'study.ssp']);
  expect(ran.code, ran.err).toBe(0);
  for (const name of Object.keys(networks)) {
    const { code, err } = await ssp(folder, [
      'export-encoder',
      'study.ssp',
      `${name}_`,
      '-o',
      name,
    ]);
    expect(code, err).toBe(0);
  }
  expect(JSON.parse(torch('compare'))).toEqual({ narrow: 0, resnet18: 0, resnet50: 0, vit_ti: 0 });
});
