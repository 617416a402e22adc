// Each loader of std.data beside torchvision's, in turns on the same images:
//   npm run bench:loaders [-- --json FILE NAME…]
// Makes files in the true formats: CIFAR-10 (binary here, pickled there) and STL-10 in their published
// numbers, Tiny ImageNet's folders, photographs of 500 x 375 pixels in folders and in an archive as
// webdataset writes them, and VOC. Ours is the whole stage, up to images.npy on the disk; theirs a
// DataLoader over the data set, up to tensors in memory, which it does anew in each epoch. Both with one
// process that decodes and with two. Ours and theirs are timed from the first images on, so without the
// start of processes; records, which need none, from the beginning (copy.mjs has them beside a copy).
// Ratios (ours divided by theirs: above 1 is quicker here) are taken within each turn and count on an
// idle machine: the table says the load. TURNS (5) says how many; names choose loaders.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import CliTable from 'cli-table3';
import { pythonWithTorchvision } from './python-with-torchvision.js';
import { side } from './side.js';
import { median, spread } from './turns.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' } },
});
const turns = Number(process.env.TURNS ?? 5);
const root = mkdtempSync(join(tmpdir(), 'ssp-bench-loaders-'));
const counts = {
  ...{ cifar10: 60_000, stl10: 13_000, tiny_imagenet: 4000 },
  ...{ images: 800, archive: 800, voc: 400 },
};
const config = { root, counts, first: 100, records: ['cifar10', 'stl10'] };

const theirs = side(pythonWithTorchvision(), 'loaders-torch.py', config);
const peer = await theirs.ready();
const quiet = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', TF_ENABLE_ONEDNN_OPTS: '0' };
const ours = side(process.execPath, 'loaders-ours.mjs', config, quiet);
await ours.ready();
const names = Object.keys(counts).filter(
  (name) => positionals.length === 0 || positionals.includes(name),
);
if (names.includes('archive') && !names.includes('images')) await theirs.ask('make images');
for (const name of names) {
  process.stderr.write(`making ${counts[name]} images of ${name}\n`);
  await theirs.ask(`make ${name}`);
}
const rows = [];
for (const name of names) {
  for (const cores of [1, 2]) {
    const [here, there] = [[], []];
    for (let turn = 0; turn < turns; turn++) {
      here.push((await ours.ask(`read ${name} ${cores}`)).rate);
      there.push(await theirs.ask(`read ${name} ${cores}`));
    }
    const ratios = here.map((value, turn) => value / there[turn]);
    rows.push({
      ...{ name, cores, here: median(here), there: median(there), ratio: median(ratios), ratios },
      load: loadavg()[0],
    });
    process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
  }
}
ours.end();
theirs.end();
const table = new CliTable({
  head: ['loader', 'processes', 'here', 'torchvision', 'times', 'range', 'load'],
  style: { head: [], border: [] },
});
const shown = (rate) => Math.round(rate).toLocaleString('en-US');
for (const { name, cores, here, there, ratio, ratios, load } of rows) {
  table.push([
    ...[name, cores, shown(here), shown(there), ratio.toFixed(2), spread(ratios)],
    load.toFixed(1),
  ]);
}
const disk = spawnSync('df', ['-h', '--output=source', root]).stdout?.toString().split('\n')[1];
console.log(
  `images a second, medians of ${turns} turns; ${cpus()[0]?.model}, ${disk}, Node ${process.versions.node}; ${peer}`,
);
console.log(table.toString());
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
rmSync(root, { recursive: true });
