import { expect, it } from 'vitest';
import { compileFiles, errorsWith, library, mistakesOf } from './study.js';

const study = `dataset e = emoji(size: 32px)
axis seed = [1, 2]
axis pairs = {sp: semantic_pairs(e), ap: augmented_pairs(e)}
transform v = simclr_views(size: 32px)
train m = pretrain(pairs, v, simclr(), backbone: resnet18(), epochs: 2, batch: 64, seed)
evaluate p = linear_probe(m, e)
`;
const training = (method: string, more = '', pairs = 'semantic_pairs(e)') =>
  `train t = pretrain(${pairs}, v, ${method}, backbone: resnet18(), epochs: 2, batch: 64${more})`;

/** Code and help of every error of a text behind the study. */
function advice(text: string): readonly string[] {
  const { diagnostics } = compileFiles(`${library}${study}${text}\n`);
  return diagnostics.flatMap(({ severity, code, help }) =>
    severity === 'error' ? [`${code}: ${help}`] : [],
  );
}

it('says how what people know from elsewhere is written here', () => {
  const said: readonly (readonly [string, string])[] = [
    [training('simclr()', ', seed: [1, 2, 3]'), '`axis seed = [1, 2, 3]`'],
    [training('[simclr(), vicreg()]'), '`axis method = [simclr(), vicreg()]`'],
    [training('"simclr"'), 'call it: `simclr()`'],
    [`axis method = ["simclr"]\n${training('method')}`, 'a description is a call'],
    [training('simclr()', ', lr: 0.3'), '`optimizer: sgd(lr: 0.3)`'],
    [training('simclr()', ', optimizer: adamw(), beta1: 0.8'), '`optimizer: adamw(beta1: 0.8)`'],
    ['expect p.top1[pairs == sp, seed: 1] > 50%', '`[pairs: sp]`'],
    ['let a = 0.1 if true else 0.2', '`if true then 0.1 else 0.2`'],
    ['let a = true ? 0.1 : 0.2', '`if true then 0.1 else 0.2`'],
    ['expect p.top1 > 50% or seed in [1, 2]', '`seed is {1, 2}`'],
    ['expect p.top1 > 50% or seed not in (1, 2)', '`seed is not {1, 2}`'],
    ['expect p.top1[pairs is sp, seed: 1] > 50%', '`[pairs: sp]`'],
    ['expect p.top1[pairs in (sp, ap), seed: 1] > 50%', '`[pairs: {sp, ap}]`'],
    ['expect p.top1[pairs: sp, seed: [1, 2]] > 50%', '`[seed: {1, 2}]`'],
    ['expect p.top1[seed: 1 or 2, pairs: sp] > 50%', '`[seed: {1, 2}]`'],
    ['expect p.top1[seed: 1, 2] > 50%', '`[seed: {1, 2}]`'],
    ['expect p.top1[pairs != sp] > 50%', 'names the labels that it keeps: `[pairs: {…}]`'],
    ['expect p.top1[pairs is not sp] > 50%', 'names the labels that it keeps: `[pairs: {…}]`'],
    ['expect p.top1 in [10%, 20%]', '`p.top1 == 10% or p.top1 == 20%`'],
    ['expect p.top1[pairs: sp] not in [0%]', '`p.top1[pairs: sp] != 0%`'],
    ['expect mean(p.top1, over: seed) + 1% in [10%]', 'values are compared with `==`'],
    ['param n: Int = 2\nexpect n is 2', '`n == 2`'],
    ['param n: Int = 2\nexpect n is not {2, 3}', '`(n != 2 and n != 3)`'],
    ['param n: Int? = 2\nlet w = if n is none then 1 else n + 1', '`n == none`'],
    ['param n: Int? = 2\nlet w = if n is not none and n > 2 then n else 1', '`n != none`'],
    [training('simclr()', ', temperature: 20%'), '`method: simclr(temperature: 20%)`'],
    ['import {simclr} from "std/ssl"', '`import std.ssl.{simclr, vicreg}`'],
    ['import moco_v2 from std.ssl', '`import std.ssl.{simclr, vicreg}`'],
    ['import * as ssl from "std/ssl"', '`import std.ssl.{simclr, vicreg}`'],
    ['import "std/ssl".{moco_v2}', 'the standard library stands without quotes'],
    ['import ./views.ssp', '`import "./views.ssp".{strong}`'],
    ['expect p.top1.mean() > 50%', '`mean(p.top1, over: …)`'],
    ['let a = max(1, 2)', '`if 1 > 2 then 1 else 2`'],
    ['let a = sqrt(2)', 'there are no functions of numbers'],
    ['axis k = range(1, 5)', '`1..4`'],
    ['let a = 2 ** 3', 'there is no power operator'],
    ['methods:\n  - simclr\n  - vicreg', 'this is YAML; several values are an axis: `axis methods'],
    ['axis methods:\n  - simclr', '`axis methods = [simclr]`'],
    ['epochs: 200', 'this is YAML; a value is declared with `let epochs = 200`'],
    ['param budget: 200', '`param budget: Int = 200`'],
    ['param share: 20%', '`param share: Fraction = 20%`'],
    ['axis k = 1, 2', '`axis k = [1, 2]`'],
    ['dataset q = imagenet(root: photos/, size: 32px)', 'in quotes: `"photos/"`'],
    ['dataset q = imagenet(root: ./photos, size: 32px)', 'in quotes: `"./photos"`'],
    ['dataset q = imagenet(root: ../photos, size: 32px)', 'in quotes: `"../photos"`'],
    ['dataset q = imagenet(root: /data/photos)', 'in quotes: `"/data/photos"`'],
    [
      'evaluate k = knn_probe(m, e)\nreport r = table([p.top1, k.top1], rows: pairs, over: seed)',
      '`{p: p.top1, k: k.top1}`',
    ],
    [
      'param shares: {train: Fraction, test: Fraction} = {train: 80%, val: 20%}',
      'it lacks `test`, and it has `val` besides',
    ],
    ['axis b = {200: 1}', '`"200"`'],
    ['axis b = {vit-s: 1}', '`"vit-s"`'],
    [training('simclr()', '', 'e'), '`semantic_pairs(…)` or `augmented_pairs(…)`'],
    ['evaluate q = linear_probe(m, semantic_pairs(e))', 'images that the pairs are made of'],
    ['transform w = simclr_views(size: 32px, scale: (0.2, 1.0))', '`0.2..1.0`'],
    ['transform w = simclr_views(size: 32px, scale: [0.2, 1.0])', '`0.2..1.0`'],
    ['let a = $X', '`env.NAME`'],
    ['reference "x" { p.top1[pairs: sp] = 85.6% ± 0.1 }', 'the published mean alone'],
    ['let a = 1 + \\\n  2', 'leave the `\\` out'],
    [
      'report "Table 1" = table(p.top1, rows: pairs, over: seed)',
      '`report table_1 as "Table 1" = …`',
    ],
    ['expect p.top1 > 85.59', 'did you mean `85.59%`?'],
    ['import std.ssl.moco_v2, std.ssl.moco_v3', 'each import has its line'],
    ['axis k = [1, 2] where k > 1', 'an axis lists the values that it has'],
    ['dataset q = semantic_pairs(e, list: file("~/pairs.csv"))', 'a path is taken as it is'],
    ['dataset q = semantic_pairs(e, list: file("$DATA/pairs.csv"))', '`env.NAME`'],
  ];
  for (const [text, words] of said) {
    const found = advice(text);
    expect([text, found.length]).toEqual([text, 1]);
    expect(found[0]).toContain(words);
  }
});

