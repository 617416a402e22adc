import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { twoColours } from '../support/two-colours.js';

const study = (halving: string) => `import std.pairs.augmented_pairs
import std.views.crop_only
import std.ssl.simclr
import std.backbone.resnet18
import std.train.{after, pretrain}
import std.probe.knn_probe

extern stage drawn(shift: Int = 0) -> Images{attributes: "class" | "artist", splits: "train" | "validation" | "test"}
  from "./drawn.mjs"

axis seed = [1, 2]
dataset drawings = drawn()
dataset pairs = augmented_pairs(drawings)
${halving}
train encoder = pretrain(pairs, crop_only(size: 8px), simclr(), resnet18(width: 4, stem: "small"), epochs: 2, batch: 4, seed, keep: after([1]))
evaluate probe = knn_probe(encoder, drawings, k: 1)
report trials = table(probe.top1, rows: seed, columns: at)
`;

interface Stage {
  readonly id: string;
  readonly action: string;
  readonly digest?: string;
}

it('stops all but the best, goes on from where it stopped, and knows it again', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'drawn.mjs'), twoColours);
  const write = (text: string) => writeFileSync(join(folder, 'study.ssp'), text);
  const stagesOf = (out: string): readonly Stage[] => JSON.parse(out).stages;
  write(study('@halving(by: probe.top1, over: seed, factor: 2)'));

  const run = await ssp(folder, ['run', 'study.ssp', '--json']);
  expect(run.code).toBe(0);
  expect(run.err).toContain('11 ran, 0 hit, 3 dropped');
  const encoders = stagesOf(run.out).filter(({ id }) => id.startsWith('encoder['));
  const [best] = encoders.filter(({ action }) => action !== 'drop');
  const [other] = encoders.filter(({ action }) => action === 'drop');
  const why = 'after epoch 1 it was number 2 of 2 by probe.top1; 1 went on';
  expect(run.err).toContain(`drop  ${other?.id}: ${why}`);
  expect((await ssp(folder, ['why', 'study.ssp', other?.id ?? ''])).out).toContain(why);
  const plan = await ssp(folder, ['plan', 'study.ssp']);
  expect(plan.out).toContain('11 hit, 0 run, 0 await, 3 drop');
  expect(plan.out).toContain(why);
  const frozen = await ssp(folder, ['run', 'study.ssp', '--frozen']);
  expect([frozen.code, frozen.err]).toEqual([0, expect.stringContaining('0 ran, 11 hit')]);

  // a training that went on from its rung has the bytes of one that never stopped
  write(study(''));
  const whole = ['--only', best?.id ?? '', '--store', 'other', '--json'];
  const never = stagesOf((await ssp(folder, ['run', 'study.ssp', ...whole])).out);
  expect(never.find(({ id }) => id === best?.id)?.digest).toBe(best?.digest);
}, 600_000);
