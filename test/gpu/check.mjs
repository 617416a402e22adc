// `npm run check:gpu`, on a machine without a GPU: does the CUDA build of TensorFlow have a kernel for every
// op of every training and evaluation, for its types? Of a study of all methods, networks, precisions and
// optimisers the graphs of steps are made, its evaluations run on the processor, and what TensorFlow is
// given is written down.
// `npm run check:gpu -- --only by_dino` takes these stages of the study (study.js) alone; `--only` may be repeated.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runtimeFor } from '../../dist/runtime/locate.js';
import { requireNative } from '../../dist/runtime/native-package.js';
import { isRefused, unknownRefusals } from './determinism.js';
import { kernelsOf } from './kernels.js';
import { backbones, evaluations, methods, optimizers, stems, study, views } from './study.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const cli = here('../../dist/cli/main.js');

const { values: options } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const only = options.only ?? [];

/** What `--only` names that the study does not have. */
class Unknown extends Error {
  constructor(texts, stages) {
    const names = [...new Set(stages.map(({ name }) => name))];
    super(`the study has no stage ${texts.join(', ')}; it has ${names.join(', ')}`);
  }
}

const trains = new Set(['std.train.pretrain', 'std.train.supervised']);
/** Trainings that run, for what they do op by op: looking at views, measuring features. */
const wholly = new Set([
  'by_simclr[net=resnet18,precision=fp32]',
  'with_labels[every=resnet18,precision=fp32]',
]);

const runtime = runtimeFor('cuda');
if (runtime.kind !== 'ready') {
  console.error(
    `The runtime for GPUs is not set up: run \`node dist/cli/main.js setup --gpu\` once (3.4 GB).`,
  );
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'ssp-gpu-'));
const store = join(folder, 'store');
let failed = false;
try {
  const recorded = join(folder, 'recorded');
  mkdirSync(recorded);
  copyFileSync(here('tiny.mjs'), join(folder, 'tiny.mjs'));
  writeFileSync(join(folder, 'study.ssp'), study());
  const started = performance.now();
  ran('images and pairs', ssp(['run', 'study.ssp', '--only', 'pairs']));
  const planned = ssp(['plan', 'study.ssp', '--json'], 'pipe');
  writeFileSync(join(folder, 'plan.json'), planned.stdout);
  const all = JSON.parse(planned.stdout).stages;
  const absent = only.filter((text) => !all.some((stage) => isNamed(stage, text)));
  if (absent.length > 0) throw new Unknown(absent, all);
  const stages = all.filter(isWanted);
  const trainings = stages.filter(({ stage }) => trains.has(stage)).map(({ id }) => id);
  if (trainings.length > 0) {
    const of = [join(folder, 'plan.json'), store, ...trainings];
    ran('trainings', node([here('graphs.mjs'), ...of], { SSP_RECORD_OPS: recorded }));
  }
  // What a training does beside its steps, and what is evaluated, is done op by op.
  const others = stages.filter(({ id, stage }) => !trains.has(stage) || wholly.has(id));
  if (others.length > 0) {
    const named = others.flatMap(({ id }) => ['--only', id.replaceAll('=', ': ')]);
    const env = { SSP_RECORD_OPS: recorded, NODE_OPTIONS: `--import ${here('record-ops.js')}` };
    ran('evaluations', ssp(['run', 'study.ssp', '--keep-going', ...named], 'inherit', env));
  }
  const used = usedIn(recorded);
  const kernels = kernelsOf(
    [...new Set([...used.values()].map(({ op }) => op))].sort(),
    runtime.folder,
  );
  const without = [...used.values()].filter((kind) => !hasKernel(kind, kernels));
  const loose = [...used.values()].filter(isRefused);
  const unknown = unknownRefusals(runtime.folder);
  const graphs = readdirSync(recorded).filter((name) => name.endsWith('.pb')).length;
  const nodes = [...used.values()].reduce((sum, { graph }) => sum + graph, 0);
  const calls = [...used.values()].reduce((sum, { eager }) => sum + eager, 0);
  const whole = [
    ['methods', `${methods.length}: ${methods.join(', ')}`],
    ['networks', `${backbones.length}: ${backbones.join(', ')}, pixels; stems ${stems.join(', ')}`],
    ['optimisers', `${optimizers.length}: ${optimizers.join(', ')}`],
    ['views', `${views.length}: ${views.join(', ')}`],
    ['evaluations', `${evaluations.length + 1}: ${evaluations.join(', ')}, invariance`],
  ];
  const rows = [
    ...(only.length > 0 ? [['stages', only.join(', ')]] : whole),
    ['graphs of steps', `${graphs}, ${nodes} nodes`],
    ['calls op by op', `${calls}`],
    ['kinds of op and types', `${used.size}`],
    ['without a kernel for GPUs', `${without.length}`],
    ['without a deterministic one', `${loose.length}`],
    ['took', `${((performance.now() - started) / 1000).toFixed(0)} s`],
  ];
  console.log(`\n${rows.map(([name, value]) => `${name.padEnd(28)} ${value}`).join('\n')}`);
  for (const { op, types, graph, eager, of } of without) {
    failed = true;
    console.log(
      `FAILED: no kernel for GPUs: ${op} ${types}, ${graph} nodes and ${eager} calls, as in ${of}`,
    );
  }
  for (const { op, types, of } of loose) {
    failed = true;
    console.log(`FAILED: no deterministic kernel for GPUs: ${op} ${types}, as in ${of}`);
  }
  for (const sentence of unknown) {
    failed = true;
    console.log(`FAILED: TensorFlow refuses what determinism.js does not know: ${sentence}`);
  }
  if (!failed)
    console.log('Every op has a kernel for GPUs for its types, and a deterministic one.');
} catch (error) {
  if (!(error instanceof Unknown)) throw error;
  failed = true;
  console.error(error.message);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

function node(args, env = {}, stdout = 'inherit') {
  return spawnSync(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', stdout, 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, ...env },
  });
}

