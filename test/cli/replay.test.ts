import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { breakingStudy } from './breaking-study.js';
import { coloursModule } from './colours.js';

const kinds = ['loss', 'gradient', 'state', 'update'] as const;

it('repeats the step that broke, and names the op and the line that broke first', async () => {
  const folder = breakingStudy(
    ['dataset pairs', `axis kind = ["${kinds.join('", "')}"]\ndataset pairs`],
    ['likeness()', 'likeness(kind, at: 4)'],
    ['steep()', 'steep(kind, at: 1)'],
  );
  const run = await ssp(folder, ['run', 'study.ssp', '--keep-going']);
  expect(run.code).toBe(1);
  const commands = [...run.err.matchAll(/`ssp (replay [0-9a-f]{64} --store \S+)`/g)];
  const replays = commands.map(([, command = '']) => ssp(folder, command.split(' ')));
  const texts = new Map<string | undefined, string>();
  for (const { code, out, err } of await Promise.all(replays)) {
    expect(code, err).toBe(0);
    texts.set(/^encoder\[kind=(\w+)\]/.exec(out)?.[1], out);
  }
  const { loss, gradient, state, update } = Object.fromEntries(texts);

  expect(run.err).toMatch(/kind=loss\].*\n? *.*the loss is -Infinity at step 5/);
  expect(loss).toMatch(/: the loss is -Infinity at step 5 \(epoch 3 of 4, learning rate 1\)/);
  expect(loss).toContain('repeated from the checkpoint after step 4, and that step op by op');
  expect(loss).toContain('first not finite: Log gives -Infinity\n  in    the loss\n');
  expect(loss).toContain('from  a tensor (), all 0');
  expect(loss).toMatch(/likeness\.mjs:\d+:\d+\n +const sound = tf\.log\(gate\(at, 'loss'\)\);$/m);

  expect(gradient).toMatch(/: the norm of the gradient of \S+ \(and \d+ more\) is NaN at step 5/);
  expect(gradient).toContain('in    the gradient of Sqrt');
  expect(gradient).toMatch(/likeness\.mjs:\d+:\d+\n +const root = tf\.sqrt/);

  // Told at the end of the epoch, and broken before.
  expect(run.err).toMatch(/mean is -?Infinity at step 6/);
  expect(state).toMatch(/: mean is -?Infinity at step 5/);
  expect(state).toMatch(/RealDiv gives -?Infinity, at 4 of its 4 values\n {2}in {4}the loss\n/);

  expect(update).toMatch(/: the norm of .*weight.* is \S+ at step 2/);
  expect(update).toContain('repeated from the start');
  expect(update).toContain('RealDiv gives Infinity\n  in    the update\n');
  expect(update).toMatch(/steep\.mjs:\d+:\d+\n +const rate = tf\.div/);

  // The checkpoints stay, so that it can be asked again.
  const keys = commands.map(([, command = '']) => command.split(' ')[1] ?? '');
  for (const key of keys) {
    expect(readdirSync(join(folder, '.ssp/checkpoints', key))).toContain('broken.json');
  }
  const said = async (...words: string[]) => (await ssp(folder, ['replay', ...words])).err;
  expect(await said('abc')).toContain('`abc` is no key');
  expect(await said('0'.repeat(64))).toContain('has no task for the key 0000');
  const done = readdirSync(join(folder, '.ssp/records'), { recursive: true, encoding: 'utf8' })
    .flatMap((name) => /([0-9a-f]{64})\.json$/.exec(name)?.[1] ?? [])
    .filter((key) => !keys.includes(key));
  expect(await said(done[0] ?? '')).toContain('nothing broke');
}, 240_000);

it('ends where views are drawn in a thread, and where a classifier broke', async () => {
  // 128 views a step are drawn in one.
  const folder = breakingStudy(
    ['likeness()', 'likeness("loss", at: 1)'],
    ['batch: 8', 'batch: 64'],
    ['import std.train.pretrain', 'import std.train.pretrain\nimport std.probe.linear_evaluation'],
    ['import std.optim.constant', 'import std.optim.{constant, sgd}'],
    [
      'dataset pairs = augmented_pairs(colours())',
      `dataset images = colours()
dataset pairs = augmented_pairs(images)
train start = pretrain(pairs, crop_only(size: 8px), likeness(), resnet18(width: 2), epochs: 1, batch: 8, schedule: constant())
evaluate steep_probe = linear_evaluation(start, images, optimizer: sgd(lr: 1e30), epochs: 2, batch: 8)`,
    ],
  );
  writeFileSync(join(folder, 'colours.mjs'), coloursModule.replace('[24, 8]', '[96, 8]'));
  const run = await ssp(folder, ['run', 'study.ssp', '--keep-going']);
  expect(run.code).toBe(1);
  const commands = [...run.err.matchAll(/`ssp (replay [0-9a-f]{64} --store \S+)`/g)];
  const told = await Promise.all(
    commands.map(([, command = '']) => ssp(folder, command.split(' '))),
  );
  expect(
    told.map(({ code, out }) => [code, /^\w+/.exec(out)?.[0]]).sort(),
    run.err + told.map(({ err }) => err).join(''),
  ).toEqual([
    [0, 'encoder'],
    [0, 'steep_probe'],
  ]);
}, 240_000);
