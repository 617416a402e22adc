// A large data set from its files to a score: time, memory and disk of each stage:
//   npm run bench:data [-- --images 300000 --size 64 --folder DIR --json FILE]
// Makes JPEG files of noise around a colour for each of 100 classes in one archive, and runs images,
// pairs, an epoch of pretraining a tiny network, and a probe, each with its worker's peak of memory
// (VmHWM) and that of all its processes together (the sum of what is resident, looked at every 0.2 s:
// pages that processes share count for each). Then what share of the steps of a larger training waits for
// what is read from the shards (data-wait.mjs). What is made goes away at the end, but for `--folder`.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import CliTable from 'cli-table3';
import sharp from 'sharp';

const { values: options } = parseArgs({
  options: {
    images: { type: 'string', default: '300000' },
    size: { type: 'string', default: '64' },
    folder: { type: 'string' },
    json: { type: 'string' },
  },
});
const count = Number(options.images);
const size = Number(options.size);
const classes = 100;
const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ssp-bench-data-'));
const archive = join(folder, 'images.tar');
const store = join(folder, 'store');
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const study = `import std.backbone.resnet18
import std.data.images
import std.optim.sgd
import std.pairs.semantic_pairs
import std.probe.linear_probe
import std.ssl.simclr
import std.train.pretrain
import std.views.crop_only

dataset photos = images(root: file("images.tar"), size: ${size}px)
dataset pairs = semantic_pairs(photos)
train encoder = pretrain(
  pairs,
  views: crop_only(16px),
  backbone: resnet18(width: 4, stem: "small-half"),
  method: simclr(),
  optimizer: sgd(),
  epochs: 1,
  batch: 256,
)
evaluate probe = linear_probe(encoder, on: photos, penalties: [0.001])
`;

/** Writes the archive: a file after its header, each filled up to 512 bytes. */
async function makeArchive() {
  const file = openSync(`${archive}.part`, 'w');
  const quick = { quality: 90 };
  const jpeg = (index) => {
    // xorshift32: the noise of an image follows from its number.
    let state = (index + 1) * 2654435761;
    const pixels = Buffer.alloc(size * size * 3);
    for (let at = 0; at < pixels.length; at++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const colour = ((index % classes) * (37 + 11 * (at % 3))) % 160;
      pixels[at] = colour + (state & 63);
    }
    return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
      .jpeg(quick)
      .toBuffer();
  };
  for (let from = 0; from < count; from += 64) {
    const indices = Array.from({ length: Math.min(64, count - from) }, (_, i) => from + i);
    const parts = (await Promise.all(indices.map(jpeg))).flatMap((bytes, i) => {
      const name = `class-${String(indices[i] % classes).padStart(3, '0')}/${String(indices[i]).padStart(7, '0')}.jpg`;
      return [
        headerOf(name, bytes.length),
        bytes,
        Buffer.alloc((512 - (bytes.length % 512)) % 512),
      ];
    });
    writeSync(file, Buffer.concat(parts));
  }
  writeSync(file, Buffer.alloc(1024));
  closeSync(file);
  renameSync(`${archive}.part`, archive);
}

function headerOf(name, length) {
  const header = Buffer.alloc(512);
  const octal = (value, at, digits) =>
    header.write(`${value.toString(8).padStart(digits, '0')}\0`, at);
  header.write(name);
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(length, 124, 11);
  octal(0, 136, 11);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** `Name: 123 kB` of /proc as bytes. */
function statusOf(pid, name) {
  try {
    const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(
      readFileSync(`/proc/${pid}/status`, 'utf8'),
    );
    return 1024 * Number(found?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** A process and all that it has started. */
function familyOf(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return [
      pid,
      ...children
        .split(' ')
        .filter(Boolean)
        .flatMap((child) => familyOf(Number(child))),
    ];
  } catch {
    return [];
  }
}

const isWorker = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('waiting-worker.js');
  } catch {
    return false;
  }
};

async function stage(name) {
  const args = [main, 'run', 'study.ssp', '--only', name, '--store', store, '--json'];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = [[], []];
  child.stdout.on('data', (text) => out.push(text));
  child.stderr.on('data', (text) => err.push(text));
  let [peak, all] = [0, 0];
  const timer = setInterval(() => {
    const worker = familyOf(child.pid).find(isWorker);
    if (worker === undefined) return;
    peak = Math.max(peak, statusOf(worker, 'VmHWM'));
    all = Math.max(
      all,
      familyOf(worker).reduce((sum, pid) => sum + statusOf(pid, 'VmRSS'), 0),
    );
  }, 200);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${name}: ${Buffer.concat(err)}`);
  const { stages } = JSON.parse(Buffer.concat(out).toString());
  const { key, seconds, facts = {}, metrics } = stages.find(({ id }) => id === name);
  return { name, key, seconds, peak, all, disk: sizeOf(join(store, 'blobs')), facts, metrics };
}

const sizeOf = (path) =>
  readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
    const at = join(path, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(at) : statSync(at).size);
  }, 0);

/** What share of the steps passes outside TensorFlow, of a training on the pairs of a key. */
function waitOf(key) {
  const record = join(store, 'records', key.slice(0, 2), `${key}.json`);
  const { files } = JSON.parse(readFileSync(record, 'utf8')).output;
  const pairs = join(folder, 'pairs');
  rmSync(pairs, { recursive: true, force: true });
  mkdirSync(pairs);
  for (const [name, { digest }] of Object.entries(files)) {
    symlinkSync(join(store, 'blobs', digest.slice(0, 2), digest), join(pairs, name));
  }
  const script = fileURLToPath(new URL('data-wait.mjs', import.meta.url));
  const config = JSON.stringify({ pairs, steps: 20, threads: availableParallelism() });
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, config]);
  if (status !== 0) throw new Error(`data-wait.mjs: ${stderr}`);
  return { ...JSON.parse(stdout.toString()), load: loadavg()[0] };
}

const mib = (bytes) => `${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'study.ssp'), study);
if (!existsSync(archive)) {
  process.stderr.write(`making ${count} files in ${archive}\n`);
  await makeArchive();
}
const rows = [];
let before = 0;
for (const name of ['photos', 'pairs', 'encoder', 'probe']) {
  const row = await stage(name);
  rows.push({ ...row, disk: row.disk - before, load: loadavg()[0] });
  before = row.disk;
  process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
}
const waited = waitOf(rows.find(({ name }) => name === 'pairs').key);
process.stderr.write(`${JSON.stringify(waited)}\n`);
const table = new CliTable({
  head: ['stage', 'time', 'worker', 'its processes', 'disk', 'load'],
  style: { head: [], border: [] },
});
for (const { name, seconds, peak, all, disk, load } of rows) {
  table.push([name, `${seconds.toFixed(1)} s`, mib(peak), mib(all), mib(disk), load.toFixed(1)]);
}
console.log(
  `${count.toLocaleString('en-US')} images of ${size} px, ${mib(statSync(archive).size)} of JPEG files; ${availableParallelism()} cores`,
);
console.log(table.toString());
console.log(
  `steps of ResNet-18 (${waited.ms.toFixed(0)} ms) outside TensorFlow: ${(100 * waited.wait).toFixed(2)} %, of it reading ${(100 * waited.reading).toFixed(2)} %; load ${waited.load.toFixed(1)}`,
);
if (options.json) {
  writeFileSync(options.json, `${JSON.stringify({ stages: rows, waited }, null, 2)}\n`);
}
if (options.folder === undefined) rmSync(folder, { recursive: true });