it('says a mistake once, whatever follows from it', () => {
  const once: readonly (readonly [string, string])[] = [
    ['report r = table(m, rows: pairs, over: seed)', 'report-value'],
    ['report r = table([p.top1, p.validation], rows: pairs, over: seed)', 'report-value'],
    ['report r = table([p.top1, p.penalty], rows: pairs, over: seed)', 'report-value'],
    ['let a = "a" + "b"', 'wrong-operand'],
    ['let a = env.DATA or "x"', 'wrong-operand'],
    ['let d = p[pairs: sp] - p[pairs: ap]', 'wrong-operand'],
    ['let d = m[pairs: sp] - m[pairs: ap]', 'wrong-operand'],
    ['dataset q = emoji("x", size: 32px)', 'duplicate-argument'],
    ['let a = 1 let b = 2\nexpect a > 0', 'declarations-on-one-line'],
    ['axis best = [p.top1]', 'late-value'],
    [
      'extern stage img(i: Int) -> Files command "true {j} {j} {out} {i}"\ndataset d = img(1)',
      'unknown-placeholder',
    ],
  ];
  for (const [text, code] of once) {
    expect([text, ...errorsWith(study + text)]).toEqual([text, code]);
  }
});

it('says of two arguments in the place of the other that they are swapped', () => {
  const text = 'evaluate q = linear_probe(emoji(), random_init(resnet18()))\n';
  const { diagnostics } = compileFiles(library + text);
  const [found, ...others] = diagnostics.filter((d) => d.severity === 'error');
  expect(others).toEqual([]);
  expect(found?.help).toBe('`encoder` and `on` are swapped');
  const edits = found?.fixes?.[0]?.edits ?? [];
  expect(edits.map((edit) => edit.text)).toEqual(['random_init(resnet18())', 'emoji()']);
  expect(errorsWith('evaluate q = linear_probe(emoji(), emoji())')).toEqual(['wrong-type']);
});

