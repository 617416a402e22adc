import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { colours } from '../support/colours.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A program that knows nothing of ssp but what is documented: it reads Images, and writes safetensors by hand. */
const program = `import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const [, , images, out, kind] = process.argv;
const names = readdirSync(images).filter((name) => /^images.*\\.npy$/.test(name)).sort();
let [count, sum] = [0, 0];
for (const name of names) {
  const bytes = readFileSync(images + '/' + name);
  const start = 10 + bytes.readUInt16LE(8);
  count += Number(/'shape': \\((\\d+),/.exec(bytes.toString('latin1', 10, start))[1]);
  for (const value of bytes.subarray(start)) sum += value;
}
const { items } = JSON.parse(readFileSync(images + '/items.json', 'utf8'));
if (items.length !== count) throw new Error(count + ' images, ' + items.length + ' items');

const tensors = {};
const norm = (name, c) => {
  tensors[name + '.weight'] = [[c], 1];
  tensors[name + '.bias'] = [[c], 0];
  tensors[name + '.running_mean'] = [[c], 0];
  tensors[name + '.running_var'] = [[c], 1];
};
let network = { network: 'resnet18', arguments: { width: 1, stem: 'small', zero_init_residual: false }, names: 'torchvision', features: 8 };
if (kind === 'library') {
  tensors['conv1.weight'] = [[1, 3, 3, 3], 0.1];
  norm('bn1', 1);
  for (let stage = 0, before = 1; stage < 4; stage++) {
    const c = 2 ** stage;
    for (let block = 0; block < 2; block++) {
      const at = 'layer' + (stage + 1) + '.' + block + '.';
      tensors[at + 'conv1.weight'] = [[c, before, 3, 3], 0.1];
      norm(at + 'bn1', c);
      tensors[at + 'conv2.weight'] = [[c, c, 3, 3], 0.1];
      norm(at + 'bn2', c);
      if (before !== c) {
        tensors[at + 'downsample.0.weight'] = [[c, before, 1, 1], 0.1];
        norm(at + 'downsample.1', c);
      }
      before = c;
    }
  }
} else {
  network = { network: 'mean_colour', module: 'network/mean-colour.mjs', arguments: { scale: 2 }, names: 'own', features: 3 };
  tensors['scale.weight'] = [[3], sum / sum];
  mkdirSync(out + '/network');
  copyFileSync('mean-colour.mjs', out + '/network/mean-colour.mjs');
}
const header = {};
const data = [];
let end = 0;
for (const [name, [shape, value]] of Object.entries(tensors)) {
  const numbers = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value * (1 + (i % 3)));
  data.push(Buffer.from(numbers.buffer));
  header[name] = { dtype: 'F32', shape, data_offsets: [end, end + numbers.byteLength] };
  end += numbers.byteLength;
}
const text = Buffer.from(JSON.stringify(header));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(text.length));
writeFileSync(out + '/encoder.safetensors', Buffer.concat([length, text, ...data]));
const input = { size: null, normalise: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } };
writeFileSync(out + '/encoder.json', JSON.stringify({ version: 1, ...network, input }));
`;

const network = `import { tf } from 'ssp/library';
export const make = ({ scale }) => ({
  features: 3,
  init: () => ({ trained: { 'scale.weight': tf.ones([3]) }, stats: {} }),
  apply: ({ trained }, x) => ({
    features: tf.mul(tf.mul(tf.mean(x, [1, 2]), trained['scale.weight']), scale),
    stats: {},
  }),
});
`;
const study = `import std.probe.knn_probe

extern stage colours() -> Images from "./colours.mjs"
extern stage trained(images: Images, kind: String) -> Encoder
  command "node train.mjs {images} {out} {kind}"
  reads: ["train.mjs", "mean-colour.mjs"]

axis kind = ["library", "own"]
dataset images = colours()
train encoder = trained(images, kind)
evaluate knn = knn_probe(encoder, images, k: 3)
report table_1 = table(knn.top1, rows: kind)
`;

it('probes encoders that a program made, of a network of the library and of its own', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'train.mjs'), program);
  writeFileSync(join(folder, 'mean-colour.mjs'), network);
  writeFileSync(join(folder, 'colours.mjs'), colours);
  writeFileSync(join(folder, 'study.ssp'), study);
  const { code, out, err } = await ssp(folder, ['run', 'study.ssp', '--json']);
  expect(code, err).toBe(0);
  const { stages } = JSON.parse(out) as {
    stages: { id: string; metrics?: { top1?: number } }[];
  };
  const top1 = stages.flatMap(({ metrics }) => metrics?.top1 ?? []);
  expect(top1).toHaveLength(2);

  writeFileSync(join(folder, 'train.mjs'), program.replace("'scale.weight'", "'weight'"));
  const wrong = await ssp(folder, ['run', 'study.ssp', '--only', 'encoder[kind: own]']);
  expect(wrong.err).toContain('`encoder.safetensors` has no tensor scale.weight');
}, 120_000);
