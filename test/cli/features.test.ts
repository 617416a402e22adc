import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { twoColours } from '../support/two-colours.js';

const red = `import { readFileSync, writeFileSync } from 'node:fs';
import { shape } from './drawn.mjs';
export function run({ params, out }) {
  const pixels = readFileSync(params.on.file('images.npy')).subarray(128);
  const features = Float32Array.from({ length: 2 * params.count }, (_, i) => params.base + pixels[24 * i - (i % 2) * 22]);
  writeFileSync(out + '/features.npy', Buffer.concat([shape('<f4', params.count + ', 2'), Buffer.from(features.buffer)]));
}
`;

const width = `import { statSync } from 'node:fs';
export const run = ({ params }) => ({ metrics: { bytes: statSync(params.of.file('features.npy')).size } });
`;

const head = `import std.backbone.pixels
import std.probe.{embed, knn_probe, linear_probe, retrieval}
import std.train.random_init

extern stage drawn(shift: Int = 0) -> Images{attributes: "class" | "artist", splits: "train" | "validation" | "test"}
  from "./drawn.mjs"

param shift: Int = 0
dataset images = drawn(shift)
train encoder = random_init(pixels(size: 4px))
`;
const protocols = `evaluate by_class = linear_probe(encoder, on: images, penalties: [0.1])
evaluate by_artist = linear_probe(encoder, on: images, label: "artist", penalties: [0.1])
evaluate nearest = knn_probe(encoder, on: images, k: 1)
evaluate same = retrieval(encoder, on: images)
`;

function studyIn(folder: string, text: string): void {
  writeFileSync(join(folder, 'drawn.mjs'), twoColours);
  writeFileSync(join(folder, 'red.mjs'), red);
  writeFileSync(join(folder, 'width.mjs'), width);
  writeFileSync(join(folder, 'study.ssp'), text);
}

interface Ran {
  readonly id: string;
  readonly outcome: string;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly remarks?: readonly string[];
  readonly failure?: { readonly code: string; readonly message: string };
}

async function run(folder: string, ...args: readonly string[]): Promise<readonly Ran[]> {
  const { out, err } = await ssp(folder, ['run', 'study.ssp', '--json', '--keep-going', ...args]);
  expect(out, err).not.toBe('');
  return (JSON.parse(out) as { stages: readonly Ran[] }).stages;
}

const ranIn = (stages: readonly Ran[]): readonly string[] =>
  stages.filter(({ outcome }) => outcome === 'ran').map(({ id }) => id);

it('embeds images once for all that is asked of an encoder, and again where they change', async () => {
  const folder = temporaryFolder();
  studyIn(folder, `${head}${protocols}`);
  const features = 'encoder.features.images';
  const plan = await ssp(folder, ['plan', 'study.ssp']);
  expect(plan.out).toContain(
    `await  ${features}  waits for encoder, images
await  by_class                 waits for ${features}, images`,
  );
  const first = await run(folder);
  const evaluations = ['by_class', 'by_artist', 'nearest', 'same'];
  expect(ranIn(first)).toEqual(['images', 'encoder', features, ...evaluations]);
  const scores = first.slice(3).map(({ metrics }) => metrics?.top1);
  expect(scores[0]).toBe(1);
  expect(scores.slice(2)).toEqual([1, 1]);

  const more = `evaluate other = knn_probe(encoder, on: images, k: 3, train: "validation", label: "artist")
transform given = embed(encoder, on: images)
evaluate direct = knn_probe(given, on: images, k: 1)
`;
  writeFileSync(join(folder, 'study.ssp'), `${head}${protocols}${more}`);
  const second = await run(folder);
  // what was embedded by name has the same key, and the evaluation of it too
  expect(ranIn(second)).toEqual(['other']);

  const moved = await run(folder, '--only', 'same', '--set', 'shift=1');
  expect(ranIn(moved)).toEqual(['images', features, 'same']);
  const why = await ssp(folder, ['why', 'study.ssp', features, '--set', 'shift=2']);
  expect(why.out + why.err).toContain('images');

  const text = readFileSync(join(folder, 'study.ssp'), 'utf8');
  writeFileSync(join(folder, 'study.ssp'), text.replace('pixels(size: 4px)', 'pixels(size: 8px)'));
  expect(ranIn(await run(folder, '--only', 'same'))).toEqual(['encoder', features, 'same']);
}, 90_000);

