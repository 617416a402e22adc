import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Client, startClient } from './client.js';
import { hintsOf, hoverOf, pretendRun } from './look.js';
import { study, studyWith } from './study.js';

/** Hints come when the plan is made. */
const shown = (client: Client, text: string) => {
  return expect.poll(() => hintsOf(client, text), { timeout: 20_000 });
};

it('says at each stage what a run would do, and why', async () => {
  const client = await startClient();
  await client.open('a.ssp', study);
  await shown(client, study).toEqual({
    'dataset emojis': '1 point: run, not computed before',
    'axis pairs': '2 points: await emojis',
    'train encoder': '6 points: await pairs',
    'evaluate group': '6 points: await emojis, encoder.features.emojis',
  });
  expect(existsSync(join(client.folder, '.ssp'))).toBe(false);
});

it('tells hits from what changed, in a text that is not saved', async () => {
  const client = await startClient();
  await pretendRun(client.folder, study, 'emojis');
  await pretendRun(client.folder, study, 'pairs');
  await client.open('a.ssp', study);
  await shown(client, study).toMatchObject({
    'dataset emojis': '1 point: hit',
    'axis pairs': '2 points: hit',
    'train encoder': '6 points: run, not computed before',
  });
  const other = studyWith(['semantic_pairs(emojis)', 'semantic_pairs(emojis, seed: 7)']);
  await client.change('a.ssp', other);
  await shown(client, other).toMatchObject({
    'axis pairs': '2 points: 1 hit, 1 run, seed 0 → 7',
    'train encoder': '6 points: 3 run, 3 await, not computed before …',
  });
  expect(await hoverOf(client, 'a.ssp', other, 'pairs = {')).toContain(
    '**2 points: 1 hit, 1 run**\n\n- seed 0 → 7',
  );
});

it('keeps what it knew while a file has mistakes', async () => {
  const client = await startClient();
  const text = study;
  await client.open('a.ssp', text);
  await shown(client, text).not.toEqual({});
  const before = await hintsOf(client, text);
  await client.change('a.ssp', text.replace('epochs,', 'epocs,'));
  await client.diagnostics('a.ssp');
  await shown(client, text).toEqual(before);
});

it('shows filled defaults where they are wanted', async () => {
  const settings = { inlayHints: { stages: false, defaults: true } };
  const client = await startClient({ settings });
  const text = `import std.ssl.simclr
import std.views.crop_only
let m = simclr(temperature: 20%)
let n = simclr()
let o = simclr(
  dim: 64, // so few
) // fewer than usual
let p = crop_only(size: 32px, scale: 0.2..1.0)
`;
  await client.open('a.ssp', text);
  await client.diagnostics('a.ssp');
  await shown(client, text).toEqual({
    'let m': ', hidden: 2048, dim: 128, head: "paper", …',
    'let n': 'temperature: 50%, hidden: 2048, dim: 128, …',
    ') //': 'temperature: 50%, hidden: 2048, head: "paper", …',
    'let p': ', ratio: 0.75..1.3333…',
  });
});

it('reads the files that a stage names, and says which it cannot', async () => {
  const client = await startClient({ files: { 'list.csv': 'a,b\n' } });
  const text = `import std.data.emoji
import std.pairs.semantic_pairs
dataset emojis = emoji(size: 32px)
dataset pairs = semantic_pairs(emojis, list: file("list.csv"))
`;
  writeFileSync(join(client.folder, 'list.csv'), Buffer.alloc(65 * 2 ** 20));
  await client.open('a.ssp', text);
  await shown(client, text).toMatchObject({
    'dataset pairs': '1 point: await list.csv, which is large: `ssp plan` reads it',
  });
});
