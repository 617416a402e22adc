import {
  chmodSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readNpy } from '../../src/base/files/npy.js';
import { readSafetensors } from '../../src/base/files/safetensors.js';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const study = `import std.backbone.resnet18
import std.data.emoji
import std.probe.knn_probe
import std.train.{pretrained, random_init}

axis seed = [1, 2]
dataset emojis = emoji(size: 8px)
train start = pretrained(
  file("torch.safetensors"),
  backbone: resnet18(width: 2, stem: "small-half"),
  normalise: "imagenet",
)
train fresh = random_init(resnet18(width: 2, stem: "small"), seed)
evaluate group = knn_probe(start, emojis, label: "group")

/// Keeps what a command gets with an encoder.
extern stage look(of: Encoder) -> Files
  command "sh -c 'cp \\"$0/encoder.json\\" got.json; echo seen > \\"$1/a\\"' {of} {out}"
dataset seen = look(start)
`;

it('brings weights in from PyTorch, and out again', async () => {
  const folder = temporaryFolder();
  const given = join(folder, 'torch.safetensors');
  copyFileSync(repository('test/fixtures/parity/interchange.safetensors'), given);
  writeFileSync(join(folder, 'study.ssp'), study);
  const exporting = (...words: string[]) => ssp(folder, ['export-encoder', 'study.ssp', ...words]);

  const early = await exporting('start', '-o', 'early');
  expect(early.err).toBe(
    "ssp: start has no result yet\n  help: run it first: ssp run study.ssp --only 'start'\n",
  );
  expect(early.code).toBe(1);

  const ran = await ssp(folder, ['run', 'study.ssp']);
  expect(ran.code, ran.err).toBe(0);
  expect(await exporting('start', '-o', 'torch')).toEqual({ code: 0, out: 'torch\n', err: '' });
  const before = readSafetensors(given).tensors;
  const weights = join(folder, 'torch', 'encoder.safetensors');
  expect(statSync(weights).mode & 0o777).toBe(0o666 & ~process.umask());
  chmodSync(weights, 0o444);
  const { ino } = statSync(weights);
  expect((await exporting('start', '-o', 'torch')).code).toBe(0);
  // Another file is in its place: one that may not be written to is none in the way.
  expect(statSync(weights).ino).not.toBe(ino);
  const after = readSafetensors(weights).tensors;
  for (const [name, tensor] of Object.entries(after)) expect(tensor).toEqual(before[name]);
  const document = JSON.parse(readFileSync(join(folder, 'torch', 'encoder.json'), 'utf8'));
  expectShape('encoder', document);
  const { source: _, ...about } = document;
  const got = JSON.parse(readFileSync(join(folder, 'got.json'), 'utf8'));
  expectShape('encoder', got);
  expect(got).toEqual(about);
  expect(document).toMatchObject({
    network: 'resnet18',
    arguments: { width: 2, stem: 'small-half' },
    names: 'torchvision',
    features: 16,
    input: { size: null, normalise: { mean: [0.485, 0.456, 0.406] } },
    source: { file: 'study.ssp', id: 'start' },
  });

  const arrays = await exporting('fresh[seed: 2]', '--to', 'npy', '-o', 'numpy');
  expect(arrays.code, arrays.err).toBe(0);
  expect(readdirSync(join(folder, 'numpy'))).toContain('layer1.0.conv1.weight.npy');
  const kernel = readNpy(join(folder, 'numpy', 'conv1.weight.npy'));
  expect(kernel.shape).toEqual([2, 3, 3, 3]);

  const both = await exporting('fresh', '-o', 'both');
  expect(both.code).toBe(2);
  expect(both.err).toContain('`fresh` names 2 points; export one of them');
  const probe = await exporting('group', '-o', 'probe');
  expect(probe.err).toContain('group is no encoder: its result is Metrics');
  const tape = await exporting('start', '--to', 'tape', '-o', 'x');
  expect(tape.err).toContain('the formats are safetensors and npy');
}, 120_000);
