// `npm run check:gpu`, on a machine without a GPU: does the CUDA build of TensorFlow have a kernel for every
// op of every training and evaluation, for its types? A study of all methods, networks, precisions,
// optimisers and probes runs on the processor, and what it gives TensorFlow is written down.
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
import { kernelsOf } from './kernels.js';
import { backbones, evaluations, methods, optimizers, study, views } from './study.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const cli = here('../../dist/cli/main.js');

const { values: options } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const only = options.only ?? [];

/**
 * Ops that have a kernel for GPUs but none that gives the same bits each time: those that TensorFlow
 * refuses under TF_DETERMINISTIC_OPS=1 (docs of tf.config.experimental.enable_op_determinism, and
 * `RequireDeterminism` in its kernels).
 */
const undetermined = new Set([
  ...['AdjustContrastv2', 'CropAndResizeGradBoxes', 'CropAndResizeGradImage', 'DenseBincount'],
  ...[
    'DepthwiseConv2dNativeBackpropFilter',
    'FakeQuantWithMinMaxVarsGradient',
    'ResizeNearestNeighborGrad',
  ],
  ...[
    'ScatterAdd',
    'ScatterSub',
    'SegmentMean',
    'SegmentProd',
    'SegmentSum',
    'SparseTensorDenseMatMul',
  ],
  ...['UnsortedSegmentMean', 'UnsortedSegmentProd', 'UnsortedSegmentSqrtN', 'UnsortedSegmentSum'],
]);

const runtime = runtimeFor('cuda');
if (runtime.kind !== 'ready') {
  console.error(
    `The runtime for GPUs is not set up: run \`node dist/cli/main.js setup --gpu\` once (3.4 GB).`,
  );
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'ssp-gpu-'));
let failed = false;
try {
  const recorded = join(folder, 'recorded');
  mkdirSync(recorded);
  copyFileSync(here('tiny.mjs'), join(folder, 'tiny.mjs'));
  writeFileSync(join(folder, 'study.ssp'), study());
  const started = performance.now();
  const run = spawnSync(
    process.execPath,
    [cli, 'run', 'study.ssp', '--keep-going', ...only.flatMap((name) => ['--only', name])],
    {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        SSP_RECORD_OPS: recorded,
        NODE_OPTIONS: `--import ${here('record-ops.mjs')}`,
      },
    },
  );
  if (run.status !== 0) {
    failed = true;
    console.log('\nFAILED: stages of the study failed, so their ops are not known');
  }
  const used = usedIn(recorded);
  const kernels = kernelsOf(
    [...new Set([...used.values()].map(({ op }) => op))].sort(),
    runtime.folder,
  );
  const without = [...used.values()].filter((kind) => !hasKernel(kind, kernels));
  const loose = [...used.values()].filter(({ op }) => undetermined.has(op));
  const graphs = readdirSync(recorded).filter((name) => name.endsWith('.pb')).length;
  const nodes = [...used.values()].reduce((sum, { graph }) => sum + graph, 0);
  const calls = [...used.values()].reduce((sum, { eager }) => sum + eager, 0);
  const whole = [
    ['methods', `${methods.length}: ${methods.join(', ')}`],
    ['networks', `${backbones.length}: ${backbones.join(', ')}, pixels`],
    ['optimisers', `${optimizers.length}: ${optimizers.join(', ')}`],
    ['views', `${views.length}: ${views.join(', ')}`],
    ['evaluations', `${evaluations.length}: ${evaluations.join(', ')}`],
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
  for (const { op, types } of loose) {
    failed = true;
    console.log(`FAILED: no deterministic kernel for GPUs: ${op} ${types}`);
  }
  if (!failed)
    console.log('Every op has a kernel for GPUs for its types, and a deterministic one.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

/** The kinds of op that were recorded, with the types that choose a kernel and how often. */
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
    const bytes = readFileSync(join(recorded, name));
    if (name.endsWith('.json')) {
      const { of, ops } = JSON.parse(bytes.toString());
      for (const [op, attrs, count] of ops) note(op, attrs, count, 'eager', of);
      continue;
    }
    const [meta] = pb.SavedModel.deserializeBinary(bytes).getMetaGraphsList();
    for (const node of meta.getGraphDef().getNodeList()) {
      const attrs = {};
      node.getAttrMap().forEach((value, attr) => {
        if (value.getType() !== 0) attrs[attr] = value.getType();
      });
      note(node.getOp(), attrs, 1, 'graph', 'a step');
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
