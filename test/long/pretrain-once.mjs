// One pretraining in a process of its own, for killed-training.test.ts: says `step` after its first step.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { make as resnet18 } from '../../dist/library/backbone/resnet18.js';
import { make as cosine } from '../../dist/library/optim/cosine.js';
import { make as lars } from '../../dist/library/optim/lars.js';
import { make as byol } from '../../dist/library/ssl/byol.js';
import { make as simclr } from '../../dist/library/ssl/simclr.js';
import { run } from '../../dist/library/train/pretrain.js';

const { method, pairs, out, checkpoint, view } = JSON.parse(process.argv[2]);
const methods = {
  simclr: simclr({ temperature: 0.5, hidden: 32, dim: 16, head: 'paper', sum: false }),
  byol: byol({ tau: 0.9, schedule: 'cosine', target: 'fresh', hidden: 32, dim: 16 }),
};
const network = { width: 8, stem: 'small-half', zero_init_residual: false };
const schedule = cosine({ warmup: 2, start: null, final: 0, every: 'step' });
let first;
let told = false;
await run({
  params: {
    pairs: {
      type: 'Pairs',
      digest: pairs,
      metrics: {},
      file: (name) => join(pairs, name),
      has: (name) => existsSync(join(pairs, name)),
    },
    views: { views: [view, view] },
    method: methods[method],
    backbone: resnet18(network),
    epochs: 40,
    batch: 8,
    optimizer: lars({
      lr: 0.2,
      vector_lr: null,
      momentum: 0.9,
      eta: 0.01,
      decay: 1e-4,
      exclude: true,
      variant: 'official',
      clip: false,
    }),
    schedule: {
      scale(step, ...of) {
        first ??= step;
        // By then the graph is made and the first step is done.
        if (step > first && !told) {
          console.log('step');
          told = true;
        }
        return schedule.scale(step, ...of);
      },
    },
    init: null,
    precision: 'fp32',
    seed: 1,
  },
  resolved: {
    backbone: { describe: 'std.backbone.resnet18', version: 1, args: network },
    optimizer: { args: { lr: 0.2 } },
  },
  out,
  checkpoint,
  threads: 1,
  progress: () => undefined,
  log: (line) => console.log(line),
  remark: (line) => console.log(line),
});
