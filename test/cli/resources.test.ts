import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('says before a run what its stages want that is not there, and what happens then', async () => {
  const folder = temporaryFolder();
  const study = `extern stage scored() -> Metrics{score: Float} from "./scored.mjs"
@gpu(1) @memory(1000TiB)
evaluate quality = scored()
`;
  writeFileSync(join(folder, 'study.ssp'), study);
  const module = 'export const run = () => ({ metrics: { score: 1 } });\n';
  writeFileSync(join(folder, 'scored.mjs'), module);
  const notes = (err: string) => err.split('\n').filter((line) => line.startsWith('note: '));
  const expected = [
    'note: `quality` wants 1 GPU and there is none: it runs on the processor (name GPUs with --gpus)',
    expect.stringMatching(
      /^note: `quality` wants 1000\.0 TiB of memory and there are [\d.]+ GiB: /,
    ),
  ];
  const planned = await ssp(folder, ['plan', 'study.ssp']);
  expect(notes(planned.err)).toEqual(expected);
  expect(planned.out).toContain('no estimate: nothing like `quality` was measured; ');
  const ran = await ssp(folder, ['run', 'study.ssp']);
  expect(ran.code, ran.err).toBe(0);
  expect(notes(ran.err)).toEqual(expected);
  expect(ran.err.indexOf('note: ')).toBeLessThan(ran.err.indexOf('done  quality'));
  const again = await ssp(folder, ['run', 'study.ssp']);
  expect(notes(again.err)).toEqual([]);
}, 120_000);

it('estimates by counting what nothing like was measured of', async () => {
  const folder = temporaryFolder();
  const study = `import std.data.imagenet
import std.pairs.semantic_pairs
import std.views.simclr_views
import std.ssl.simclr
import std.backbone.resnet50
import std.train.pretrain

axis seed = 1..3
dataset photographs = imagenet(root: env.IMAGENET, classes: file("classes.txt"), size: 64px)
dataset pairs = semantic_pairs(photographs, per_class: 157, seed: 1)
@gpu(1)
train encoder = pretrain(pairs, simclr_views(size: 64px), simclr(), resnet50(), 100, seed: seed)
`;
  writeFileSync(join(folder, 'study.ssp'), study);
  writeFileSync(join(folder, 'classes.txt'), 'n01440764\nn01443537\n');
  const { out, code } = await ssp(folder, ['plan', 'study.ssp', '--gpus', '0', '--tflops', '1']);
  expect(code).toBe(0);
  // 3 seeds x 100 epochs x 2 x 157 pairs x 2 views x 3 passes x 2 x 0.334e9, at 1e12 a second.
  expect(out).toContain(
    'estimate for 3 points of `encoder` by counting, as nothing like was measured: 3.8e+14 operations of networks',
  );
  expect(out).toContain('so 0.1 device-hours where a device does 1 x 10^12 a second (--tflops)');
  const more = (tera: string) =>
    ssp(folder, ['plan', 'study.ssp', '--gpus', '0', '--tflops', tera]);
  expect((await more('19.5')).out).toContain('where a device does 19.5 x 10^12 a second');
  expect((await more('0')).err).toContain('--tflops 0 is no number above 0');
  const { out: json } = await ssp(folder, ['plan', 'study.ssp', '--json']);
  expect(JSON.parse(json)).toMatchObject({
    estimate: null,
    counted: { names: ['encoder'], points: 3, unknown: [] },
  });
}, 60_000);
