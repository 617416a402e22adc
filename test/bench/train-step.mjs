// One SimCLR step here and in PyTorch, in turns on the same processors: `npm run bench:train`, or with
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
  head: ['step', 'here ms', 'PyTorch ms', 'ratio', 'here MB', 'PyTorch MB', 'load'],
  style: { head: [], border: [] },
});
const wanted = process.argv[2] ?? '';
for (const [name, config] of Object.entries(cases).filter(([name]) => name.includes(wanted))) {
  const ours = worker(process.execPath, 'train-step-ours.mjs', config);
  const torch = worker(python, 'train-step-torch.py', config);
  await Promise.all([ours.ready(), torch.ready()]);
  await ours.run(stepsPerRound);
  await torch.run(stepsPerRound);
  const here = [];
  const there = [];
  // The ratio is taken within each round: both sides then had the same neighbours.
  const ratios = [];
  for (let round = 0; round < rounds; round++) {
    const a = await ours.run(stepsPerRound);
    const b = await torch.run(stepsPerRound);
    here.push(...a);
    there.push(...b);
    ratios.push(median(a) / median(b));
  }
  const load = loadavg()[0].toFixed(1);
  const memory = [await ours.end(), await torch.end()];
  table.push([
    name,
    median(here).toFixed(1),
    median(there).toFixed(1),
    median(ratios).toFixed(2),
    ...memory.map((megabytes) => megabytes.toFixed(0)),
    load,
  ]);
}
console.log(table.toString());
