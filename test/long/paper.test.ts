import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { expectShape } from '../support/published-shape.js';
import { ssp } from '../support/ssp.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-paper-'));
cpSync(fileURLToPath(new URL('../../pipelines/paper/', import.meta.url)), folder, {
  recursive: true,
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const files = readdirSync(folder).filter((name) => name.endsWith('.ssp') && name !== 'study.ssp');

/** What makes a file as small as it can be, where it has the param; one store, so that files share what they can. */
const least = {
  seeds: '1',
  epochs: '1',
  shorter: '1',
  longer: '2',
  per_class: '1',
  some: '1',
  few: '1',
  size: '16px',
  width: '4',
  boxed_images: '20',
  detector_epochs: '1',
  strengths: '1',
};

interface Document {
  readonly stages: readonly { readonly outcome: string }[];
  readonly tables: readonly { readonly name: string; readonly cells: readonly unknown[][] }[];
}

it.each(files)('runs %s from the data to its tables', async (file) => {
  const { out: help } = await ssp(folder, ['run', file, '--help']);
  const set = Object.entries(least).flatMap(([name, value]) =>
    new RegExp(`^  ${name}: `, 'm').test(help) ? ['--set', `${name}=${value}`] : [],
  );
  const { code, out, err } = await ssp(folder, ['run', file, '--json', ...set]);
  expect(code, err).toBe(0);
  const document = JSON.parse(out) as Document;
  expectShape('run', document);
  const done = ['ran', 'hit'];
  expect(document.stages.map(({ outcome }) => outcome).filter((o) => !done.includes(o))).toEqual(
    [],
  );
  for (const { name, cells } of document.tables) {
    expect(cells.length, name).toBeGreaterThan(0);
    for (const row of cells)
      expect(row, name).toContainEqual(expect.objectContaining({ count: 1 }));
  }
});
