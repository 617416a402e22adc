import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Hover, InlayHint } from 'vscode-languageserver/node';
import { openWorld } from '../../src/execute/open-world.js';
import { outputOf } from '../../src/execute/output.js';
import { Store } from '../../src/execute/store.js';
import { compile } from '../../src/language/compile.js';
import { planPoints } from '../../src/plan/build-plan.js';
import { unfold } from '../../src/plan/unfold.js';
import { type Client, startClient } from './client.js';
import { study, studyWith } from './study.js';

const numeric = { device: 'cpu', precision: 'fp32' } as const;

/** Enters results for the points of a text that `ssp plan` would run, as a run would. */
async function pretendRun(folder: string, text: string, name: string): Promise<void> {
  const { program } = compile({ readText: () => text }, join(folder, 'a.ssp'));
  if (!program) throw new Error('the text has mistakes');
  const store = new Store(join(folder, '.ssp'));
  store.prepare();
  const points = unfold(program, { env: {} });
  const world = await openWorld(points, { store, env: {}, numeric, cwd: folder });
  for (const { key, record, id, ...stage } of planPoints('a.ssp', points, world).stages) {
    if (stage.name !== name || key === undefined || record === undefined) continue;
    const output = outputOf(stage.result, {}, {});
    const finishedAt = '2026-01-01T00:00:00.000Z';
    const environment = {};
    store.putRecord({ version: 1, key, record, id, output, seconds: 1, finishedAt, environment });
    store.setLatest(record.stage, id, key);
  }
}

/** The hints of a document by the first words of their line. */
async function hints(client: Client, text: string): Promise<Readonly<Record<string, string>>> {
  const range = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
  const found = await client.ask<InlayHint[]>('textDocument/inlayHint', 'a.ssp', { range });
  return Object.fromEntries(
    found.map(({ position, label }) => {
      const line = text.split('\n')[position.line] ?? '';
      return [line.trim().split(' ').slice(0, 2).join(' '), String(label)];
    }),
  );
}

/** Hints come when the plan is made. */
const shown = (client: Client, text: string) => {
  return expect.poll(() => hints(client, text), { timeout: 20_000 });
};

it('says at each stage what a run would do, and why', async () => {
  const client = await startClient();
  await client.open('a.ssp', study);
  await shown(client, study).toEqual({
    'dataset emojis': '1 point: run, not computed before',
    'axis pairs': '2 points: await emojis',
    'train encoder': '6 points: await pairs',
    'evaluate group': '6 points: await emojis, encoder',
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
  const hover = await client.ask<Hover>('textDocument/hover', 'a.ssp', {
    position: {
      line: other.split('\n').findIndex((l) => l.startsWith('axis pairs')),
      character: 6,
    },
  });
  expect(JSON.stringify(hover.contents)).toContain('**2 points: 1 hit, 1 run**\\n\\n- seed 0 → 7');
});

it('keeps what it knew while a file has mistakes', async () => {
  const client = await startClient();
  const text = study;
  await client.open('a.ssp', text);
  await shown(client, text).not.toEqual({});
  const before = await hints(client, text);
  await client.change('a.ssp', text.replace('epochs,', 'epocs,'));
  await client.diagnostics('a.ssp');
  await shown(client, text).toEqual(before);
});

it('shows filled defaults where they are wanted', async () => {
  const settings = { inlayHints: { stages: false, defaults: true } };
  const client = await startClient({ settings });
  const text = 'import std.ssl.simclr\nlet m = simclr(temperature: 20%)\nlet n = simclr()\n';
  await client.open('a.ssp', text);
  await client.diagnostics('a.ssp');
  await shown(client, text).toEqual({
    'let m': ', hidden: 2048, dim: 128',
    'let n': 'temperature: 50%, hidden: 2048, dim: 128',
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
