// Image files to squares, here and by torchvision's ImageFolder with Pillow, in turns on the same files:
//   npm run bench:decode [-- --json FILE]
// Generated JPEG photographs of 500 x 375 pixels and some 100 kB; TURNS (5) and IMAGES (128) say how
// many. Per core: processor time of one process, which neighbours disturb less than the clock. On all
// cores: images a second by the clock, which count on an idle machine: the table says the load.
// PYTHON_TORCH names a Python that has torch, torchvision and numpy; without it, one is made in a scratch
// folder. Ratios (theirs divided by ours: above 1 is quicker here) are taken within each turn; the peer
// against itself says how far that can be trusted.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import CliTable from 'cli-table3';
import { pythonWithTorchvision } from './python-with-torchvision.js';
import { side } from './side.js';
import { median, spread } from './turns.js';

const { values: options } = parseArgs({ options: { json: { type: 'string' } } });
const turns = Number(process.env.TURNS ?? 5);
const count = Number(process.env.IMAGES ?? 128);
const cores = availableParallelism();
const folder = mkdtempSync(join(tmpdir(), 'ssp-bench-decode-'));
const config = { root: join(folder, 'photographs'), cores, quality: 92, rounds: 4 };

const theirs = side(pythonWithTorchvision(), 'decode-torch.py', config);
const peer = await theirs.ready();
const bytes = await theirs.ask(`make ${count}`);
const quiet = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', TF_ENABLE_ONEDNN_OPTS: '0' };
const ours = side(process.execPath, 'decode-ours.mjs', config, quiet);
await ours.ready();

const rows = [];
for (const size of [64, 224]) {
  await theirs.ask(`write ${size}`);
  for (const decode of ['exact', 'fast']) {
    const apart = await ours.ask(`apart ${size} ${decode}`);
    for (const where of ['one', 'all']) {
      const [here, there, again] = [[], [], []];
      for (let turn = 0; turn < turns; turn++) {
        here.push(await ours.ask(`${where} ${size} ${decode}`));
        there.push(await theirs.ask(`${where} ${size}`));
        again.push(await theirs.ask(`${where} ${size}`));
      }
      // Time of an image, or images in a time.
      const quicker = (a, b) => (where === 'one' ? b / a : a / b);
      const ratios = here.map((value, i) => quicker(value, there[i]));
      const itself = again.map((value, i) => quicker(value, there[i]));
      const row = { size, decode, where, here: median(here), there: median(there), apart };
      rows.push({ ...row, ratio: median(ratios), ratios, itself, load: loadavg()[0] });
      process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
    }
  }
}
const memory = await ours.ask('memory');
ours.end();
theirs.end();
const table = new CliTable({
  head: ['images', 'on', 'here', 'torchvision', 'times', 'itself', 'differ', 'mean', 'load'],
  style: { head: [], border: [] },
});
for (const { size, decode, where, here, there, ratio, itself, apart, load } of rows) {
  const shown = (value) =>
    where === 'one' ? `${value.toFixed(2)} ms` : `${value.toFixed(0)} images/s`;
  table.push([
    `${size} px, ${decode}`,
    where === 'one' ? 'one core' : `${cores} cores`,
    shown(here),
    shown(there),
    ratio.toFixed(2),
    spread(itself),
    `${(100 * apart.differ).toFixed(1)} %, at most ${apart.most}`,
    apart.mean.toFixed(2),
    load.toFixed(1),
  ]);
}
console.log(
  `${count} JPEG files of ${(bytes / 1000).toFixed(0)} kB; ${cpus()[0]?.model}, Node ${process.versions.node}; ${peer}`,
);
console.log(table.toString());
console.log(`peak memory of our process: ${memory.toFixed(0)} MiB`);
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
rmSync(folder, { recursive: true });
