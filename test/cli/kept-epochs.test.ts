import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { twoColours } from '../support/two-colours.js';

const study = (keep: string, rows: string) => `import std.pairs.augmented_pairs
import std.views.crop_only
import std.ssl.simclr
import std.backbone.resnet18
import std.train.{${keep === '' ? '' : 'every, '}pretrain}
import std.probe.knn_probe

extern stage drawn(shift: Int = 0) -> Images{attributes: "class" | "artist", splits: "train" | "validation" | "test"}
  from "./drawn.mjs"

dataset drawings = drawn()
dataset pairs = augmented_pairs(drawings)
train encoder = pretrain(pairs, crop_only(size: 8px), simclr(), resnet18(width: 4, stem: "small"), epochs: 3, batch: 4${keep})
evaluate probe = knn_probe(encoder, drawings, k: 1)
report curve = table({top1: probe.top1, time: encoder.time}${rows})
`;

interface Planned {
  readonly id: string;
  readonly key: string | null;
  readonly action: string;
}

async function planned(folder: string, store: string): Promise<readonly Planned[]> {
  const { out } = await ssp(folder, ['plan', 'study.ssp', '--json', '--store', store]);
  return JSON.parse(out).stages;
}

it('keeps encoders of epochs after the fact, at the same key, and the same ones when asked before', async () => {
  const folder = temporaryFolder();
  const write = (text: string) => writeFileSync(join(folder, 'study.ssp'), text);
  const run = (store: string) => ssp(folder, ['run', 'study.ssp', '--store', store]);
  writeFileSync(join(folder, 'drawn.mjs'), twoColours);

  write(study('', ''));
  expect((await run('later')).err).toContain('5 ran, 0 hit');
  const before = await planned(folder, 'later');
  write(study(', keep: every(1)', ', rows: at'));
  const kept = await planned(folder, 'later');
  const keyOf = (id: string, of: readonly Planned[]) => of.find((stage) => stage.id === id)?.key;
  expect(keyOf('encoder', kept)).toBe(keyOf('encoder', before));
  expect(kept.find(({ id }) => id === 'encoder')?.action).toBe('hit');
  const later = await run('later');
  expect(later.err).not.toContain('start encoder\n');
  expect(later.out).toMatch(/^3 +\d+\.\d % +\d/m);
  expect(later.err).toContain('6 ran, 5 hit');

  // The bytes are those of a training that was asked to keep them: what reads them has the same key.
  expect((await run('first')).err).toContain('11 ran, 0 hit');
  const [a, b] = [await planned(folder, 'later'), await planned(folder, 'first')];
  expect(new Map(a.map(({ id, key }) => [id, key]))).toEqual(
    new Map(b.map(({ id, key }) => [id, key])),
  );
  expect(new Set(a.map(({ action }) => action))).toEqual(new Set(['hit']));

  const report = await ssp(folder, ['report', 'study.ssp', '--store', 'first', '-o', 'page']);
  expect(report.code).toBe(0);
  const page = readFileSync(join(folder, 'page', 'report.md'), 'utf8');
  expect(page).toContain('| Epoch |');
  // The figure of the table is a line over epochs, and the loss is drawn of the training alone.
  expect(readFileSync(join(folder, 'page', 'figures', 'curve.svg'), 'utf8')).toContain('>Epoch<');
  expect(page).not.toContain('encoder.at, loss');
  const why = await ssp(folder, ['why', 'study.ssp', 'encoder.at[at=2]', '--store', 'first']);
  expect(why.out).toContain('epoch: 2');
}, 300_000);
