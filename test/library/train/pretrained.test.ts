import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import type { Json } from '../../../src/base/canonical.js';
import {
  readSafetensors,
  type StoredTensor,
  writeSafetensors,
} from '../../../src/base/files/safetensors.js';
import { openEncoder } from '../../../src/library/artifact/encoder.js';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { make as constant } from '../../../src/library/optim/constant.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import type { Signatures } from '../../../src/library/signatures.gen.js';
import { make as simclr } from '../../../src/library/ssl/simclr.js';
import { run as pretrain } from '../../../src/library/train/pretrain.js';
import { run as pretrained } from '../../../src/library/train/pretrained.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { contextOf, croppedViews, encoderOf, syntheticPairs } from '../synthetic.js';

type Params = Signatures['stages']['std.train.pretrained'];

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/parity/${name}.safetensors`, import.meta.url));
const narrow = { width: 2, stem: 'small-half', zero_init_residual: false } as const;
const backbone = resnet18(narrow);
const resolved: Record<string, Json> = {
  backbone: { describe: 'std.backbone.resnet18', args: narrow },
};
const torchvision: Params = {
  weights: fixture('interchange'),
  backbone,
  prefix: '',
  size: 16,
  normalise: 'imagenet',
};

/** The files of an encoder from a file of weights, and what was logged. */
async function importing(
  params: Params,
  given = resolved,
): Promise<{ out: string; logged: readonly string[] }> {
  const context = contextOf(params, { resolved: given });
  await pretrained(context);
  return context;
}

const features = (folder: string): Float32Array => {
  const { pixels } = readSafetensors(fixture('interchange-features')).tensors;
  return openEncoder(encoderOf(folder, backbone)).embed(
    Uint8Array.from(pixels?.data ?? new Float32Array()),
    16,
  );
};
const expected = readSafetensors(fixture('interchange-features')).tensors.features?.data;

function expectNear(found: Float32Array, tolerance: number): void {
  expect(found).toHaveLength(80);
  const differences = found.map((value, i) => Math.abs(value - (expected?.[i] ?? Number.NaN)));
  expect(Math.max(...differences)).toBeLessThan(tolerance);
}

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it('gives the features that PyTorch computes with the same file', async () => {
  const { out, logged } = await importing(torchvision);
  expectNear(features(out), 1e-5);
  expect(logged).toEqual(['left out: fc.bias, fc.weight']);
});

it('remarks that nobody said how images are normalised', async () => {
  const silent = contextOf({ ...torchvision, normalise: 'file' as const }, { resolved });
  await pretrained(silent);
  expect(silent.remarked).toEqual([
    expect.stringMatching(/does not say how images are normalised.*`normalise: "imagenet"`/),
  ]);
  const said = contextOf({ ...torchvision, normalise: 'none' as const }, { resolved });
  await pretrained(said);
  expect(said.remarked).toEqual([]);
});

it('reads half precision under a prefix', async () => {
  const params = { ...torchvision, weights: fixture('interchange-half'), prefix: 'encoder' };
  expectNear(features((await importing(params)).out), 2e-2);
});

it('says under which prefix the network is, and takes one that ends in a dot', async () => {
  const half = { ...torchvision, weights: fixture('interchange-half') };
  await expect(importing(half)).rejects.toMatchObject({
    message: expect.stringMatching(/has no tensor \S+$/),
    help: expect.stringMatching(/^It has encoder\.\S+: give `prefix: "encoder"`\.$/),
  });
  const plain = await importing({ ...half, prefix: 'encoder' });
  const dotted = await importing({ ...half, prefix: 'encoder.' });
  const weightsOf = (out: string) => readFileSync(join(out, 'encoder.safetensors'));
  expect(weightsOf(dotted.out)).toEqual(weightsOf(plain.out));
});

it('writes the tensors of the file as they were', async () => {
  const { out } = await importing(torchvision);
  const file = join(out, 'encoder.safetensors');
  const before = readSafetensors(torchvision.weights).tensors;
  const after = readSafetensors(file).tensors;
  const kept = Object.keys(before).filter((name) => !name.startsWith('fc.'));
  expect(Object.keys(after).sort()).toEqual(kept.sort());
  for (const name of kept) expect(after[name]).toEqual(before[name]);
});

it('knows the network of a file that was written here', async () => {
  const first = await importing(torchvision);
  const weights = join(first.out, 'encoder.safetensors');
  const small = { describe: 'std.backbone.resnet18', args: { ...narrow, stem: 'small' } };
  await expect(importing({ ...torchvision, weights }, { backbone: small })).rejects.toThrow(
    /encoder.safetensors is resnet18\(.*"small-half".*\), and `backbone` is resnet18\(.*"small".*\)/,
  );
  const again = await importing({
    ...{ weights, prefix: '', normalise: 'file' as const },
    ...{ backbone: null, size: null },
  });
  for (const name of ['encoder.json', 'encoder.safetensors']) {
    expect(readFileSync(join(again.out, name))).toEqual(readFileSync(join(first.out, name)));
  }
});

it('says what is wrong with a file', async () => {
  const wide = {
    ...torchvision,
    backbone: resnet18({ width: 4, stem: 'small-half', zero_init_residual: false }),
  };
  await expect(importing(wide)).rejects.toThrow(/conv1.weight of shape .*|has .* of shape/);
  await expect(importing({ ...torchvision, backbone: null })).rejects.toThrow(/which network/);
  const lost = { ...torchvision, prefix: 'teacher' };
  await expect(importing(lost)).rejects.toThrow(/no tensors under `teacher\.`/);
});

it('trains on from an encoder of the same network', async () => {
  const start = await importing(torchvision);
  const still = { lr: 0, momentum: 0, nesterov: false, decay: 0, exclude: false };
  const context = contextOf(
    {
      pairs: syntheticPairs(),
      views: croppedViews,
      method: simclr({ temperature: 0.5, hidden: 8, dim: 4, head: 'paper', sum: false }),
      backbone,
      init: encoderOf(start.out, backbone),
      epochs: 1,
      batch: 12,
      optimizer: sgd(still),
      schedule: constant({}),
      precision: 'fp32' as const,
      seed: 1,
    },
    { resolved: { ...resolved, optimizer: { describe: 'std.optim.sgd', args: still } } },
  );
  const wide = resnet18({ width: 4, stem: 'small-half', zero_init_residual: false });
  const misfit = contextOf({ ...context.params, backbone: wide });
  await expect(pretrain(misfit)).rejects.toThrow(
    /the encoder of `init` has \S+ of shape \(2(,\d+)*\), not \(4/,
  );
  const small = { describe: 'std.backbone.resnet18', args: { ...narrow, stem: 'small' } };
  const other = contextOf(context.params, { resolved: { ...context.resolved, backbone: small } });
  await expect(pretrain(other)).rejects.toThrow(
    /the encoder of `init` is resnet18\(.*"small-half".*\), and `backbone` is resnet18\(.*"small"/,
  );
  await pretrain(context);
  const weight = (folder: string) =>
    readSafetensors(join(folder, 'encoder.safetensors')).tensors['layer4.1.conv2.weight'];
  expect(weight(context.out)).toEqual(weight(start.out));
});

it('names the file, and what is wrong in it', async () => {
  const first = await importing(torchvision);
  const own = join(first.out, 'encoder.safetensors');
  const content = readSafetensors(own);
  const changed = (
    tensors: Readonly<Record<string, StoredTensor | undefined>>,
    metadata = content.metadata,
  ): Promise<unknown> => {
    const weights = join(first.out, 'changed.safetensors');
    const all = Object.entries({ ...content.tensors, ...tensors });
    const kept = all.flatMap(([name, tensor]) => (tensor ? [[name, tensor]] : []));
    writeSafetensors(weights, Object.fromEntries(kept), metadata);
    const { backbone, size, ...rest } = torchvision;
    return importing({ ...rest, weights, backbone: null, size: null }, {});
  };
  await changed({});
  await expect(changed({ 'layer1.0.bn1.weight': undefined })).rejects.toThrow(
    'changed.safetensors has no tensor layer1.0.bn1.weight',
  );
  const bad = (value: number) => ({ shape: [2], data: Float32Array.of(1, value) });
  await expect(changed({ 'bn1.weight': bad(Number.NaN) })).rejects.toThrow(
    'changed.safetensors has NaN in tensor bn1.weight',
  );
  await expect(changed({ 'bn1.running_var': bad(-1) })).rejects.toThrow(
    'has -1 in tensor bn1.running_var, which is a variance',
  );
  await expect(changed({}, { ssp: '{not json' })).rejects.toThrow(
    'the description in changed.safetensors (metadata `ssp`) is no JSON',
  );
  const { input, ...rest } = JSON.parse(content.metadata.ssp ?? '');
  await expect(changed({}, { ssp: JSON.stringify(rest) })).rejects.toThrow('has no `input`');
  const network = { describe: 'std.backbone.resnet18', version: 1, args: narrow };
  const old = { format: 'ssp-encoder/1', backbone: network, features: 16, input };
  await changed({}, { ssp: JSON.stringify(old) });
});
