import { join } from 'node:path';
import type { Hover, InlayHint } from 'vscode-languageserver/node';
import { outputOf } from '../../src/execute/output.js';
import { openWorld } from '../../src/execute/schedule/open-world.js';
import { rememberRun } from '../../src/execute/store/roots.js';
import { Store } from '../../src/execute/store/store.js';
import { compile } from '../../src/language/compile.js';
import { planPoints } from '../../src/plan/build-plan.js';
import { unfold } from '../../src/plan/unfold.js';
import { type Client, positionAt } from './client.js';

const numeric = { device: 'cpu', precision: 'fp32' } as const;

/** Enters results for the points of a text that `ssp plan` would run, as a run would. */
export async function pretendRun(folder: string, text: string, name: string): Promise<void> {
  const { program } = compile({ readText: () => text }, join(folder, 'a.ssp'));
  if (!program) throw new Error('the text has mistakes');
  const store = new Store(join(folder, '.ssp'));
  store.prepare();
  const points = unfold(program, { env: {} });
  const world = await openWorld(points, {
    store,
    env: {},
    numeric,
    of: { file: join(folder, 'a.ssp'), set: {} },
  });
  for (const { key, record, id, ...stage } of planPoints('a.ssp', points, world).stages) {
    if (stage.name !== name || key === undefined || record === undefined) continue;
    const output = outputOf(stage.result, {}, {});
    const finishedAt = '2026-01-01T00:00:00.000Z';
    const environment = {};
    store.putRecord({ version: 1, key, record, id, output, seconds: 1, finishedAt, environment });
    const of = { file: join(folder, 'a.ssp'), set: {}, numeric };
    rememberRun(store, of, [{ stage: record.stage, id, key }], { part: true });
  }
}

/** The hints of a document by the first words of their line. */
export async function hintsOf(
  client: Client,
  text: string,
): Promise<Readonly<Record<string, string>>> {
  const range = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
  const found = await client.ask<InlayHint[]>('textDocument/inlayHint', 'a.ssp', { range });
  return Object.fromEntries(
    found.map(({ position, label }) => {
      const line = text.split('\n')[position.line] ?? '';
      return [line.trim().split(' ').slice(0, 2).join(' '), String(label)];
    }),
  );
}

/** What the mouse shows over the first place of a text. */
export async function hoverOf(
  client: Client,
  name: string,
  text: string,
  place: string,
): Promise<string> {
  const position = positionAt(text, text.indexOf(place));
  const found = await client.ask<Hover | null>('textDocument/hover', name, { position });
  const contents = found?.contents;
  return typeof contents === 'object' && 'value' in contents ? contents.value : '';
}
