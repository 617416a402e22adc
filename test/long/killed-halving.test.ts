import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { draw } from '../../src/base/statistics/draw.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { twoColours } from '../support/two-colours.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const kills = Number(process.env.SSP_KILLS ?? 100);

const study = `import std.pairs.augmented_pairs
import std.views.crop_only
import std.ssl.simclr
import std.backbone.resnet18
import std.optim.adamw
import std.train.{after, pretrain}
import std.probe.knn_probe

extern stage drawn(shift: Int = 0) -> Images{attributes: "class" | "artist", splits: "train" | "validation" | "test"}
  from "./drawn.mjs"

axis trial = search({lr: log(0.0001..0.1), width: [4, 8]}, n: 6, seed: 1)
dataset drawings = drawn()
dataset pairs = augmented_pairs(drawings)
@halving(by: probe.top1, over: trial, factor: 2)
train encoder = pretrain(
  pairs,
  crop_only(size: 8px),
  simclr(),
  resnet18(width: trial.width, stem: "small"),
  epochs: 4,
  batch: 4,
  optimizer: adamw(lr: trial.lr),
  keep: after([1, 2]),
)
evaluate probe = knn_probe(encoder, drawings, k: 1)
report trials = table(probe.top1, rows: trial, columns: at)
`;

/** Starts a run and kills it, with every worker it has, after so many milliseconds. */
async function killed(folder: string, after: number): Promise<boolean> {
  const child = spawn(process.execPath, [main, 'run', 'study.ssp', '--store', 'killed'], {
    cwd: folder,
    stdio: 'ignore',
    detached: true,
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('close', (_, signal) => resolve(signal));
  });
  await Promise.race([ended, wait(after)]);
  child.kill('SIGKILL');
  return (await ended) === 'SIGKILL';
}

it(`gives the same table of trials after kill -9 at ${kills} random moments`, async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'drawn.mjs'), twoColours);
  writeFileSync(join(folder, 'study.ssp'), study);
  const run = (store: string) => ssp(folder, ['run', 'study.ssp', '--store', store, '--json']);
  const started = performance.now();
  const whole = await run('whole');
  const took = performance.now() - started;
  expect(whole.code).toBe(0);

  let times = 0;
  // short at first, so that the first stages are hit too; what is done stays done
  for (let i = 0; i < kills; i++) {
    if (await killed(folder, (took / 20) * draw(1, 'kill', i) + 500)) times += 1;
  }
  const last = await run('killed');
  expect(last.code).toBe(0);
  const tableOf = (out: string) => {
    const { stages, tables } = JSON.parse(out);
    const trials = stages.map(({ id, key, action, digest, reason }: Record<string, unknown>) => {
      const { why } = reason as { readonly why?: string };
      return { id, key, digest, why, dropped: action === 'drop' };
    });
    return { trials, tables };
  };
  expect(tableOf(last.out)).toEqual(tableOf(whole.out));
  console.log(`${times} of ${kills} runs were killed before their end`);
}, 3_600_000);