it('says once that a merge left both sides, and reads the first', () => {
  const conflict = (a: string, b: string, base = '') =>
    `<<<<<<< HEAD\n${a}\n${base}=======\n${b}\n>>>>>>> theirs\n`;
  const found = (text: string) => mistakesOf(text).map((m) => m.replace('study.ssp', ''));
  expect(found(`let b = 1\n${conflict('let a = 1', 'let a = 2')}expect a > b`)).toEqual([
    'merge-conflict :2',
  ]);
  const based = conflict('let a = 1', 'let a = 2', '||||||| base\nlet a = 0\n');
  expect(found(`${based}expect a > 0\n${conflict('let c = 1', 'let d = 1')}expect c > 0`)).toEqual([
    'merge-conflict :1',
    'merge-conflict :9',
  ]);
  // a mistake beside it is another one
  expect(found(`${conflict('let a = x', 'let a = 2')}expect a > 0`)).toEqual([
    'merge-conflict :1',
    'unknown-name :2',
  ]);
  expect(found('let a = 1\n>>>>>>> theirs\nexpect a > 0')).toEqual(['merge-conflict :2']);
  expect(found('let a = 1\r\n=======\r\nexpect a > 0\r\n')).toEqual(['merge-conflict :2']);
});

it('says of an axis of another file how it is taken', () => {
  const files = (report: string) => ({
    'study.ssp': `import "./lib/rounds.ssp".{e}\nreport r = ${report}\n`,
    'lib/rounds.ssp':
      'extern stage ev(seed: Int) -> Metrics{v: Int} command "true {seed} {out}"\naxis seed = [1, 2]\nevaluate e = ev(seed)\n',
  });
  const help = (report: string) =>
    compileFiles(files(report)).diagnostics.flatMap((d) => (d.severity === 'error' ? d.help : []));
  const take = '`import "./lib/rounds.ssp".{seed}` takes it';
  expect(help('table(e.v, over: seed)')).toEqual([`\`seed\` is an axis of another file: ${take}`]);
  expect(help('table(e.v)')[0]).toContain(take);
  expect(help('table(e.v, over: sead)')[0]).toContain(take);
  // one of the same name that is declared here is another
  expect(help('table(e.v, over: seed)\naxis seed = [1, 2]')).toEqual([
    '`seed` of `./lib/rounds.ssp` is another axis: `import "./lib/rounds.ssp".{seed as …}` takes it',
  ]);
});
