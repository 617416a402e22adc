// `npm run accept:gpu`, on a machine with a GPU: one table of what has to hold there, in ten minutes.
//   npm run accept:gpu [-- --gpu 0] [--method NAME…] [--minutes 10] [--device cpu]
// Two runs give equal bytes; three steps by every method are those of the processor, within TF32 and
// without; how many images a second and how much memory, in float32, TF32 and bf16, with XLA and without,
// beside PyTorch where PYTHON_TORCH names a Python that has it. What the time does not suffice for is said.
// `--device cpu` does all of it on the processor and with small networks instead, to try this script.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { readSafetensors } from '../../dist/base/files/safetensors.js';
import { Store } from '../../dist/execute/store/store.js';
import { findGpus } from '../../dist/runtime/gpus.js';
import { runtimeFor } from '../../dist/runtime/locate.js';
import { side } from '../bench/side.js';
import { trainCase } from '../bench/train-cases.js';
import { methods, training } from './study.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const cli = here('../../dist/cli/main.js');
const { values: options } = parseArgs({
  options: {
    gpu: { type: 'string', default: '0' },
    method: { type: 'string', multiple: true, default: methods },
    minutes: { type: 'string', default: '10' },
    device: { type: 'string', default: 'cuda' },
  },
});
const onGpu = options.device === 'cuda';
const cannot = await whyNot();
if (cannot !== undefined) {
  console.error(cannot);
  process.exit(1);
}
const flags = onGpu ? ['--gpus', options.gpu] : [];
/** How far weights after three steps may be from the processor's, of the largest of their tensor. */
const tolerance = { exact: 1e-3, tf32: 2e-2 };
const exact = { NVIDIA_TF32_OVERRIDE: '0' };

const timeOver = 'not measured: the time is over';
const started = performance.now();
const left = () => Number(options.minutes) * 60_000 - (performance.now() - started);
const rows = [];
const row = (what, found, ok) => {
  rows.push([ok === undefined ? '' : ok ? 'ok' : 'FAILED', what, found]);
  console.log(rows.at(-1).join('\t'));
};

const folder = mkdtempSync(join(tmpdir(), 'ssp-accept-'));
try {
  row('devices', await devices());
  // The processor has its own work meanwhile.
  const [reference, first] = await Promise.all([
    run('processor', [], {}),
    run('first', flags, exact),
  ]);
  const second = await run('second', flags, exact);
  const same = [...first].filter(([id, made]) => second.get(id)?.output === made.output);
  const all = same.length === first.size && first.size === options.method.length;
  row('two runs, equal bytes', `${same.length} of ${options.method.length} methods`, all);
  compare('three steps, float32', reference, first, tolerance.exact);
  compare('three steps, TF32', reference, await run('tf32', flags, {}), tolerance.tf32);
  await speeds();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
row('took', `${((performance.now() - started) / 1000).toFixed(0)} s`, left() > 0);
if (rows.some(([state]) => state === 'FAILED')) process.exitCode = 1;

/** Why there is nothing to accept here: without a GPU, `ssp run --gpus` would train on the processor. */
async function whyNot() {
  if (!['cuda', 'cpu'].includes(options.device))
    return `--device is \`cuda\` or \`cpu\`, not \`${options.device}\``;
  const unknown = options.method.find((name) => !methods.includes(name));
  if (unknown !== undefined)
    return `there is no method \`${unknown}\`; there are ${methods.join(', ')}`;
  if (!(Number(options.minutes) > 0))
    return `--minutes is a number above 0, not \`${options.minutes}\``;
  if (!onGpu) return;
  const found = (await findGpus()).map(({ index }) => `${index}`);
  if (found.length === 0)
    return 'nvidia-smi finds no GPU here, which all of this is about; `npm run accept:gpu -- --device cpu` goes through it on the processor, with small networks';
  if (!found.includes(options.gpu))
    return `there is no GPU ${options.gpu}; there is ${found.join(', ')}`;
  if (runtimeFor('cuda').kind !== 'ready')
    return 'The runtime for GPUs is not set up: run `node dist/cli/main.js setup --gpu` once (3.4 GB).';
}

/** What `ssp doctor` says of processors and GPUs. */
async function devices() {
  const { out } = await ssp(folder, ['doctor', '--json'], {});
  const { facts = [] } = JSON.parse(out);
  return facts
    .filter(({ label }) => /gpu|driver|processor/i.test(label))
    .map(({ label, value }) => `${label}: ${value}`)
    .join(', ');
}

async function ssp(cwd, args, env) {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NVIDIA_TF32_OVERRIDE: '', ...env },
    timeout: Math.max(1, Math.ceil(left())),
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await ended, out, err };
}

