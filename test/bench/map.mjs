// Maps of embeddings and umap-learn's, in turns on the same features:
//   npm run bench:map [-- --features FILE.npy | --images 10000 --width 512] [-- --metric cosine] [-- --json FILE]
// Features (n, d), float32: those of the file, else drawn around 40 centres. Ours is what the stage does: neighbours found
// exactly, layout, scores. Theirs is `fit_transform` with its defaults but for 16 neighbours, itself among them, 500 epochs
// and a seed, which takes one thread (after one of 100 rows, which compiles it), and no score: the same graph, as many
// epochs. Both by Euclidean distance unless told; trustworthiness of either is scikit-learn's, k = 15. TURNS (3): seeds.
// Processor time is disturbed less by neighbours than the clock; the load stands above the table. PYTHON_UMAP names a
// Python that has umap-learn (python3 unless given).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import CliTable from 'cli-table3';
import { side } from './side.js';
import { median } from './turns.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    features: { type: 'string' },
    images: { type: 'string', default: '10000' },
    width: { type: 'string', default: '512' },
    metric: { type: 'string', default: 'euclidean' },
  },
});
const { metric } = options;
const turns = Number(process.env.TURNS ?? 3);
const threads = availableParallelism();
const python = process.env.PYTHON_UMAP ?? 'python3';
const hasPeer = spawnSync(python, ['-c', 'import umap']).status === 0;
if (!hasPeer)
  console.error(`${python} has no umap-learn: name a Python that has it by PYTHON_UMAP`);

const folder = mkdtempSync(join(tmpdir(), 'ssp-bench-map-'));
const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
const ours = side(process.execPath, 'map-ours.mjs', { ...options, folder, threads }, env);
const { n, d, versions } = await ours.ready();
const theirs = hasPeer ? side(python, 'map-umap.py', { folder, n, d, metric }, env) : undefined;
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

const of = (who, name) =>
  found.map((turn) => turn[who]?.[name]).filter((value) => value !== undefined);
/** The median, and from where to where. */
const told = (values) => {
  if (values.length === 0) return '';
  const [low, high] = [Math.min(...values), Math.max(...values)].map((v) => v.toPrecision(4));
  return `${median(values).toPrecision(4)} (${low} to ${high})`;
};
const table = new CliTable({
  head: [`${n} x ${d}, ${metric}`, 'processor, s', 'clock, s', 'trustworthiness'],
  style: { head: [], border: [] },
});
table.push(
  [
    'here',
    told(of('ours', 'cpu')),
    told(of('ours', 'seconds')),
    told(of('ours', theirs ? 'sklearn' : 'trust')),
  ],
  ['umap-learn', ...['cpu', 'seconds', 'trust'].map((name) => told(of('theirs', name)))],
);
if (theirs) {
  const shares = (name) => found.map((turn) => turn.theirs[name] / turn.ours[name]);
  const gains = found.map((turn) => turn.ours.sklearn - turn.theirs.trust);
  table.push([
    'umap-learn / here',
    told(shares('cpu')),
    told(shares('seconds')),
    `here ${median(gains) < 0 ? '-' : '+'} ${Math.abs(median(gains)).toFixed(4)}`,
  ]);
}
console.log(`${cpus()[0]?.model}, ${threads} threads, Node ${process.versions.node}`);
console.log(`here ${versions}; ${peer}`);
console.log(
  `medians (least to most) of ${turns} seeds; load ${told(found.map(({ load }) => load))}`,
);
console.log(table.toString());
if (options.json) writeFileSync(options.json, `${JSON.stringify(found, null, 2)}\n`);
