import { expect, it } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import { applied, sharedClient } from './client.js';

const shared = sharedClient();
let count = 0;

/** What the actions on a text are called, and what each makes of it. */
async function actions(text: string): Promise<Readonly<Record<string, string>>> {
  const name = `a${count++}.ssp`;
  await shared().open(name, text);
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const found = await shared().ask<CodeAction[]>('textDocument/codeAction', name, {
    range,
    context: { diagnostics: [] },
  });
  return Object.fromEntries(
    found.map(({ title, edit }) => [
      title,
      applied(text, edit?.changes?.[shared().uri(name)] ?? []),
    ]),
  );
}

it('mends a misspelt name', async () => {
  expect(await actions('let rate = 1\nexpect rote > 0\n')).toMatchObject({
    'Change to `rate`': 'let rate = 1\nexpect rate > 0\n',
  });
  expect(await actions('import std.ssl.simclr\nlet m = simclr(tmeperature: 3%)\n')).toMatchObject({
    'Change to `temperature`': 'import std.ssl.simclr\nlet m = simclr(temperature: 3%)\n',
  });
});

it('adds the import that is missing', async () => {
  expect(await actions('import std.ssl.simclr\nlet a = [simclr(), vicreg()]\n')).toMatchObject({
    'Import `vicreg` from `std.ssl`':
      'import std.ssl.{simclr, vicreg}\nlet a = [simclr(), vicreg()]\n',
  });
  expect(await actions('import std.ssl.{simclr, resnet18}\nlet a = simclr()\n')).toMatchObject({
    'Import `resnet18` from `std.backbone`':
      'import std.ssl.{simclr}\nimport std.backbone.resnet18\nlet a = simclr()\n',
  });
});

it('removes what is unused', async () => {
  const text =
    'import std.ssl.{simclr, vicreg}\nimport std.data.emoji\n\n/// Why.\nlet a = simclr()\n\nexpect 1 > 0\n';
  expect(await actions(text)).toMatchObject({
    'Remove `vicreg`': text.replace(', vicreg', ''),
    'Remove `emoji`': text.replace('import std.data.emoji\n', ''),
    'Remove `a`': text.replace('/// Why.\nlet a = simclr()\n', ''),
    'Remove all unused imports': text
      .replace(', vicreg', '')
      .replace('import std.data.emoji\n', ''),
  });
});

it('gives a number its unit, a stage its keyword, a comment its slashes', async () => {
  expect(await actions('import std.data.emoji\ndataset e = emoji(size: 32)\n')).toMatchObject({
    'Change to `32px`': 'import std.data.emoji\ndataset e = emoji(size: 32px)\n',
  });
  expect(await actions('import std.data.emoji\ntrain e = emoji(size: 32px)\n')).toMatchObject({
    'Use `dataset`': 'import std.data.emoji\ndataset e = emoji(size: 32px)\n',
  });
  expect(await actions('let a = 1 + /// why\n  2\nexpect a > 0\n')).toMatchObject({
    'Make it an ordinary comment': 'let a = 1 + // why\n  2\nexpect a > 0\n',
  });
});

it('offers nothing where nothing is wrong', async () => {
  expect(await actions('let a = 1\nexpect a > 0\n')).toEqual({});
});
