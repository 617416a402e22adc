// One training step of a detector here and of torchvision's Faster R-CNN, in turns on the same processors:
//   npm run bench:detect [-- --quick --json FILE NAME…]
// Both have a C4 trunk of the same size, the same anchors, samples and proposals, RoIAlign as detectron2 has
// it, and batch norm by the batch; images come as bytes in memory and are resized, normalised and batched in
// the step. `--quick` takes five turns of the smallest; BENCH_TURNS (9) is how many a case takes; names keep
// the cases whose name has them all. PYTHON_TORCH names a Python that has a torchvision whose own ops load
// (one that was built for its torch); without it, one is made in a scratch folder. Where they do not load,
// ours is measured alone, and that is said. Ratios (ours divided by torchvision's) are taken within each
// turn; they count on an idle machine: the table says the load.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import CliTable from 'cli-table3';
import { pythonWithTorchvision } from './python-with-torchvision.js';
import { asWorker, side } from './side.js';
import { itself, median, spread } from './turns.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, json: { type: 'string' } },
});
const turns = options.quick ? 5 : Math.max(5, Number(process.env.BENCH_TURNS ?? 9));
const threads = availableParallelism();

const small = {
  backbone: {
    name: 'resnet18',
    args: { width: 64, stem: 'small-half', zero_init_residual: false },
  },
  ...{ pixels: 160, batch: 4, classes: 12, objects: 4, roi: 14 },
  ...{ anchors: [16, 32, 64, 96], anchorSamples: 64, boxSamples: 32, proposals: 100 },
};
const cases = {
  'ResNet-18, 4 of 160 px': small,
  'ResNet-18, 4 of 160 px, bf16': { ...small, precision: 'bf16' },
  'ResNet-50, 2 of 320 px': {
    ...small,
    backbone: {
      name: 'resnet50',
      args: { width: 64, stem: 'imagenet', zero_init_residual: false },
    },
    ...{ pixels: 320, batch: 2, anchors: [32, 64, 128, 256] },
    ...{ anchorSamples: 256, boxSamples: 128, proposals: 300 },
  },
};

async function measure(name, python) {
  const config = { precision: 'fp32', ...cases[name], threads };
  const ours = side(process.execPath, 'detect-step-ours.mjs', config, asWorker);
  const libraries = [await ours.ready()];
  // The first step compiles; the second still warms up.
  await ours.ask('run 2');
  const theirs = python && side(python, 'detect-step-torch.py', config);
  if (theirs) {
    libraries.push(await theirs.ready());
    await theirs.ask('run 2');
  }
  const [times, theirTimes, theirTurns, ratios] = [[], [], [], []];
  for (let turn = 0; turn < turns; turn++) {
    const now = await ours.ask('run 2');
    times.push(...now);
    if (!theirs) continue;
    const then = await theirs.ask('run 2');
    theirTimes.push(...then);
    theirTurns.push(then[0] + then[1]);
    ratios.push((now[0] + now[1]) / (then[0] + then[1]));
  }
  const memory = await ours.ask('memory');
  const theirMemory = theirs && (await theirs.ask('memory'));
  theirs?.end();
  ours.end();
  return {
    name,
    precision: config.precision,
    turns,
    stepMs: median(times),
    memoryMB: memory,
    ...(theirs && {
      timeRatio: median(ratios),
      itself: itself(theirTurns),
      memoryRatio: memory / theirMemory,
      torchvision: { stepMs: median(theirTimes), memoryMB: theirMemory },
    }),
    processor: `${cpus()[0]?.model}, ${threads} threads`,
    libraries,
    load: loadavg()[0],
  };
}

const python = pythonWithTorchvision();
const probe = 'import torch, torchvision; torch.ops.torchvision.roi_align';
const hasOps = spawnSync(python, ['-c', probe]).status === 0;
if (!hasOps) {
  console.log(
    `${python} has a torchvision whose own ops do not load, so it was built for another torch: ours is measured alone.\nName a Python that has one that fits in PYTHON_TORCH.`,
  );
}
const wanted = Object.keys(cases).filter((name) =>
  options.quick && positionals.length === 0
    ? name === 'ResNet-18, 4 of 160 px'
    : positionals.every((word) => name.includes(word)),
);
const rows = [];
for (const name of wanted) {
  rows.push(await measure(name, hasOps ? python : undefined));
  if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
}
const table = new CliTable({
  head: [
    ...['step', 'time', 'itself', 'memory', 'here ms', 'torchvision ms'],
    ...['here MB', 'torchvision MB', 'turns', 'load'],
  ],
  style: { head: [], border: [] },
});
const shown = (value, decimals) => value?.toFixed(decimals) ?? '–';
for (const row of rows) {
  table.push([
    row.name,
    shown(row.timeRatio, 2),
    row.itself ? spread(row.itself) : '–',
    shown(row.memoryRatio, 2),
    ...[row.stepMs, row.torchvision?.stepMs].map((value) => shown(value, 0)),
    ...[row.memoryMB, row.torchvision?.memoryMB].map((value) => shown(value, 0)),
    row.turns,
    shown(row.load, 1),
  ]);
}
console.log(table.toString());
for (const text of new Set(rows.flatMap(({ processor, libraries }) => [processor, ...libraries]))) {
  console.log(text);
}
