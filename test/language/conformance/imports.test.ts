import { expect, it } from 'vitest';
import { compileFiles, countsIn, errorsIn, mistakesOf, paramsIn, programIn } from './study.js';

const views = `
import std.views.simclr_views
import std.data.emoji
param size: Pixels = 32px
param strength: Float = 0.5
axis seed = [5, 6]
let half = strength / 2
transform strong = simclr_views(size: size, strength: strength)
dataset source = emoji(size: size)
dataset seeded = emoji(size: 8px * seed)
report sizes = table({seed: 1})
expect 1 > 2
`;

const study = (take: string, use: string) => ({
  'study.ssp': `
import "./lib/views.ssp".{${take}}
import std.train.{pretrain, supervised, random_init}
import std.backbone.resnet18
import std.views.crop_only
${use}
`,
  'lib/views.ssp': views,
});

it('takes params, lets, axes, stages and descriptions from a file, under other names too', () => {
  const files = study(
    'strong as v, source, seed as s, half',
    'train e = supervised(source, v, resnet18(), seed: s)\nexpect half > 0',
  );
  const program = programIn(files);
  expect(program.stages.map((stage) => [stage.name, stage.dims])).toEqual([
    ['source', []],
    ['e', ['s']],
  ]);
  expect(program.axes.map((axis) => [axis.name, axis.labels.map((l) => l.label)])).toEqual([
    ['s', ['5', '6']],
  ]);
  expect(program.reports).toEqual([]);
  expect(program.expects).toHaveLength(1);
});

it('keeps axes and stages of two files apart that have one name', () => {
  const files = study(
    'seeded',
    'axis seed = [1, 2, 3]\ntrain e = supervised(seeded, crop_only(32px), resnet18(), seed: seed)',
  );
  expect(countsIn(files)).toEqual({ seeded: 2, e: 6 });
  expect(paramsIn(files, 'e[seed=2,views/seed=6]').images).toEqual({
    input: 'seeded[views/seed=6]',
  });
});

it('takes from a file that imports another, and keeps what is not taken out', () => {
  const files = {
    'study.ssp': `import "./a.ssp".{e}\nimport std.probe.linear_probe\nimport std.data.emoji
evaluate p = linear_probe(e, emoji())`,
    'a.ssp': `import "./deep/b.ssp".network\nimport std.train.random_init
axis seed = [1, 2]\ntrain e = random_init(network, seed: seed)\ntrain other = random_init(network)`,
    'deep/b.ssp': 'import std.backbone.resnet18\nlet network = resnet18(width: 8)',
  };
  expect(countsIn(files)).toEqual({ 'p.on': 1, e: 2, 'e.features.p.on': 2, p: 2 });
});

it('sets imported params alone, by the name that they have here', () => {
  const files = study('strong, strength as power', 'expect power > 0 and 1 > 0\nlet v = strong');
  const value = (set: Record<string, string>) => programIn(files, set).params;
  expect(value({})).toMatchObject([{ name: 'power', value: 0.5 }]);
  expect(value({ power: '1.5' })).toMatchObject([{ name: 'power', value: 1.5 }]);
  expect(errorsIn(files, { size: '64px' })).toEqual(['unknown-setting']);
  expect(errorsIn(files, { power: 'much' })).toEqual(['bad-setting']);
});

it('wants an imported param without a default to be set, or imported', () => {
  const needs = {
    'study.ssp': 'import "./a.ssp".{twice, n}\nexpect twice > n',
    'a.ssp': 'param n: Int\nlet twice = 2 * n',
  };
  expect(errorsIn(needs)).toEqual(['param-required']);
  expect(errorsIn(needs, { n: '3' })).toEqual([]);
  const hidden = { ...needs, 'study.ssp': 'import "./a.ssp".{twice}\nexpect twice > 1' };
  expect(mistakesOf(hidden)).toEqual(['param-required a.ssp:1']);
  expect(compileFiles(hidden).diagnostics[0]?.help).toContain('import `n` too');
});