it('takes features of one’s own, holds them against the images, and tells what failed for want of them', async () => {
  const folder = temporaryFolder();
  studyIn(
    folder,
    `${head}
extern stage red(on: Images, count: Int, base: Int = 0) -> Features from "./red.mjs"
extern stage width(of: Features[on], on: Images) -> Metrics{bytes: Int}
  from "./width.mjs"

axis of = {
  whole: red(images, count: 24),
  far: red(images, count: 24, base: 1000000),
  cut: red(images, count: 23),
}
evaluate score = knn_probe(of, on: images, k: 1)
evaluate same = retrieval(of, on: images)
evaluate bytes = width(encoder, on: images)
`,
  );
  const stages = await run(folder);
  const found = (id: string) => stages.find((stage) => stage.id === id);
  expect(found('score[of=whole]')?.metrics).toEqual({ top1: 1 });
  // of nearly one direction: all cosines are 1 in float32
  expect(found('score[of=far]')?.metrics).toEqual({ top1: 1 });
  expect(found('same[of=far]')?.metrics).toEqual(found('same[of=whole]')?.metrics);
  expect(found('score[of=cut]')?.failure?.message).toBe(
    '`features.npy` holds features of 23 images, but there are 24',
  );
  expect(found('bytes')?.metrics).toEqual({ bytes: 128 + 24 * 48 * 4 });

  studyIn(
    folder,
    `${head.replace('random_init(pixels(size: 4px))', 'random_init(blown())')}
extern value blown(d: Int = 2) -> Backbone from "./blown.mjs"
evaluate by_class = linear_probe(encoder, on: images)
`,
  );
  writeFileSync(
    join(folder, 'blown.mjs'),
    `export const make = ({ d }) => ({
  features: d,
  init: () => ({ trained: {}, stats: {} }),
  apply: (_, x) => ({ features: x.mean([1, 2, 3]).expandDims(1).tile([1, d]).div(0), stats: {} }),
});
`,
  );
  const failed = await run(folder);
  expect(failed.map(({ id, outcome, failure }) => [id, outcome, failure?.message])).toEqual([
    ['images', 'hit', undefined],
    ['encoder', 'ran', undefined],
    [
      'encoder.features.images',
      'failed',
      expect.stringMatching(/^the encoder gives Infinity as feature 0 of image "train0"/),
    ],
    ['by_class', 'skipped', 'needs `encoder.features.images`, which failed'],
  ]);
}, 90_000);

