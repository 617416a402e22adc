import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { twoColours } from '../support/two-colours.js';

const head = `import std.backbone.pixels
import std.train.random_init
import std.invariance.{background, changed, corruption, illumination, invariance, occlusion}

extern stage drawn(shift: Int = 0) -> Images{attributes: "class" | "artist", splits: "train" | "validation" | "test"}
  from "./drawn.mjs"

axis strength = [0, 1, 5]
axis change = {occlusion: occlusion(), noise: corruption("gaussian_noise")}
dataset images = drawn()
train encoder = random_init(pixels(size: 4px))
`;
const study = `${head}transform altered = changed(images, change, strength)
evaluate held = invariance(encoder, images, altered, k: 1)
report curves = table({top1: held.top1, similarity: held.similarity}, rows: strength, columns: change)
report areas = table({area: mean(held.similarity, over: strength)}, rows: change)
expect held.similarity[strength: 0] > 0.9999
expect held.top1[strength: 0] == held.clean[strength: 0]
expect held.similarity[change: noise, strength: 1] > held.similarity[change: noise, strength: 5]
`;

function studyIn(text: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'drawn.mjs'), twoColours);
  writeFileSync(join(folder, 'study.ssp'), text);
  return folder;
}

it('draws curves of features and answers under changes, embedding what is unchanged once', async () => {
  const folder = studyIn(study);
  const { code, out, err } = await ssp(folder, ['run', 'study.ssp', '--jobs', '2']);
  expect(code, err).toBe(0);
  expect(out).toContain('3 of 3 expectations hold');
  expect(err.match(/start encoder\.features\.images\n/g)).toHaveLength(1);
  expect(err).toContain('images 8');
  // All points of strength 0 mean the images as they are, whatever the change.
  expect(out).toContain('area');
}, 300_000);

it('says what a change needs, and which images are not those of the split', async () => {
  const needs = `${head}transform behind = changed(images, background(), strength: 1)\n`;
  const one = studyIn(needs.replace(/axis .*\n/g, ''));
  const refused = await ssp(one, ['run', 'study.ssp']);
  expect(refused.err).toContain('it needs `masks`');
  const other = `${head.replace(/axis .*\n/g, '')}transform altered = changed(images, occlusion(), strength: 1, split: "train")
evaluate held = invariance(encoder, images, altered, k: 1)
`;
  const wrong = await ssp(studyIn(other), ['run', 'study.ssp']);
  expect(wrong.err).toContain('`changed` has `train0` in place 0, where split `test` has `test0`');
}, 120_000);
