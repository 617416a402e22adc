// `npm run accept:gpu`, on a machine with a GPU: one table of what has to hold there.
//   npm run accept:gpu [-- --gpu 0] [--processor]
// Two runs give equal bytes; three steps by every method are those of the processor, within TF32 and
// without; how many images a second, beside PyTorch where PYTHON_TORCH names a Python that has it.
// `--processor` does all of it on the processor instead, to try this script.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { readSafetensors } from '../../dist/base/files/safetensors.js';
import { side } from '../bench/side.js';
import { trainCase } from '../bench/train-cases.js';
import { training } from './study.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const cli = here('../../dist/cli/main.js');
const { values: options } = parseArgs({
  options: { gpu: { type: 'string', default: '0' }, processor: { type: 'boolean' } },
});
const onGpu = options.processor ? [] : ['--gpus', options.gpu];
const device = options.processor ? 'cpu' : 'cuda';
/** How far weights after three steps may be from the processor's, of the largest of their tensor. */
const tolerance = { exact: 1e-3, tf32: 2e-2 };

const rows = [];
const row = (what, found, ok) => {
  rows.push([ok === undefined ? '' : ok ? 'ok' : 'FAILED', what, found]);
  console.log(rows.at(-1).join('\t'));
};

const folder = mkdtempSync(join(tmpdir(), 'ssp-accept-'));
try {
  row('devices', facts());
  const exact = { NVIDIA_TF32_OVERRIDE: '0' };
  const reference = run('processor', [], {});
  const first = run('first', onGpu, exact);
  const second = run('second', onGpu, exact);
  const same = [...first].filter(([id, made]) => second.get(id)?.output === made.output);
  row(
    'two runs, equal bytes',
    `${same.length} of ${first.size} trainings`,
    same.length === first.size,
  );
  compare('three steps, float32', reference, first, tolerance.exact);
  compare('three steps, TF32', reference, run('tf32', onGpu, {}), tolerance.tf32);
  await speeds();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (rows.some(([state]) => state === 'FAILED')) process.exitCode = 1;

/** What `ssp doctor` says of GPUs. */
function facts() {
  const { stdout } = spawnSync(process.execPath, [cli, 'doctor', '--json'], { encoding: 'utf8' });
  const { facts: all = [] } = JSON.parse(stdout);
  return all
    .filter(({ label }) => /gpu|driver|processor/i.test(label))
    .map(({ label, value }) => `${label}: ${value}`)
    .join(', ');
}

/** Trains by every method in a store of its own: what the lock says of each, and where its files lie. */
function run(name, args, env) {
  const at = join(folder, name);
  mkdirSync(at);
  copyFileSync(here('tiny.mjs'), join(at, 'tiny.mjs'));
  writeFileSync(join(at, 'study.ssp'), training({ epochs: 3 }));
  const done = spawnSync(process.execPath, [cli, 'run', 'study.ssp', ...args], {
    cwd: at,
    encoding: 'utf8',
    env: { ...process.env, NVIDIA_TF32_OVERRIDE: '', ...env },
  });
  if (done.status !== 0) throw new Error(`\`ssp run ${args.join(' ')}\` failed:\n${done.stderr}`);
  const { stages } = parse(readFileSync(join(at, 'study.ssp.lock'), 'utf8'));
  const trained = Object.entries(stages).filter(([id]) => id.startsWith('by_'));
  return new Map(
    trained.map(([id, { output }]) => {
      const to = join(at, id.replace(/\W+/g, '-'));
      const exported = [cli, 'export-encoder', 'study.ssp', id, '-o', to, ...args];
      const { status, stderr } = spawnSync(process.execPath, exported, {
        cwd: at,
        encoding: 'utf8',
        env: { ...process.env, NVIDIA_TF32_OVERRIDE: '', ...env },
      });
      if (status !== 0) throw new Error(`no encoder of ${id}: ${stderr}`);
      return [id, { output, weights: join(to, 'encoder.safetensors') }];
    }),
  );
}

/** How far weights are from those of the reference. */
function compare(what, reference, found, most) {
  for (const [id, { weights }] of reference) {
    const other = found.get(id)?.weights;
    const away = other === undefined ? Number.POSITIVE_INFINITY : distance(weights, other);
    row(`${what}, ${id}`, away.toExponential(1), away <= most);
  }
}

function distance(a, b) {
  const [one, two] = [a, b].map((path) => readSafetensors(path, path).tensors);
  let most = 0;
  for (const [name, { data }] of Object.entries(one)) {
    const other = two[name]?.data ?? [];
    const scale = data.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-12);
    data.forEach((value, i) => {
      const away = Math.abs(value - other[i]) / scale;
      if (!(away <= most)) most = away;
    });
  }
  return most;
}

/** Images a second of a SimCLR step, and memory. */
async function speeds() {
  const small = options.processor === true;
  const models = ['ResNet-50 64 px', 'ViT-S/8 64 px'].map((name) => {
    const config = trainCase(name, 'simclr');
    if (!small) return [name, { ...config, pairs: 256 }];
    const { backbone } = config;
    const narrow = {
      ...backbone,
      args: { ...backbone.args, ...('width' in backbone.args && { width: 8 }) },
    };
    return [name, { ...config, backbone: narrow, pairs: 4 }];
  });
  const python = process.env.PYTHON_TORCH;
  if (!python) row('PyTorch', 'not measured: PYTHON_TORCH names no Python');
  for (const [model, config] of models) {
    for (const [name, precision, env] of [
      ['float32', 'fp32', { NVIDIA_TF32_OVERRIDE: '0' }],
      ['TF32', 'fp32', {}],
      ['bf16', 'bf16', {}],
    ]) {
      const given = { ...config, precision, threads: 2, device, tf32: name !== 'float32' };
      const ours = await speed(process.execPath, 'train-step-ours.mjs', given, env);
      row(`${model}, ${name}`, ours);
      const xla = { ...env, TF_XLA_FLAGS: '--tf_xla_auto_jit=2' };
      row(
        `${model}, ${name}, XLA`,
        await speed(process.execPath, 'train-step-ours.mjs', given, xla),
      );
      if (python)
        row(`${model}, ${name}, PyTorch`, await speed(python, 'train-step-torch.py', given, env));
    }
  }
}

async function speed(command, script, config, env) {
  const child = side(command, script, config, { ...process.env, ...env });
  try {
    await child.ready();
    await child.ask('run 3');
    const times = (await child.ask(options.processor ? 'run 3' : 'run 20')).sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)];
    const memory = await child.ask('memory');
    const rate = (2 * config.pairs * 1000) / median;
    return `${rate.toFixed(0)} images/s, ${median.toFixed(1)} ms a step, ${memory.toFixed(0)} MB`;
  } catch (error) {
    return `failed: ${error.message.split('\n')[0]}`;
  } finally {
    child.end();
  }
}
