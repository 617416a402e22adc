// CIFAR-10 and STL-10 from their binary files to images.npy, beside `cp` of the same files, in turns:
//   npm run bench:copy [-- --json FILE NAME…]
// Makes the files in their published numbers, of noise. Ours is the whole stage with `check: "layout"`, in a
// process of its own each turn, from its beginning to its end, when all is on the disk; theirs is `cp` and
// `sync` of each copied file. Both read what the machine has in its memory from making it, or with FROM=disk
// (root of a Linux alone) what it has to read from the disk. Seconds by the clock, and of the processors
// (user and system); the ratio (cp divided by ours: above 1 is quicker here) is taken within each turn, and
// counts on an idle machine: the table says the load. TURNS (5) says how many; names choose data sets, and
// TMPDIR the disk.
import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import CliTable from 'cli-table3';
import { side } from './side.js';
import { median, spread } from './turns.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' } },
});
const turns = Number(process.env.TURNS ?? 5);
const root = mkdtempSync(join(tmpdir(), 'ssp-bench-copy-'));
const counts = { cifar10: 60_000, stl10: 13_000 };
const folders = { cifar10: 'cifar-10-batches-bin', stl10: 'stl10_binary' };
const config = { root, counts, first: 0, records: Object.keys(counts) };

/** Noise in which every `length`-th byte is a label from `least` on. */
function noise(records, length, labels, least) {
  const bytes = randomFillSync(Buffer.alloc(records * length));
  for (let at = 0; at < bytes.length && labels > 0; at += length) {
    bytes[at] = least + (bytes[at] % labels);
  }
  return bytes;
}

const lines = (count) => Array.from({ length: count }, (_, i) => `class-${i}\n`).join('');
const make = {
  cifar10(write) {
    const names = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
    for (const name of [...names, 'test_batch.bin']) write(name, noise(10_000, 3073, 10, 0));
    write('batches.meta.txt', lines(10));
  },
  stl10(write) {
    for (const [split, count] of Object.entries({ train: 5000, test: 8000 })) {
      write(`${split}_X.bin`, noise(count, 27_648, 0, 0));
      write(`${split}_y.bin`, noise(count, 1, 10, 1));
    }
    write('class_names.txt', lines(10));
    const fold = Array.from({ length: 1000 }, (_, i) => i).join(' ');
    write('fold_indices.txt', `${fold}\n`.repeat(10));
  },
};

/** Seconds by the clock and of the processors of a copy of a folder's files, brought to the disk. */
function copy(name) {
  const to = join(root, 'copy');
  forget();
  const command = 'TIMEFORMAT="%R %U %S"; time (cp -r "$0" "$1" && sync "$1"/*)';
  const { stderr, status } = spawnSync('bash', [
    '-c',
    command,
    join(root, name, folders[name]),
    to,
  ]);
  if (status !== 0) throw new Error(`cp: ${stderr}`);
  rmSync(to, { recursive: true });
  const [clock, user, system] = String(stderr).trim().split(' ').map(Number);
  return { clock, user, system };
}

/** Has the next reader of files wait for the disk. */
function forget() {
  if (process.env.FROM !== 'disk') return;
  spawnSync('sync');
  writeFileSync('/proc/sys/vm/drop_caches', '3');
}

async function read(name) {
  const ours = side(process.execPath, 'loaders-ours.mjs', config);
  await ours.ready();
  forget();
  const { clock, user, system } = await ours.ask(`read ${name} 1`);
  ours.end();
  return { clock, user, system };
}

const rows = [];
for (const name of Object.keys(counts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const folder = join(root, name, folders[name]);
  mkdirSync(folder, { recursive: true });
  make[name]((file, content) => writeFileSync(join(folder, file), content));
  const found = { name, here: [], cp: [] };
  for (let turn = 0; turn < turns; turn++) {
    // Each is first in every other turn.
    for (const who of turn % 2 === 0 ? ['here', 'cp'] : ['cp', 'here']) {
      found[who].push(who === 'here' ? await read(name) : copy(name));
    }
  }
  rows.push({ ...found, load: loadavg()[0] });
  rmSync(join(root, name), { recursive: true });
}
const table = new CliTable({
  head: ['data set', '', 'clock', 'user', 'system', 'times', 'range', 'load'],
  style: { head: [], border: [] },
});
for (const { name, here, cp, load } of rows) {
  const seconds = (all) =>
    ['clock', 'user', 'system'].map((of) => median(all.map((one) => one[of])).toFixed(2));
  const ratios = here.map(({ clock }, turn) => cp[turn].clock / clock);
  table.push(
    [name, 'here', ...seconds(here), median(ratios).toFixed(2), spread(ratios), load.toFixed(1)],
    ['', 'cp', ...seconds(cp), '', '', ''],
  );
}
const disk = spawnSync('df', ['-h', '--output=source', root]).stdout?.toString().split('\n')[1];
console.log(
  `seconds, medians of ${turns} turns; ${cpus()[0]?.model}, ${disk}, Node ${process.versions.node}`,
);
console.log(table.toString());
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
rmSync(root, { recursive: true });
