// One SimCLR step here, compiled and op by op (eager), and in PyTorch, in turns on the same processors: `npm run bench:train`, or with
// `-- quickstart` the cases with that in their name. BENCH_ROUNDS (8) sets how many turns.
// PYTHON_TORCH names a Python that has torch; without it, one is made in a scratch folder.
// Figures count on an idle machine only; the table says the load. On a busy one PyTorch's threads spin
// against the neighbours': OMP_WAIT_POLICY=passive makes the comparison fairer there.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import CliTable from 'cli-table3';

const torchVersion = '2.13.0';
const rounds = Number(process.env.BENCH_ROUNDS ?? 8);
const stepsPerRound = 3;
const common = { pixels: 32, threads: 2 };
const cases = {
  'quickstart: width 16, small-half, 512 views': {
    ...common,
    width: 16,
    stem: 'small-half',
    pairs: 256,
    optimiser: 'adamw',
    hidden: 128,
    dim: 64,
  },
  'ResNet-18: width 64, small, 64 views': {
    ...common,
    width: 64,
    stem: 'small',
    pairs: 32,
    optimiser: 'sgd',
    hidden: 512,
    dim: 128,
  },
};

function pythonWithTorch() {
  if (process.env.PYTHON_TORCH) return process.env.PYTHON_TORCH;
  const folder = join(tmpdir(), `ssp-bench-torch-${torchVersion}`);
  const python = join(folder, 'bin', 'python');
  const run = (command, args) => {
    const { status } = spawnSync(command, args, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
  };
  if (!existsSync(python)) run('python3', ['-m', 'venv', folder]);
  if (spawnSync(python, ['-c', 'import torch, numpy']).status !== 0) {
    run(python, ['-m', 'pip', 'install', '--quiet', `torch==${torchVersion}`, 'numpy']);
  }
  return python;
}

/** A process that runs steps when told to; one answer a line. */
function worker(command, script, config) {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(command, [file, JSON.stringify(config)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended early`);
    return value;
  };
  return {
    ready: answer,
    run: async (steps) => {
      child.stdin.write(`${steps}\n`);
      return JSON.parse(await answer());
    },
    end: async () => {
      child.stdin.end();
      return JSON.parse(await answer());
    },
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const python = pythonWithTorch();
const table = new CliTable({
  head: [
    ...['step', 'here ms', 'eager ms', 'PyTorch ms', 'to eager', 'to PyTorch'],
    ...['here MB', 'eager MB', 'PyTorch MB', 'start s', 'load'],
  ],
  style: { head: [], border: [] },
});
const wanted = process.argv[2] ?? '';
for (const [name, config] of Object.entries(cases).filter(([name]) => name.includes(wanted))) {
  const sides = [
    worker(process.execPath, 'train-step-ours.mjs', config),
    worker(process.execPath, 'train-step-ours.mjs', { ...config, eager: true }),
    worker(python, 'train-step-torch.py', config),
  ];
  for (const side of sides) await side.ready();
  // The first steps warm up; our very first one compiles.
  const [start] = await sides[0].run(stepsPerRound);
  for (const side of sides.slice(1)) await side.run(stepsPerRound);
  const times = sides.map(() => []);
  // The ratios are taken within each round: all sides then had the same neighbours.
  const ratios = sides.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const now = [];
    for (const side of sides) now.push(await side.run(stepsPerRound));
    now.forEach((steps, side) => {
      times[side].push(...steps);
      ratios[side].push(median(now[0]) / median(steps));
    });
  }
  const load = loadavg()[0].toFixed(1);
  const memory = [];
  for (const side of sides) memory.push(await side.end());
  table.push([
    name,
    ...times.map((steps) => median(steps).toFixed(1)),
    ...ratios.slice(1).map((values) => median(values).toFixed(2)),
    ...memory.map((megabytes) => megabytes.toFixed(0)),
    (start / 1000).toFixed(1),
    load,
  ]);
}
console.log(table.toString());
