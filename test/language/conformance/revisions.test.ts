import { expect, it } from 'vitest';
import { compileFiles, pointsIn } from './study.js';

const study = (annotations: string): string => `${annotations}
extern stage fit(on: "cpu" | "gpu" = "cpu", steps: Int = 1) -> Files from "./fit.mjs"
axis place = ["cpu", "gpu"]
train model = fit(on: place)
`;

const files = (annotations: string) => ({
  'study.ssp': study(annotations),
  'fit.mjs': 'export async function run() {}\n',
});

const versions = (annotations: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    pointsIn(files(annotations)).map(({ point, version }) => [point.place ?? '', version]),
  );

it('raises a version for some arguments alone, and leaves the keys of the others', () => {
  expect(versions('@version(3)')).toEqual({ cpu: 3, gpu: 3 });
  expect(versions('@version(4, on: "gpu")')).toEqual({ cpu: 1, gpu: 4 });
  expect(versions('@version(3) @version(4, on: "gpu")')).toEqual({ cpu: 3, gpu: 4 });
  expect(versions('@version(3) @version(4, on: "gpu", steps: 2)')).toEqual({ cpu: 3, gpu: 3 });
  expect(versions('@version(3) @version(4, on: "gpu", steps: 1)')).toEqual({ cpu: 3, gpu: 4 });
});

it('does so for descriptions', () => {
  const points = pointsIn(`import std.optim.cosine
import std.views.crop_only
import std.ssl.simclr
import std.backbone.resnet18
import std.data.emoji
import std.pairs.augmented_pairs
import std.train.pretrain

axis schedule = {
  step: cosine(),
  epoch: cosine(every: "epoch"),
}
train e = pretrain(
  augmented_pairs(emoji(size: 32px)),
  crop_only(size: 32px),
  simclr(),
  resnet18(),
  schedule: schedule,
)
`);
  const trained = points.filter(({ name }) => name === 'e');
  expect(trained.map(({ point, params }) => [point.schedule, params.schedule])).toEqual([
    ['step', expect.objectContaining({ version: 1 })],
    ['epoch', expect.objectContaining({ version: 2 })],
  ]);
});

it.each([
  ['@version(2, onn: "gpu")', '`fit` has no parameter `onn`'],
  ['@version(2, on: "tpu")', '"tpu"'],
  ['@version(0, on: "gpu")', '`@version` takes Int(1..), found 0'],
  ['@version(on: "gpu")', '`@version` takes one value'],
  ['@version(2, "gpu")', '`@version` takes one value'],
])('says what is wrong with %s', (annotation, message) => {
  const { diagnostics } = compileFiles(files(annotation));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map((error) => error.message)).toEqual([expect.stringContaining(message)]);
});