it('tells of features that the cosine does not see, that are alike in the test, and that are no numbers', async () => {
  const folder = temporaryFolder();
  studyIn(
    folder,
    `${head.replace('{embed,', '{clustering, few_shot,')}
extern stage given(on: Images, kind: String) -> Features from "./given.mjs"

axis of = {
  lengths: given(images, kind: "lengths"),
  none: given(images, kind: "none"),
  alike: given(images, kind: "alike"),
  nan: given(images, kind: "nan"),
}
evaluate nearest = knn_probe(of, on: images, k: 1)
evaluate same = retrieval(of, on: images)
evaluate found = clustering(of[of: lengths], on: images)
evaluate few = few_shot(of[of: alike], on: images)
evaluate line = linear_probe(of[of: alike], on: images, penalties: [0.1])
`,
  );
  writeFileSync(
    join(folder, 'given.mjs'),
    `import { writeFileSync } from 'node:fs';
import { shape } from './drawn.mjs';
// 24 images: train, validation and test, of which every second one is of the other class.
const kinds = {
  lengths: (i) => [1 + i, 2 + 2 * i],
  none: (i) => (i === 17 ? [0, 0] : [i % 2, 1]),
  alike: (i) => (i >= 16 ? [1, 1] : [i % 2, 1]),
  nan: (i) => (i === 3 ? [Number.NaN, 1] : [i % 2, 1]),
};
export function run({ params, out }) {
  const features = Float32Array.from({ length: 24 }, (_, i) => i).reduce((all, i) => [...all, ...kinds[params.kind](i)], []);
  writeFileSync(out + '/features.npy', Buffer.concat([shape('<f4', '24, 2'), Buffer.from(Float32Array.from(features).buffer)]));
}
`,
  );
  const stages = await run(folder);
  const found = (id: string) => stages.find((stage) => stage.id === id);
  const told = (id: string) => [found(id)?.outcome, ...(found(id)?.remarks ?? [])];
  const lengths = (split: string) =>
    `the features of all 8 images of split \`${split}\` differ in length alone, which the cosine does not see: which are nearest is by their order`;
  const none =
    'the features of 1 of the 8 images of split `test` are all 0, so it has no direction: its cosine similarity to every image counts as 0';
  const alike = 'all 8 images of split `test` have the same features: each has the same answer';
  expect(told('nearest[of=lengths]')).toEqual(['ran', lengths('train'), lengths('test')]);
  expect(told('same[of=lengths]')).toEqual(['ran', lengths('test')]);
  expect(told('found')).toContain(lengths('test'));
  expect(told('nearest[of=none]')).toEqual(['ran', none]);
  expect(told('same[of=none]')).toEqual(['ran', none]);
  for (const id of ['nearest[of=alike]', 'few', 'line']) expect(told(id)).toEqual(['ran', alike]);
  expect(found('nearest[of=nan]')?.failure).toMatchObject({
    code: 'bad-features',
    message: 'there is NaN as feature 0 of image "train3"',
    help: expect.stringContaining('Mend the stage that makes it'),
  });
}, 90_000);

it('says where features are taken of what is no images', async () => {
  const folder = temporaryFolder();
  studyIn(
    folder,
    `extern stage a(of: Features[on], on: Encoder) -> Files command "cp {of} {on} {out}"
extern stage b(of: Features[on]?, on: Images) -> Files command "cp {of} {on} {out}"
extern stage c(on: Images) -> Features[on] command "cp {on} {out}"
`,
  );
  const { code, out, err } = await ssp(folder, ['check', 'study.ssp']);
  expect(code).toBe(1);
  expect(out + err).toContain('a parameter that takes Images, such as `on: Images`');
  expect(out + err).toContain('`Features[on]`, which is neither optional nor in a list');
  expect(out + err).toContain('`Features[on]` in a parameter, `on` being one that takes Images');
}, 30_000);

it('keeps predictions that an evaluation of one’s own compares image by image', async () => {
  const folder = temporaryFolder();
  const both = `import { readFileSync } from 'node:fs';
export function run({ params }) {
  const [one, other] = [params.one, params.other];
  const about = (result) => readFileSync(result.file('predictions.json'), 'utf8');
  const rows = (result) => new Int32Array(new Uint8Array(readFileSync(result.file('predictions.npy')).subarray(128)).buffer);
  if (about(one) !== about(other)) throw new Error('asked something else');
  const [a, b] = [rows(one), rows(other)];
  let agree = 0;
  for (let row = 0; row < a.length; row += 3) {
    if (a[row] !== b[row] || a[row + 1] !== b[row + 1]) throw new Error('other images');
    if (a[row + 2] === b[row + 2]) agree += 1;
  }
  return { metrics: { images: a.length / 3, agree } };
}
`;
  studyIn(
    folder,
    `${head}${protocols}
extern stage both(one: Metrics{top1: Fraction}, other: Metrics{top1: Fraction}) -> Metrics{images: Int, agree: Int}
  from "./both.mjs"
evaluate agreed = both(one: nearest, other: far)
evaluate far = knn_probe(encoder, on: images, k: 3)
evaluate apples = both(one: nearest, other: same)
`,
  );
  writeFileSync(join(folder, 'both.mjs'), both);
  const stages = await run(folder);
  const found = (id: string) => stages.find((stage) => stage.id === id);
  expect(found('agreed')?.metrics).toEqual({ images: 8, agree: 8 });
  expect(found('apples')?.failure?.message).toContain('asked something else');
}, 90_000);