/** Trains by every method in a store of its own: digests of the encoders, and where their weights lie. */
async function run(name, args, env) {
  const at = join(folder, name);
  const root = join(at, 'store');
  mkdirSync(at);
  copyFileSync(here('tiny.mjs'), join(at, 'tiny.mjs'));
  writeFileSync(join(at, 'study.ssp'), training({ epochs: 3, methods: options.method }));
  const given = ['run', 'study.ssp', '--keep-going', '--store', root, ...args];
  const { status, err } = await ssp(at, given, env);
  if (status !== 0) {
    const why =
      left() < 0 ? timeOver : (err.match(/^.*\berror\b.*$/m)?.[0] ?? `exit code ${status}`);
    row(`runs, ${name}`, why, false);
    return new Map();
  }
  const { stages } = parse(readFileSync(join(at, 'study.ssp.lock'), 'utf8'));
  const store = new Store(root);
  const trained = Object.entries(stages).filter(([id]) => id.startsWith('by_'));
  return new Map(
    trained.map(([id, { key, output }]) => {
      const { record } = store.find(key);
      const { digest } = record.output.files['encoder.safetensors'];
      return [id, { output, weights: store.blobPath(digest) }];
    }),
  );
}

/** How far weights are from those of the reference. */
function compare(what, reference, found, most) {
  for (const method of options.method) {
    const [one, other] = [reference, found].map((made) => made.get(`by_${method}`)?.weights);
    const away = one && other ? distance(one, other) : Number.POSITIVE_INFINITY;
    row(`${what}, ${method}`, away.toExponential(1), away <= most);
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
  const models = ['ResNet-50 64 px', 'ViT-S/8 64 px'].map((name) => {
    const config = trainCase(name, 'simclr');
    return onGpu ? [name, { ...config, pairs: 256 }] : [`${name}, made small`, small(config)];
  });
  const python = process.env.PYTHON_TORCH;
  if (!python) row('PyTorch', 'not measured: PYTHON_TORCH names no Python');
  const kinds = [
    ['float32', 'fp32', exact],
    ['TF32', 'fp32', {}],
    ['bf16', 'bf16', {}],
  ];
  const ours = [process.execPath, 'train-step-ours.mjs'];
  const sides = [
    ['', ours, {}],
    ...(python ? [[', PyTorch', [python, 'train-step-torch.py'], {}]] : []),
    [', XLA', ours, xla()],
  ];
  // What takes longest to begin comes last.
  for (const [beside, [command, script], env] of sides) {
    for (const [model, config] of models) {
      for (const [name, precision, as] of kinds) {
        const of = { ...config, precision, threads: 2, device: options.device };
        const given = { ...of, tf32: name === 'TF32' };
        const found = await speed(command, script, given, { ...as, ...env });
        row(`${model}, ${name}${beside}`, found);
      }
    }
  }
}

/** A tenth of the network and of the batch, for a processor. */
function small({ backbone, ...config }) {
  const narrow = { width: 8, patch: 32 };
  const args = Object.entries(backbone.args).map(([name, value]) => [name, narrow[name] ?? value]);
  const name = backbone.name.replace('vit_s', 'vit_ti').replace('resnet50', 'resnet18');
  return { ...config, backbone: { name, args: Object.fromEntries(args) }, pairs: 4 };
}

/** What makes TensorFlow compile by XLA, which looks for its tools in a folder of CUDA. */
function xla() {
  const jit = { TF_XLA_FLAGS: '--tf_xla_auto_jit=2' };
  const runtime = runtimeFor('cuda');
  if (!onGpu || runtime.kind !== 'ready') return jit;
  const tools = join(runtime.folder, 'nvidia', 'cuda_nvcc');
  return { ...jit, XLA_FLAGS: `--xla_gpu_cuda_data_dir=${tools}` };
}

async function speed(command, script, config, env) {
  if (left() < 0) return timeOver;
  const before = memoryUsed();
  const child = side(command, script, config, { ...process.env, ...env });
  const over = new AbortController();
  const late = after(left(), undefined, { signal: over.signal }).then(
    () => {
      child.kill();
    },
    () => {},
  );
  try {
    await child.ready();
    await child.ask('run 3');
    const times = (await child.ask(onGpu ? 'run 20' : 'run 3')).sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)];
    const memory = onGpu ? memoryUsed() - before : await child.ask('memory');
    const rate = (2 * config.pairs * 1000) / median;
    return `${rate.toFixed(0)} images/s, ${median.toFixed(1)} ms a step, ${memory.toFixed(0)} MB`;
  } catch (error) {
    return left() < 0 ? timeOver : `failed: ${error.message.split('\n').at(-1)}`;
  } finally {
    over.abort();
    await late;
    child.end();
  }
}

/** Memory of the GPU in use, in MB, by all processes: both sides are asked in the same way. */
function memoryUsed() {
  if (!onGpu) return 0;
  const asked = ['-i', options.gpu, '--query-gpu=memory.used', '--format=csv,noheader,nounits'];
  return Number(execFileSync('nvidia-smi', asked, { encoding: 'utf8' }));
}
