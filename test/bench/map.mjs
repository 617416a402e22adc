// Maps of embeddings and umap-learn's, in turns on the same features:
//   npm run bench:map [-- --features FILE.npy] [-- --json FILE]
// Features (n, d), float32: those of the file, else 10,000 x 512 drawn around 40 centres. Ours is what the stage does:
// neighbours found exactly, layout, scores. Theirs is `fit_transform` with its defaults and a seed, which takes one thread
// (after one of 100 rows, which compiles it). Both by Euclidean distance; `trust` is scikit-learn's trustworthiness of
// either, k = 15. TURNS (3) says how many seeds. Processor time is disturbed less by neighbours than the clock; the table
// says the load. PYTHON_UMAP names a Python that has umap-learn (python3 unless given).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import CliTable from 'cli-table3';
import { side } from './side.js';

const { values: options } = parseArgs({
  options: { json: { type: 'string' }, features: { type: 'string' } },
});
const turns = Number(process.env.TURNS ?? 3);
const threads = availableParallelism();
const python = process.env.PYTHON_UMAP ?? 'python3';
const hasPeer = spawnSync(python, ['-c', 'import umap']).status === 0;
if (!hasPeer)
  console.error(`${python} has no umap-learn: name a Python that has it by PYTHON_UMAP`);

const folder = mkdtempSync(join(tmpdir(), 'ssp-bench-map-'));
const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
const ours = side(process.execPath, 'map-ours.mjs', { ...options, folder, threads }, env);
const { n, d } = await ours.ready();
const theirs = hasPeer ? side(python, 'map-umap.py', { folder, n, d }, env) : undefined;
const peer = theirs ? await theirs.ready() : 'no umap-learn';
const found = [];
for (let seed = 0; seed < turns; seed++) {
  const [a, b] = [await ours.ask(`${seed}`), await theirs?.ask(`${seed}`)];
  const trust = await theirs?.ask('trust');
  found.push({ ours: { ...a, sklearn: trust }, theirs: b, load: loadavg()[0] });
  process.stderr.write(`${JSON.stringify(found.at(-1))}\n`);
}
ours.end();
theirs?.end();
rmSync(folder, { recursive: true });

const range = (values) => {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return '';
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return `${low.toPrecision(4)}–${high.toPrecision(4)}`;
};
const table = new CliTable({
  head: [`${n} x ${d}`, 'processor, s', 'clock, s', 'trust', 'load'],
  style: { head: [], border: [] },
});
for (const who of ['ours', 'theirs']) {
  const of = (name) => range(found.map((turn) => turn[who]?.[name]));
  const load = range(found.map((turn) => turn.load));
  table.push([who === 'ours' ? 'here' : 'umap-learn', of('cpu'), of('seconds'), of('trust'), load]);
}
console.log(`${cpus()[0]?.model}, Node ${process.versions.node}; ${peer}; ${turns} seeds`);
console.log(table.toString());
if (options.json) writeFileSync(options.json, `${JSON.stringify(found, null, 2)}\n`);