it('shows each mistake in the file where it is, once', () => {
  const files = {
    'study.ssp': 'import "./a.ssp".{x, y, gone}\nexpect x > y and x > gone',
    'a.ssp': 'let x = 1 + "a"\nlet y = x + z\nlet unused = nothing\nlet torn = (',
  };
  expect(mistakesOf(files)).toEqual([
    'unknown-import study.ssp:1',
    'wrong-operand a.ssp:1',
    'unknown-name a.ssp:2',
    'syntax a.ssp:4',
  ]);
});

it('counts a param as used that is taken to be set', () => {
  const files = study('size, half', 'axis a = [1, 2]');
  const unused = compileFiles(files).diagnostics.filter(({ code }) => code === 'unused');
  expect(unused.map(({ message }) => message).filter((text) => /size|half/.test(text))).toEqual([
    '`half` is imported and never used',
  ]);
});

it('takes neither reports nor what the other file imports', () => {
  expect(mistakesOf(study('sizes, simclr_views', 'let a = [sizes, simclr_views]'))).toEqual([
    'unknown-import study.ssp:2',
    'unknown-import study.ssp:2',
    ...[3, 3, 3, 4, 5].map((line) => `unused study.ssp:${line}`),
  ]);
});

it('takes from installed packages, which cannot reach outside', () => {
  const files = (rest: string, inner = 'let strong = 2') => ({
    'study.ssp': `import "@lab/views/${rest}".{strong}\nexpect strong > 1`,
    'node_modules/@lab/views/views/strong.ssp': inner,
    'node_modules/@lab/base/size.ssp': 'let size = 3',
    'secret.ssp': 'let strong = 3',
  });
  expect(errorsIn(files('views/strong.ssp'))).toEqual([]);
  const other = 'import "@lab/base/size.ssp".size\nlet strong = size';
  expect(errorsIn(files('views/strong.ssp', other))).toEqual([]);
  expect(errorsIn(files('../../../secret.ssp'))).toEqual(['outside-package']);
  const out = 'import "../../../../secret.ssp".strong as s\nlet strong = s';
  expect(errorsIn(files('views/strong.ssp', out))).toEqual(['outside-package']);
  expect(errorsIn({ 'study.ssp': 'import "gone/a.ssp".a\nexpect a > 1' })).toEqual([
    'package-not-found',
  ]);
});

it('prints the circle that files go round in', () => {
  const files = {
    'study.ssp': 'import "./a.ssp".x\nexpect x > 1',
    'a.ssp': 'import "./b.ssp".y\nlet x = 1',
    'b.ssp': 'import "./a.ssp".x\nlet y = 1',
  };
  expect(compileFiles(files).diagnostics.map((d) => d.message)).toContain(
    'these files import each other: `a.ssp` → `b.ssp` → `a.ssp`',
  );
  expect(errorsIn({ 'study.ssp': 'import "./study.ssp".x as y\nlet x = 1' })).toEqual([
    'import-cycle',
  ]);
});

it('says that an imported axis goes by its new name', () => {
  const said = (use: string) =>
    compileFiles(study('seed as all_seeds, seeded', use)).diagnostics.flatMap((d) =>
      d.severity === 'error' ? [`${d.code}: ${d.help}`] : [],
    );
  const renamed =
    'unknown-axis: it is imported as `all_seeds`, which is its name here: write `all_seeds`';
  const uses = [
    'let seed = all_seeds[seed: 5]',
    'let seed = mean(seeded.time, over: seed)',
    'let seed = 3\nreport r = table({t: seeded.time}, rows: seed)',
    'let first = seeded.time[seed: 5]',
    'report r = table({t: seeded.time[seed: {5}]}, rows: seed)',
  ];
  for (const use of uses) expect([use, said(use)]).toEqual([use, [renamed]]);
  expect(said('let seed = all_seeds[all_seeds: 5]')).toEqual([]);
});
