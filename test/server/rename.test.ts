import { expect, it } from 'vitest';
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import { applied, marked, sharedClient } from './client.js';
import { studyWith } from './study.js';

/** The text of the open file after a rename. */
async function renamed(source: string, newName: string): Promise<string> {
  const { changes } = await shared().at<WorkspaceEdit>('textDocument/rename', source, { newName });
  return applied(marked(source).text, changes?.[shared().uri('at.ssp')] ?? []);
}

async function refusal(source: string, newName: string): Promise<string> {
  return renamed(source, newName).then(
    (text) => `renamed: ${text}`,
    (error) => error.message,
  );
}

it('renames every use, and keeps what short forms mean', async () => {
  expect(await renamed(studyWith(['let gain', 'let ga<|>in']), 'better')).toBe(
    studyWith(['let gain', 'let better'])
      .replace('{gain}', '{gain: better}')
      .replace('mean(gain', 'mean(better'),
  );
  expect(await renamed(studyWith(['param epochs', 'param ep<|>ochs']), 'passes')).toBe(
    studyWith(['param epochs', 'param passes']).replace('  epochs,', '  epochs: passes,'),
  );
});

it('keeps which parameter a bare name fills', async () => {
  const study = (name: string, first: string, call: string) =>
    `import std.data.emoji\nimport std.pairs.augmented_pairs\n\nparam ${name}: Int = 1\n` +
    `dataset ${first} = emoji()\ndataset p = augmented_pairs(${call})\n`;
  const from = (call: string) => study('se<|>ed', 'source', call);
  expect(await renamed(from('source, seed'), 'start')).toBe(
    study('start', 'source', 'source, seed: start'),
  );
  expect(await renamed(from('seed, emoji()'), 'start')).toBe(
    study('start', 'source', 'seed: start, source: emoji()'),
  );
  // what stands in its own place may have any name, but not that of another parameter
  const first = (to: string) => renamed(study('seed', 'sour<|>ce', 'source, 5'), to);
  expect(await first('images')).toBe(study('seed', 'images', 'images, 5'));
  expect(await first('per_class')).toBe(
    study('seed', 'per_class', 'source: per_class, per_class: 5'),
  );
});

it('renames an axis and its labels', async () => {
  const axis = await renamed(studyWith(['axis pairs', 'axis pa<|>irs']), 'kind');
  expect(axis).toBe(
    studyWith(['axis pairs', 'axis kind'])
      .replaceAll('[pairs:', '[kind:')
      .replace('  pairs,', '  kind,'),
  );
  const label = await renamed(studyWith(['[pairs: sp]', '[pairs: s<|>p]']), 'semantic');
  expect(label).toBe(studyWith(['{sp:', '{semantic:']).replace('[pairs: sp]', '[pairs: semantic]'));
});

it('renames a name that is its own label', async () => {
  const source =
    'let fast = 1\nlet slow = 2\naxis speed = [fa<|>st, slow]\nexpect speed[speed: fast] > 0\n';
  expect(await renamed(source, 'quick')).toBe(
    'let quick = 1\nlet slow = 2\naxis speed = [quick, slow]\nexpect speed[speed: quick] > 0\n',
  );
});

it('takes a name of the library under another one', async () => {
  expect(await renamed(studyWith(['  simclr(temp', '  sim<|>clr(temp']), 'nt_xent')).toBe(
    studyWith(['std.ssl.simclr', 'std.ssl.simclr as nt_xent']).replace(
      'simclr(temp',
      'nt_xent(temp',
    ),
  );
});

it('renames the parameters of a def, inside and at its calls', async () => {
  const source = 'def f(a<|>: Int) -> Int {\n  return a + 1\n}\nlet x = f(a: 2)\nexpect x > 0\n';
  expect(await renamed(source, 'n')).toBe(
    'def f(n: Int) -> Int {\n  return n + 1\n}\nlet x = f(n: 2)\nexpect x > 0\n',
  );
});

it('keeps where bare arguments go when a parameter takes the name of one', async () => {
  const source = (x: string, calls: string) =>
    `def f(${x}: Int, y: Int = 2) -> Int {\n  return ${x.replace('<|>', '')} * 10 + y\n}\n` +
    `def g(m: Int) -> Int {\n  return ${calls}\n}\nexpect g(1) > 0\n`;
  const before = 'f(5, m) + f(m, 5) + f(y: m, x: 1) + f(m)';
  const after = 'f(5, y: m) + f(m, 5) + f(y: m, m: 1) + f(m)';
  expect(await renamed(source('x<|>', before), 'm')).toBe(source('m', after));
});

it('renames a stage of a def, inside and behind the names of its calls', async () => {
  const text = (
    name: string,
    at = name,
  ) => `extern stage tr(i: Int) -> Encoder command "tr {i} {out}"
def run(i: Int) -> Encoder {
  train ${name} = tr(i)
  return ${name}
}
train q = run(1)
train r = run(2)
expect q.${at}.time < r.${name}.time
`;
  expect(await renamed(text('inner', 'in<|>ner'), 'made')).toBe(text('made'));
});

it('renames across files', async () => {
  const source = 'import "./views.ssp".{strong}\nlet y = str<|>ong\nexpect y > 0\n';
  const { changes = {} } = await shared().at<WorkspaceEdit>('textDocument/rename', source, {
    newName: 'hard',
  });
  const after = Object.fromEntries(
    Object.entries({ ...files, 'at.ssp': marked(source).text }).map(([name, text]) => {
      return [name, applied(text, changes[shared().uri(name)] ?? [])];
    }),
  );
  expect(after).toEqual({
    'views.ssp': 'let hard = 0.5\nlet twice = hard * 2\n',
    'other.ssp': 'import "./views.ssp".{hard as s}\nlet x = s\nexpect x > 0\n',
    'at.ssp': 'import "./views.ssp".{hard}\nlet y = hard\nexpect y > 0\n',
  });
});

const files = {
  'views.ssp': 'let strong = 0.5\nlet twice = strong * 2\n',
  'other.ssp': 'import "./views.ssp".{strong as s}\nlet x = s\nexpect x > 0\n',
};
const shared = sharedClient({ files });

it('refuses keywords, built-in names, collisions and what is not ours', async () => {
  const gain = studyWith(['let gain', 'let ga<|>in']);
  expect(await refusal(gain, 'train')).toContain('`train` is a keyword');
  expect(await refusal(gain, 'mean')).toContain('`mean` is built in');
  expect(await refusal(gain, 'encoder')).toContain('`encoder` is declared in');
  expect(await refusal(gain, '1x')).toContain('is no name');
  expect(await refusal(studyWith(['width: 16', 'wi<|>dth: 16']), 'x')).toContain(
    'parameter of `std.backbone.resnet18`',
  );
  expect(await refusal(studyWith(['expect mean', 'expect me<|>an']), 'x')).toContain('built in');
  expect(await refusal(studyWith(['[pairs: sp]', '[pairs: s<|>p]']), 'ap')).toContain(
    'already has the label `ap`',
  );
  expect(await refusal(studyWith(['20%', '2<|>0%']), 'x')).toContain('no name here');
});
