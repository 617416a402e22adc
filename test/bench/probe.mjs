// The fit of the linear probe and scikit-learn's LogisticRegression, in turns on the same features:
//   npm run bench:probe [-- --json FILE]
// Features are drawn: of correlated Gaussians, float32; the penalty is scikit-learn's default, C = 1.
// Both standardise them and fit from zero. scikit-learn's own tolerance may leave the weights far from
// the minimum, so it gets the largest power of ten (1e-4 is its default) that brings them within 0.1 %,
// where ours are. TURNS (5) says how many; ratios (theirs divided by ours: above 1 is quicker here) are taken
// within each turn. Processor time is disturbed less by neighbours than the clock; the table says
// the load. `off` is how far the weights are from the minimum's, as a share of their norm.
// PYTHON_SKLEARN names a Python that has scikit-learn (python3 unless given).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import CliTable from 'cli-table3';
import { side } from './side.js';
import { itself, median, spread } from './turns.js';

const { values: options, positionals } = parseArgs({
  options: { json: { type: 'string' } },
  allowPositionals: true,
});
const turns = Number(process.env.TURNS ?? 5);
const threads = availableParallelism();
const cases = [
  { n: 10_000, d: 512, k: 100 },
  { n: 50_000, d: 2048, k: 10 },
].filter(({ d }) => positionals.length === 0 || positionals.includes(String(d)));

const python = process.env.PYTHON_SKLEARN ?? 'python3';
const hasPeer = spawnSync(python, ['-c', 'import sklearn']).status === 0;
if (!hasPeer) {
  console.error(`${python} has no scikit-learn: name a Python that has it by PYTHON_SKLEARN`);
}

const folder = mkdtempSync(join(tmpdir(), 'ssp-bench-probe-'));
const env = {
  ...process.env,
  TF_CPP_MIN_LOG_LEVEL: '3',
  OMP_NUM_THREADS: String(threads),
  OPENBLAS_NUM_THREADS: String(threads),
};
const rows = [];
let peer = 'no scikit-learn';
let here = '';
for (const size of cases) {
  const config = { ...size, folder, threads };
  const ours = side(process.execPath, 'probe-ours.mjs', config, env);
  here = await ours.ready();
  const theirs = hasPeer ? side(python, 'probe-sklearn.py', config, env) : undefined;
  if (theirs) peer = await theirs.ready();
  let tol = 1e-4;
  for (; theirs && tol > 1e-9; tol /= 10) {
    await theirs.ask(`${tol}`);
    if ((await ours.ask('off theirs')) <= 1e-3) break;
  }
  const found = [];
  for (let turn = 0; turn < turns; turn++) {
    const [a, b] = [await ours.ask('fit'), await theirs?.ask(`${tol}`)];
    found.push({ ours: a, theirs: b, load: loadavg()[0] });
    process.stderr.write(`${JSON.stringify(found.at(-1))}\n`);
  }
  const off = {
    ours: await ours.ask('off ours'),
    theirs: theirs && (await ours.ask('off theirs')),
  };
  rows.push({ ...size, tol, found, off });
  ours.end();
  theirs?.end();
}
rmSync(folder, { recursive: true });

const table = new CliTable({
  head: [
    'features',
    'measure',
    'here',
    'scikit-learn',
    'times as fast',
    'spread',
    'itself',
    'load',
  ],
  style: { head: [], border: [] },
});
for (const { n, d, k, tol, found, off } of rows) {
  for (const measure of ['cpu', 'seconds']) {
    const ratios = found.map(
      ({ ours, theirs }) => (theirs?.[measure] ?? Number.NaN) / ours[measure],
    );
    const shown = (who) => {
      const [{ [who]: first }] = found;
      if (first === undefined) return '';
      const time = median(found.map((turn) => turn[who][measure])).toFixed(2);
      return `${time} s, ${first.iterations} steps, ${off[who].toExponential(0)} off`;
    };
    table.push([
      `${n} x ${d}, ${k} classes`,
      measure === 'cpu' ? 'processor' : `clock, ${threads} threads`,
      shown('ours'),
      `${shown('theirs')}, tol ${tol}`,
      median(ratios).toFixed(2),
      spread(ratios),
      spread(itself(found.map(({ theirs }) => theirs?.[measure] ?? Number.NaN))),
      median(found.map(({ load }) => load)).toFixed(1),
    ]);
  }
}
console.log(`${cpus()[0]?.model}, Node ${process.versions.node}, ${here}; ${peer}; ${turns} turns`);
console.log(table.toString());
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