function ssp(args, stdout = 'inherit', env = {}) {
  return node([cli, ...args, '--store', store], env, stdout);
}

function ran(what, { status }) {
  if (status === 0) return;
  failed = true;
  console.log(`\nFAILED: ${what}: some did not get through, so their ops are not known`);
}

/** Is a stage one that is looked at? */
function isWanted(stage) {
  if (only.length === 0) return stage.result !== 'Images' && stage.result !== 'Pairs';
  return only.some((text) => isNamed(stage, text));
}

/** Is a stage named by a text of `--only`, as `by_dino` or `by_dino[net: resnet18]`? */
function isNamed({ name, point }, text) {
  const [, of, labels = ''] = /^(\w+)(?:\[(.*)\])?$/.exec(text) ?? [];
  const given = labels.split(',').filter(Boolean);
  const pairs = given.map((label) => label.split(':').map((part) => part.trim()));
  return of === name && pairs.every(([axis, label]) => point[axis] === label);
}

/** The kinds of op that were recorded, with the attributes that choose a kernel and how often. */
function usedIn(recorded) {
  const pb = requireNative('./dist/proto/api_pb.js');
  const kinds = new Map();
  const note = (op, attrs, count, where, of) => {
    const types = JSON.stringify(attrs);
    const kind = kinds.get(`${op} ${types}`) ?? { op, attrs, types, graph: 0, eager: 0, of };
    kind[where] += count;
    kinds.set(`${op} ${types}`, kind);
  };
  for (const name of readdirSync(recorded)) {
    if (name.endsWith('.of')) continue;
    const bytes = readFileSync(join(recorded, name));
    if (name.endsWith('.json')) {
      const ops = JSON.parse(bytes.toString());
      for (const [op, attrs, count, of] of ops) note(op, attrs, count, 'eager', of);
      continue;
    }
    const of = readFileSync(join(recorded, name.replace(/pb$/, 'of')), 'utf8');
    const [meta] = pb.SavedModel.deserializeBinary(bytes).getMetaGraphsList();
    for (const node of meta.getGraphDef().getNodeList()) {
      const attrs = {};
      node.getAttrMap().forEach((value, attr) => {
        if (value.getType() !== 0) attrs[attr] = value.getType();
        if (attr === 'is_training') attrs[attr] = value.getB();
      });
      note(node.getOp(), attrs, 1, 'graph', of);
    }
  }
  return kinds;
}

/** Is there a kernel on GPUs, or one that any device takes? */
function hasKernel({ op, attrs }, kernels) {
  return (kernels.get(op) ?? []).some(
    ({ device, label, types }) =>
      (device === 'GPU' || device === 'DEFAULT') &&
      label === '' &&
      [...types].every(([attr, allowed]) => attrs[attr] === undefined || allowed.has(attrs[attr])),
  );
}
