// Our side of loaders.mjs and copy.mjs: the stages of std.data from their files to images.npy, as a run does them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const { root, counts, first, records } = JSON.parse(process.argv[2]);
const stage = async (name) => (await import(`../../dist/library/data/${name}.js`)).run;
const chosen = { classes: null, per_class: null, seed: 0 };
const published = { ...chosen, check: 'layout' };
const ownFiles = {
  ...{ size: 64, fit: 'cover', decode: 'exact', background: '#ffffff', list: null },
  ...{ splits: { train: 0.8, validation: 0.1, test: 0.1 }, ...chosen, skip: 0 },
};
const params = {
  cifar10: ['cifar10', { size: 32, ...published }],
  stl10: ['stl10', { size: 96, unlabelled: false, fold: null, ...published }],
  tiny_imagenet: ['tiny_imagenet', { size: 64, decode: 'exact', ...published }],
  images: ['images', ownFiles],
  archive: ['images', ownFiles],
  voc: [
    'voc',
    {
      ...{ year: '2007', size: 320, fit: 'stretch', decode: 'exact' },
      ...{ classes: null, skip: 0, check: 'layout' },
    },
  ],
};

/**
 * Images a second from the first images to the end of the stage, of records from its beginning; and seconds
 * of all of it, by the clock and of the processors.
 */
async function read(name, threads) {
  const folder = mkdtempSync(join(tmpdir(), 'ssp-bench-loader-'));
  const [out, checkpoint] = [mkdtempSync(join(folder, 'out-')), mkdtempSync(join(folder, 'kept-'))];
  const [called, given] = params[name];
  const run = await stage(called);
  const [start, used] = [performance.now(), process.cpuUsage()];
  let begun;
  const { facts } = await run({
    params: { root: join(root, name), ...given },
    ...{ resolved: {}, out, checkpoint, threads: Number(threads) },
    progress({ unit, done }) {
      if (unit === 'image' && done >= first) begun ??= { at: performance.now(), done };
    },
    log() {},
    remark() {},
  });
  const end = performance.now();
  const { user, system } = process.cpuUsage(used);
  rmSync(folder, { recursive: true });
  if (facts.skipped !== 0) throw new Error(`${name} left out ${facts.skipped}`);
  const [images, ms] = records.includes(name)
    ? [counts[name], end - start]
    : [counts[name] - begun.done, end - begun.at];
  return {
    rate: (1000 * images) / ms,
    ...{ clock: (end - start) / 1e3, user: user / 1e6, system: system / 1e6 },
  };
}

console.log('"ready"');
for await (const line of createInterface({ input: process.stdin })) {
  const [, name, threads] = line.split(' ');
  console.log(JSON.stringify(await read(name, threads)));
}
