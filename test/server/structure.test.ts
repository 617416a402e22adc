import { expect, it } from 'vitest';
import type {
  DocumentSymbol,
  FoldingRange,
  SemanticTokens,
  SymbolInformation,
  TextEdit,
} from 'vscode-languageserver/node';
import { format } from '../../src/language/format/format.js';
import { applied, sharedClient } from './client.js';
import { study } from './study.js';

const shared = sharedClient({ files: { 'lab/other.ssp': 'let elsewhere = 1\n' } });

it('outlines a file', async () => {
  await shared().open('a.ssp', study);
  const found = await shared().ask<DocumentSymbol[]>('textDocument/documentSymbol', 'a.ssp');
  expect(found.map((s) => `${s.detail} ${s.name}`)).toEqual([
    'param epochs',
    'axis seed',
    'dataset emojis',
    'axis pairs',
    'transform views',
    'train encoder',
    'evaluate group',
    'let gain',
    'report results',
    'expect mean(gain, over: seed) > 0%',
  ]);
  const encoder = found.find((s) => s.name === 'encoder');
  expect(encoder?.range).toMatchObject({ start: { line: 19 }, end: { line: 27 } });
  expect(encoder?.selectionRange.start).toEqual({ line: 20, character: 6 });
});

it('outlines a def with its parts', async () => {
  await shared().open('d.ssp', 'def f(a: Int) -> Int {\n  let b = a\n  return b\n}\n');
  const found = await shared().ask<DocumentSymbol[]>('textDocument/documentSymbol', 'd.ssp');
  expect(found).toMatchObject([{ name: 'f', children: [{ name: 'b', detail: 'let' }] }]);
});

it('finds symbols of the whole folder', async () => {
  const found = await shared().connection.sendRequest<SymbolInformation[]>('workspace/symbol', {
    query: 'ELSE',
  });
  expect(found).toMatchObject([
    { name: 'elsewhere', location: { uri: shared().uri('lab/other.ssp') } },
  ]);
});

it('folds brackets, imports and comments', async () => {
  await shared().open('f.ssp', `// one\n// two\n${study}`);
  const found = await shared().ask<FoldingRange[]>('textDocument/foldingRange', 'f.ssp');
  const folds = found.map((f) => `${f.kind} ${f.startLine}-${f.endLine}`);
  expect(folds).toContain('comment 0-2');
  expect(folds).toContain('imports 4-10');
  expect(folds).toContain('region 22-28');
});

it('colours words by what they mean', async () => {
  await shared().open('t.ssp', study);
  const { data } = await shared().ask<SemanticTokens>('textDocument/semanticTokens/full', 't.ssp');
  const legend = shared().server.capabilities.semanticTokensProvider?.legend;
  const lines = study.split('\n');
  const words = new Map<string, string>();
  let [line, character] = [0, 0];
  for (let i = 0; i < data.length; i += 5) {
    const [down = 0, right = 0, length = 0, type = 0, bits = 0] = data.slice(i, i + 5);
    line += down;
    character = down > 0 ? right : character + right;
    const modifiers = legend?.tokenModifiers.filter((_, m) => bits & (1 << m)) ?? [];
    const text = lines[line]?.slice(character, character + length) ?? '';
    words.set(`${line} ${text}`, [legend?.tokenTypes[type], ...modifiers].join(' '));
  }
  const at = (start: string, word: string) => {
    return words.get(`${lines.findIndex((l) => l.startsWith(start))} ${word}`);
  };
  expect(at('/// A study', '/// A study.')).toBe('comment documentation');
  expect(at('import std.ssl', 'ssl')).toBe('property');
  expect(at('import std.ssl', 'simclr')).toBe('function readonly defaultLibrary');
  expect(at('param epochs', 'epochs')).toBe('variable declaration');
  expect(at('param epochs', 'Int')).toBe('type');
  expect(at('param epochs', '20')).toBe('number');
  expect(at('@retries', 'retries')).toBe('decorator');
  expect(at('train', 'train')).toBe('keyword');
  expect(at('  simclr', 'temperature')).toBe('parameter');
  expect(at('let gain', 'top1')).toBe('property');
  expect(at('let gain', 'sp')).toBe('enumMember');
  expect(at('expect', 'mean')).toBe('function defaultLibrary');
});

it('lays a file out as `ssp fmt` does, and leaves one with mistakes', async () => {
  const text = 'let   a=1 // one\nexpect a>0\n';
  await shared().open('l.ssp', text);
  const options = { tabSize: 2, insertSpaces: true };
  const edits = await shared().ask<TextEdit[]>('textDocument/formatting', 'l.ssp', { options });
  expect(applied(text, edits)).toBe(format({ path: 'l.ssp', text }).text);
  await shared().change('l.ssp', 'let   a = = 1\n');
  expect(await shared().ask('textDocument/formatting', 'l.ssp', { options })).toEqual([]);
  await shared().change('l.ssp', 'let a = 1\n');
  expect(await shared().ask('textDocument/formatting', 'l.ssp', { options })).toEqual([]);
});
