/** A study whose training has one long epoch: it saves within it only when it is asked to end. */
export const longStudy: Readonly<Record<string, string>> = {
  'many.mjs': `import { writeFileSync } from 'node:fs';
export function run({ out }) {
  const [n, size] = [16000, 8];
  const header = \`{'descr': '|u1', 'fortran_order': False, 'shape': (\${n}, \${size}, \${size}, 3), }\`.padEnd(117) + '\\n';
  const pixels = Buffer.alloc(n * size * size * 3).map((_, i) => (i * 37 + Math.floor(i / 192) * 11) % 251);
  writeFileSync(out + '/images.npy', Buffer.concat([Buffer.from('\\x93NUMPY\\x01\\x00v\\x00' + header, 'latin1'), pixels]));
  const items = Array.from({ length: n }, (_, i) => ({ name: 'i' + i, split: i % 4 === 3 ? 'test' : 'train', attributes: { class: 'c' + (i % 2) } }));
  writeFileSync(out + '/items.json', JSON.stringify({ format: 'ssp-images', version: 1, values: { class: ['c0', 'c1'] }, sources: [], items }));
}
`,
  'study.ssp': `import std.pairs.augmented_pairs
import std.backbone.resnet18
import std.train.pretrain
import std.views.crop_only
import std.optim.{constant, sgd}
import std.ssl.vicreg

extern stage many() -> Images from "./many.mjs"

dataset pairs = augmented_pairs(many())
train encoder = pretrain(pairs, crop_only(size: 8px), vicreg(hidden: 16, dim: 16), resnet18(width: 2), optimizer: sgd(lr: 0.01), epochs: 1, batch: 4, schedule: constant())
`,
};
