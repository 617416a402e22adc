// One training step here and in PyTorch, in turns on the same processors:
//   npm run bench:train [-- --quick --json FILE NAME…]
// Of each method, and of SimCLR with each network (train-cases.js). `--quick` takes turns for a short while,
// and without names ResNet-18 with SimCLR alone; names (`ResNet-50`, `dino`, `bf16`) keep the cases whose
// name has them all; BENCH_SECONDS (60) is how long a case takes turns. PYTHON_TORCH names a Python that has
// torch; without it, one is made in a scratch folder. Both sides get the same views, ready made; what
// share of a step ours waits for views that are drawn as in pretraining is measured after that.
// Ratios (ours divided by PyTorch's) are taken within each turn, when both had the same neighbours; they
// count on an idle machine: the table says the load. `itself` is how far PyTorch is from itself: the least
// and the most of each turn of it divided by the one before. On a busy one PyTorch's threads spin against the
// neighbours': OMP_WAIT_POLICY=passive makes the comparison fairer there.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import CliTable from 'cli-table3';
import { cpuRecipe } from '../../dist/runtime/recipe.js';
import { pythonWith } from './python-with.js';
import { asWorker, side } from './side.js';
import { trainCases } from './train-cases.js';
import { itself, median, spread } from './turns.js';

const torchVersion = '2.13.0';
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, json: { type: 'string' } },
});
const seconds = options.quick ? 5 : Number(process.env.BENCH_SECONDS ?? 60);
const threads = availableParallelism();

const pythonWithTorch = () =>
  pythonWith(
    `ssp-bench-torch-${torchVersion}`,
    ['torch', 'numpy'],
    [`torch==${torchVersion}`, 'numpy'],
  );

async function measure(name, precision, python) {
  const config = { ...trainCases[name], precision, threads };
  const ours = side(process.execPath, 'train-step-ours.mjs', config, asWorker);
  const loaded = await ours.ready();
  // The first step compiles; the second still warms up.
  const [first] = await ours.ask('run 2');
  const theirs = side(python, 'train-step-torch.py', config);
  const theirLoad = await theirs.ready();
  const [theirFirst] = await theirs.ask('run 2');
  const [times, theirTimes, theirTurns, ratios] = [[], [], [], []];
  const until = performance.now() + 1000 * seconds;
  while (ratios.length < 5 || performance.now() < until) {
    const now = await ours.ask('run 2');
    const then = await theirs.ask('run 2');
    times.push(...now);
    theirTimes.push(...then);
    theirTurns.push(then[0] + then[1]);
    ratios.push((now[0] + now[1]) / (then[0] + then[1]));
  }
  const memory = await ours.ask('memory');
  const theirMemory = await theirs.ask('memory');
  theirs.end();
  // What Node does outside has to be compiled first: many of short steps.
  const steps = Math.max(8, Math.round(5000 / median(times)));
  const dataWaitShare = await ours.ask(`wait ${options.quick ? 2 : steps}`);
  ours.end();
  const { pixels, pairs, views } = config;
  return {
    name,
    precision,
    timeRatio: median(ratios),
    itself: itself(theirTurns),
    memoryRatio: memory / theirMemory,
    dataWaitShare,
    startSeconds: (loaded + first) / 1000,
    stepMs: median(times),
    memoryMB: memory,
    torch: {
      startSeconds: (theirLoad + theirFirst) / 1000,
      stepMs: median(theirTimes),
      memoryMB: theirMemory,
    },
    batch: views.length * pairs,
    pixels,
    threads,
    turns: ratios.length,
    load: loadavg()[0],
  };
}

const python = pythonWithTorch();
const words = options.quick && positionals.length === 0 ? ['ResNet-18', 'simclr'] : positionals;
const wanted = Object.keys(trainCases)
  .flatMap((name) => ['fp32', 'bf16'].map((precision) => [name, precision]))
  .filter((of) => words.every((word) => of.join(' ').includes(word)));
const rows = [];
for (const [name, precision] of wanted) {
  rows.push(await measure(name, precision, python));
  if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
}
const table = new CliTable({
  head: [
    ...['step', 'time', 'itself', 'turns', 'memory', 'wait', 'start s'],
    ...['here ms', 'PyTorch ms', 'here MB', 'PyTorch MB', 'load'],
  ],
  style: { head: [], border: [] },
});
for (const row of rows) {
  table.push([
    `${row.name}, ${row.precision}, ${row.batch} views`,
    row.timeRatio.toFixed(2),
    spread(row.itself),
    row.turns,
    row.memoryRatio.toFixed(2),
    `${(100 * row.dataWaitShare).toFixed(1)} %`,
    row.startSeconds.toFixed(1),
    ...[row.stepMs, row.torch.stepMs].map((value) => value.toFixed(0)),
    ...[row.memoryMB, row.torch.memoryMB].map((value) => value.toFixed(0)),
    row.load.toFixed(1),
  ]);
}
console.log(table.toString());
const torch = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], {
  encoding: 'utf8',
});
console.log(
  `${cpus()[0]?.model}, ${threads} threads, Node ${process.versions.node}, TensorFlow ${cpuRecipe.tensorflow}; PyTorch ${torch.stdout.trim()}`,
);
