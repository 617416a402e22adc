import { expect, it } from 'vitest';
import type { Hover, Location, SignatureHelp } from 'vscode-languageserver/node';
import { offsetAt, sharedClient } from './client.js';
import { study, studyWith } from './study.js';

async function hover(source: string): Promise<string> {
  const found = await shared().at<Hover | null>('textDocument/hover', source);
  const contents = found?.contents;
  return typeof contents === 'object' && 'value' in contents ? contents.value : '';
}

it('shows the declaration, documentation and source of a stage or value', async () => {
  const text = await hover(studyWith(['simclr(temp', 'sim<|>clr(temp']));
  expect(text).toMatch(/simclr\(\s*temperature: Fraction\(1%\.\.1000%\) = 50%/);
  expect(text).toContain('arXiv:2002.05709');
  expect(text).toContain('From `std.ssl`.');
});

it('shows the type, default and meaning of a parameter', async () => {
  const text = await hover(studyWith(['width: 16', 'wid<|>th: 16']));
  expect(text).toContain('width: Int(1..) = 64');
  expect(text).toContain('A parameter of `resnet18`.');
});

it('shows what names of the file are', async () => {
  expect(await hover(studyWith(['param epochs', 'param ep<|>ochs']))).toBe(
    '```ssp\nparam epochs: Int(1..) = 20\n```\n\nHow often.',
  );
  expect(await hover(studyWith(['axis pairs', 'axis pa<|>irs']))).toContain('2 labels: `sp`, `ap`');
  const encoder = await hover(studyWith(['train encoder', 'train enc<|>oder']));
  expect(encoder).toContain('train encoder: Encoder');
  expect(encoder).toContain('Varies over `pairs` (2) × `seed` (3).');
  expect(encoder).toContain('The encoder.');
  expect(await hover(studyWith(['group.top1[pairs: sp]', 'group.to<|>p1[pairs: sp]']))).toContain(
    'top1: Fraction',
  );
  expect(await hover(studyWith(['[pairs: sp]', '[pairs: s<|>p]']))).toContain(
    'A label of the axis `pairs`: `semantic_pairs(emojis)`',
  );
  const named = await hover(
    studyWith([
      'augmented_pairs(emojis)}',
      'augmented_pairs(emojis) as "Augmented"}\nlet ap = group.top1[pairs: a<|>p]',
    ]),
  );
  expect(named).toContain('Shown as "Augmented".');
  expect(await hover(studyWith(['expect mean', 'expect me<|>an']))).toContain('The mean');
  expect(await hover(studyWith(['@retries', '@ret<|>ries']))).toContain('tried again');
  expect(await hover(studyWith(['train encoder', 'tra<|>in encoder']))).toContain(
    '`train`, a keyword: a stage that makes an Encoder',
  );
  expect(await hover('extern stage a(of: Ima<|>ges) -> Files command "x {of} {out}"\n')).toContain(
    '`Images`, a type',
  );
  expect(await hover('let a = {tra<|>in: 1}\n')).toBe('');
  expect(await hover(studyWith(['= 1..3', '= 1.<|>.3']))).toBe('');
});

/** The words at the places that are found. */
function words(text: string, found: readonly Location[] | null) {
  return (found ?? []).map(({ uri, range }) => {
    const name = uri.slice(shared().uri('').length + 1);
    const at = offsetAt(text, range.start);
    return `${name === 'at.ssp' ? '' : `${uri.split('/').at(-1)} `}${text.slice(at - 4, offsetAt(text, range.end))}`;
  });
}

it('finds where a name is declared', async () => {
  const go = async (source: string) => {
    const found = await shared().at<Location[] | null>('textDocument/definition', source);
    return words(study, found);
  };
  expect(await go(studyWith(['table({gain}', 'table({ga<|>in}']))).toEqual(['let gain']);
  expect(await go(studyWith(['[pairs: ap]', '[pairs: a<|>p]']))).toEqual(['s), ap']);
  const [library] =
    (await shared().at<Location[] | null>(
      'textDocument/definition',
      studyWith(['= pretrain', '= pre<|>train']),
    )) ?? [];
  expect(library?.uri).toMatch(/stdlib\/train\.ssp$/);
  const [module] =
    (await shared().at<Location[] | null>(
      'textDocument/definition',
      studyWith(['import std.ssl', 'import std.s<|>sl']),
    )) ?? [];
  expect(module?.uri).toMatch(/stdlib\/ssl\.ssp$/);
});

it('finds the file of an import, whether or not it has the name, and only as its path says', async () => {
  const go = async (source: string) => {
    const found = await shared().at<Location[] | null>('textDocument/definition', source);
    return (found ?? []).map(({ uri }) => uri.split('/').at(-1));
  };
  expect(await go('import "./vi<|>ews.ssp".{strong}\nexpect strong > 0\n')).toEqual(['views.ssp']);
  expect(await go('import "./vi<|>ews.ssp".{nothing}\n')).toEqual(['views.ssp']);
  expect(await go('import "./go<|>ne.ssp".{nothing}\n')).toEqual(['gone.ssp']);
  // A package has no path of its own: only a name that was found says where it lies.
  expect(await go('import "@lab/vi<|>ews/strong.ssp".{nothing}\n')).toEqual([]);
});

it('opens a file of the library without mistakes', async () => {
  const [place] =
    (await shared().at<Location[] | null>(
      'textDocument/definition',
      studyWith(['= pretrain', '= pre<|>train']),
    )) ?? [];
  const uri = place?.uri ?? '';
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(new URL(uri), 'utf8');
  const published = new Promise((resolve) => {
    shared().connection.onNotification('textDocument/publishDiagnostics', (p) => {
      if ((p as { uri: string }).uri === uri)
        resolve((p as { diagnostics: unknown[] }).diagnostics);
    });
  });
  const textDocument = { uri, languageId: 'ssp', version: 1, text };
  await shared().connection.sendNotification('textDocument/didOpen', { textDocument });
  expect(await published).toEqual([]);
});

it('finds where a name is used, also in files that are not open', async () => {
  const source = 'import "./views.ssp".{strong}\nlet y = str<|>ong\nexpect y > 0\n';
  const found = await shared().at<Location[]>('textDocument/references', source, {
    context: { includeDeclaration: true },
  });
  const places = found.map(({ uri, range }) => {
    return `${uri.split('/').at(-1)}:${range.start.line}:${range.start.character}`;
  });
  expect(places.toSorted()).toEqual([
    'at.ssp:0:22',
    'at.ssp:1:8',
    'other.ssp:0:22',
    'views.ssp:0:4',
    'views.ssp:1:12',
  ]);
});

const files = {
  'views.ssp': 'let strong = 0.5\nlet twice = strong * 2\n',
  'other.ssp': 'import "./views.ssp".{strong as s}\nlet x = s\nexpect x > 0\n',
};
const shared = sharedClient({ files });

it('shows the parameter that is being written', async () => {
  const help = async (source: string) => {
    const found = await shared().at<SignatureHelp | null>('textDocument/signatureHelp', source);
    const [signature] = found?.signatures ?? [];
    const [from, to] = signature?.parameters?.[found?.activeParameter ?? 0]?.label ?? [0, 0];
    return signature?.label.slice(Number(from), Number(to));
  };
  expect(await help(studyWith('\nlet m = simclr(<|>'))).toBe(
    'temperature: Fraction(1%..1000%) = 50%',
  );
  expect(await help(studyWith('\nlet m = simclr(30%, <|>)'))).toBe('hidden: Int(1..) = 2048');
  expect(await help(studyWith('\nlet m = simclr(30%, dim: <|>)'))).toBe('dim: Int(2..) = 128');
  expect(await help(studyWith('\nlet m = mean(gain, over: <|>)'))).toBe('over: axes');
  // a bare name that is a parameter is that parameter
  expect(await help(studyWith('\nlet m = simclr(dim<|>)'))).toBe('dim: Int(2..) = 128');
  expect(await help(studyWith('\nlet m = simclr(dim, <|>)'))).toBe(
    'temperature: Fraction(1%..1000%) = 50%',
  );
});
