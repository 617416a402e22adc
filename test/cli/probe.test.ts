import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { twoColours } from '../support/two-colours.js';

/** Colourless images of 4 px in three classes, of which one lies between the others. */
const inARow = `import { writeFileSync } from 'node:fs';
import { shape } from './drawn.mjs';
export function run({ out }) {
  const items = [];
  const levels = [];
  for (const [s, split] of ['train', 'validation', 'test'].entries()) {
    for (let i = 0; i < 9; i++) {
      items.push({ name: split + i, split, attributes: { class: 'abc'[Math.floor(i / 3)] } });
      levels.push(20 + 25 * i + s);
    }
  }
  const pixels = Buffer.concat(levels.map((level) => Buffer.alloc(48, level)));
  writeFileSync(out + '/images.npy', Buffer.concat([shape('|u1', '27, 4, 4, 3'), pixels]));
  const values = { class: ['a', 'b', 'c'] };
  writeFileSync(out + '/items.json', JSON.stringify({ format: 'ssp-images', version: 1, values, sources: [], items }));
}
`;

const study = (penalties: string): string => `import std.backbone.pixels
import std.data.emoji
import std.train.random_init
import std.probe.linear_probe

train encoder = random_init(pixels(size: 8px))
evaluate group = linear_probe(encoder, emoji(), label: "group", penalties: ${penalties})
`;

it('refuses penalties without a minimum before any work', async () => {
  const folder = temporaryFolder();
  for (const [penalties, found] of [
    ['[0.1, -0.01]', '-0.01'],
    ['[0.0]', '0.0'],
  ] as const) {
    writeFileSync(join(folder, 'study.ssp'), study(penalties));
    const { code, out, err } = await ssp(folder, ['check', 'study.ssp']);
    expect(code).toBe(1);
    expect(out + err).toContain('error[out-of-range]: an item of `penalties`');
    expect(out + err).toContain(found);
  }
});

it('remarks a penalty at an end of its list, and the stem of ImageNet on small images, with what to give', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'drawn.mjs'), twoColours);
  writeFileSync(join(folder, 'in-a-row.mjs'), inARow);
  writeFileSync(
    join(folder, 'study.ssp'),
    `import std.backbone.{pixels, resnet18}
import std.probe.{linear_probe, spectrum}
import std.train.random_init

extern stage in_a_row() -> Images{attributes: "class", splits: "train" | "validation" | "test"} from "./in-a-row.mjs"

dataset images = in_a_row()
train encoder = random_init(pixels(size: 4px))
train stock = random_init(resnet18(width: 4))
evaluate group = linear_probe(encoder, images, penalties: [0.0001, 1000])
evaluate rank = spectrum(stock, images, last: 2, first: 1)
`,
  );
  const { out, err } = await ssp(folder, ['run', 'study.ssp']);
  expect(out, err).toContain('Remarks');
  const remarks = out.slice(out.indexOf('Remarks')).replaceAll(/\s+/g, ' ');
  expect(remarks).toContain(
    'group: the penalty that was chosen, 0.0001, is the smallest of the 2 that were tried: one beyond it may do better, as with `penalties: [0.00001, 0.0001, 1000]`',
  );
  expect(remarks).toContain("the stem of `resnet18` is ImageNet's: of an image of 4 px");
  expect(remarks).toContain('`pretrained(…, size: 224px)`');
});
