import { expect, it } from 'vitest';
import { compileFiles, errorsIn, errorsWith, library, mistakesOf } from './study.js';

const encoder = 'train e = random_init(resnet18())\ndataset d = emoji()\n';

it('names every kind of mistake by a code of its own', () => {
  const kinds: readonly (readonly [string, string])[] = [
    ['expect nothing > 0', 'unknown-name'],
    ['train e = pretrian(3)', 'unknown-name'],
    ['train e = random_init(resnet18(), sede: 3)', 'unknown-parameter'],
    [`${encoder}evaluate p = linear_probe(e, d)\nexpect p.top > 0`, 'unknown-field'],
    ['axis a = {x: 1}\nexpect a is y', 'unknown-label'],
    [`${encoder}evaluate p = linear_probe(e, d)\nexpect p.top1[a: x] > 0`, 'unknown-axis'],
    ['import std.ssl.nothing', 'unknown-import'],
    ['train e = random_init("resnet")', 'wrong-type'],
    ['transform v = crop_only(size: 20%)', 'wrong-unit'],
    ['transform v = crop_only(size: 2px)', 'out-of-range'],
    ['train e = random_init()', 'missing-argument'],
    ['train e = random_init(resnet18(), backbone: resnet18())', 'duplicate-argument'],
    ['train e = random_init(backbone: resnet18(), 3)', 'positional-after-named'],
    ['let a = 1\nlet a = 2', 'duplicate-declaration'],
    ['let a = b + 1\nlet b = a', 'cycle'],
    ['evaluate e = random_init(resnet18())', 'keyword-mismatch'],
    ['axis a = {x: 1, x: 2}', 'label-collision'],
    [`${encoder}axis s = [1]\nexpect e.time[s: 1] > 1s`, 'axis-not-here'],
    [`${encoder}axis s = [1]\nexpect mean(e.time, over: s) > 1s`, 'axis-not-here'],
    ['expect 3px < 3s', 'unit-mismatch'],
    ['dataset p = semantic_pairs(emoji(), file("gone.csv"))', 'file-not-found'],
    ['import "./study.ssp".{a as b}\nlet a = 1', 'import-cycle'],
    ['param n: Int = 1\ndef f(n: Int) -> Int { return n }', 'shadowing'],
    ['let a = 99999999999999999999', 'number-too-large'],
    ['let a = 1e999', 'number-too-large'],
    ['let a = "open', 'unterminated-string'],
    ['let a = "\\x"', 'unknown-escape'],
    ['let a = 3 ; 4', 'unexpected-character'],
    ['let a = 3 § 4', 'unexpected-character'],
  ];
  for (const [text, code] of kinds) expect([text, errorsWith(text)]).toEqual([text, [code]]);
});

it('says what was found and expected, and helps with the nearest name or the choices', () => {
  const first = (text: string) => {
    const { diagnostics } = compileFiles(`${library}${text}`);
    const found = diagnostics.find((d) => d.severity === 'error');
    return `${found?.message}; ${found?.help}`;
  };
  expect(first('train e = random_init(resnet19())')).toContain('did you mean `resnet18`?');
  expect(first('train e = random_init(resnet18(), sead: 3)')).toContain('did you mean `seed`?');
  expect(first('transform v = crop_only(size: 32)')).toContain('found 32, an Int; write `32px`');
  expect(first('transform v = crop_only(size: 32px, scael: 1)')).toContain('`scale`');
  expect(first('train f = random_intt(resnet18())')).toContain('did you mean `random_init`?');
  expect(first('param a: Intt = 3')).toContain('did you mean `Int`?');
  expect(first('let a = 3pxs')).toContain('`px`');
  const choice = 'def f(mode: "fast" | "exact") -> Int { return 1 }\nlet a = f(mode: exat)';
  expect(first(choice)).toContain('`mode` takes a text: did you mean `exact`?');
  expect(first('train e = random_init(resnet18(), seed: 0.5)')).toContain('a whole number');
  const real = 'axis seed = [0.5, 1]\ntrain e = random_init(resnet18(), seed)';
  expect(first(real)).toContain('not all of `seed` are written as one');
  expect(first('transform v = crop_only(size: 2px)')).toContain('the least is `4px`');
  expect(first('param a: true')).toContain('`param a: Bool = true`');
  expect(first('axis a = [1 2]')).toContain('a comma is missing');
  expect(first('expect argmax(1) > 0')).toContain('over: seed), over: lr)`');
});

it('shows the other place of a mistake that has two', () => {
  const related = (text: string) =>
    compileFiles(`${library}${text}`).diagnostics.find((d) => d.severity === 'error')?.related
      ?.length;
  expect(related('let a = 1\nlet a = 2')).toBe(1);
  expect(related('let a = b\nlet b = c\nlet c = a')).toBe(2);
  expect(related('train e = random_init(resnet18(), seed: 1, seed: 2)')).toBe(1);
  expect(related('axis a = [1, 2, 1]')).toBe(1);
  expect(related('axis a = [1, "x"]')).toBe(1);
  expect(related('let a = (1 + [2)')).toBe(1);
});

it('never says a mistake twice: what depends on it is silent', () => {
  const value = `
let b = a + 1
axis c = [a, b]
train e = pretrain(a, a, a, a, epochs: a)
evaluate p = linear_probe(a, emoji())
evaluate q = linear_probe(e, a)
report r = table({x: p.top1, y: b, z: a.field}, rows: c)
expect p.top1[c: a] > b
let d = match a { x: 1, else: b }
train f = random_init(resnet18(), seed: a) where a is x or b > 2
let g = [a[c: a], -a, not a, if a then b else c]`;
  const axis = `
train e = random_init(resnet18(), seed: a) where a is x
expect mean(e.time[a: x], over: a) > 3s
report r = table({x: e.time}, rows: a)
let d = match a { x: 1 }`;
  const call = `
train e = a(3, x: 4)
evaluate p = linear_probe(a(), emoji())
axis c = [a(1), a(2)]`;
  const probe = '\nevaluate p = linear_probe(a, emoji())\nexpect p.top1 > 1% and a.time > 1s';
  const wrong: readonly (readonly [string, string])[] = [
    ['let a = nothing', value],
    ['param a: Int = "x"', value],
    ['train a = random_init(3)', probe],
    ['train a = random_init(resnet18(), sead: 3)', probe],
    ['let a = 1 + ', value],
    ['import "./gone.ssp".{a}', value],
    ['import std.ssl.{a}', value],
    ['let a = a', value],
    ['let a = 1 + ', axis],
    ['axis a = 3', axis],
    ['axis a = [1, nothing]', axis],
    ['import "./gone.ssp".{a}', axis],
    ['def a(x: Int) -> Int { return x + "y" }', call],
    ['def a(x: Int) -> Int { return }', call],
    ['extern stage a() -> Encoder from "./gone.mjs"', call],
    ['import "./gone.ssp".{a}', call],
  ];
  for (const [text, uses] of wrong) {
    expect([text, errorsWith(text + uses)]).toEqual([text, errorsWith(text)]);
    expect(errorsWith(text)).toHaveLength(1);
  }
});

it('looks at all axes of a slice, whatever is wrong with one', () => {
  const text = `${encoder}axis width = {full: 64pxx, half: 32}
axis on = {moved: d}
train w = random_init(resnet18(width))
evaluate p = linear_probe(w, on)
expect p.top1[width: half, on: clean] > 0%`;
  expect(errorsWith(text)).toEqual(['unknown-unit', 'unknown-label']);
});

it('tells a slice that is wrong once, wherever its value goes', () => {
  const before = `${encoder}axis seed = [1, 2]
axis size = {small: 8, large: 16}
axis on = {one: d, other: d}
axis pairs = {sp: semantic_pairs(d, seed: seed), ap: augmented_pairs(d, seed: seed)}
axis look = {plain: simclr_views(32px), still: simclr_views(32px, flip: 0%)}
train f = pretrain(pairs, look, simclr(), resnet18(width: size), epochs: 10, seed)
evaluate p = linear_probe(f, on)
def trained(pairs: Pairs, views: Views, epochs: Int) -> Encoder {
  return pretrain(pairs, views, simclr(), resnet18(), epochs: epochs)
}
`;
  const after = `
evaluate q = linear_probe(g, on)
report s = table({sp: q.top1[pairs: sp], ap: q.top1[pairs: ap]}, rows: look, over: [on, seed])
expect ci95(q.top1[pairs: sp, on: one] - q.top1[pairs: ap, on: one], over: seed).low > 0%`;
  const uses: readonly (readonly [string, string, (value: string) => string])[] = [
    ['f', 'size: small', (x) => `let g = ${x}${after}`],
    ['f', 'size: small', (x) => `axis g = {a: ${x}}${after.replaceAll('sp]', 'sp, g: a]')}`],
    ['pairs', 'pairs: sp', (x) => `train g = trained(${x}, look, 3)${after}`],
    ['look', 'look: plain', (x) => `train g = trained(pairs, ${x} with {flip: 10%}, 3)${after}`],
    ['size', 'size: small', (x) => `train g = trained(pairs, look, ${x})${after}`],
    ['size', 'size: small', (x) => `train g = trained(pairs, look, 3) where ${x} > 8${after}`],
    ['size', 'size: small', (x) => `@retries(${x})\ntrain g = trained(pairs, look, 3)${after}`],
    ['size', 'size: small', (x) => `param n: Int = ${x}\nexpect n > 1`],
    ['p.top1', 'size: small', (x) => `report r = table({a: ${x}}, rows: pairs, over: seed)`],
    ['p.top1', 'size: small', (x) => `report r = pivot(${x}, rows: pairs, columns: look)`],
    ['p.top1', 'size: small', (x) => `let y = pick(${x}, by: p.top1, over: look)\nexpect y > 0%`],
    ['p.top1', 'size: small', (x) => `expect mcnemar(${x}, against: p.top1).exact < 0.05`],
    ['p.top1', 'size: small', (x) => `expect mean(${x}, over: seed)[pairs: sp] > 0%`],
    ['p.top1', 'size: small', (x) => `reference "r" { ${x} = 80% }`],
  ];
  for (const [value, item, text] of uses) {
    const [axis, label] = item.split(': ');
    const wrong: readonly (readonly [string, string])[] = [
      [`[sizes: ${label}]`, 'unknown-axis'],
      [`[sizes: ${label}, ${item}]`, 'unknown-axis'],
      [`[sizes: ${label}][${item}]`, 'unknown-axis'],
      [`[${axis}: samll]`, 'unknown-label'],
      [`[${axis}: {samll}]`, 'unknown-label'],
      [`[${item}][${item}]`, 'axis-not-here'],
    ];
    for (const [slice, code] of wrong) {
      const made = text(`${value}${slice}`);
      expect([made, errorsWith(before + made)]).toEqual([made, [code]]);
    }
  }
});

it('reports all mistakes of a file at once, in its order', () => {
  expect(
    mistakesOf(`let a = 1 +
param b: Int = 2px
expect b > c
axis d = []
let e = "x" + 1`).filter((found) => !found.startsWith('unused')),
  ).toEqual([
    'syntax study.ssp:1',
    'wrong-unit study.ssp:2',
    'unknown-name study.ssp:3',
    'empty-axis study.ssp:4',
    'wrong-operand study.ssp:5',
  ]);
});

it('warns of what nothing uses: imports, params, lets, axes, defs, transforms, data sets', () => {
  const unused: readonly string[] = [
    'import std.ssl.simclr',
    'param a: Int = 1',
    'let a = 1',
    'axis a = [1]',
    'def a() -> Int { return 1 }',
    'import std.views.crop_only\ntransform a = crop_only(32px)',
    'import std.data.emoji\ndataset a = emoji()',
  ];
  for (const text of unused) {
    const line = text.split('\n').length;
    expect(mistakesOf(text)).toEqual([`unused study.ssp:${line}`]);
    expect(errorsIn(text)).toEqual([]);
  }
  const results =
    'import std.train.random_init\nimport std.backbone.resnet18\ntrain e = random_init(resnet18())';
  expect(mistakesOf(results)).toEqual([]);
});

it('tells a choice that does not fit once, also where a value must be known', () => {
  const scale = 'param scale: "a" | "b" = "a"\n';
  const found = (text: string) => mistakesOf(`${scale}${text}\nexpect few > 1`);
  expect(found('param few: Int = match scale {a: 1, c: 2}')).toEqual([
    'unknown-choice study.ssp:2',
  ]);
  expect(found('param few: Int = match scale {a: 1}')).toEqual(['match-incomplete study.ssp:2']);
});

it('takes what should stand in a missing bracket for no mistake of its own', () => {
  const defs = 'def twice(x: Int) { return x * 2 }\ndef one(x: Int) { return x }\n';
  expect(mistakesOf(`${defs}let y = twice\n  one(2),\nexpect y > 1`)).toContain(
    'not-a-value study.ssp:3',
  );
  expect(mistakesOf(`${defs}let y = twice\n  one(2)\nexpect y > 1`)).toEqual([
    'not-a-value study.ssp:3',
  ]);
});

it('tells each text in single quotes', () => {
  expect(mistakesOf("param a: String = 'x'\nparam b: String = 'x'\nexpect a == b")).toEqual([
    'unexpected-character study.ssp:1',
    'unexpected-character study.ssp:2',
  ]);
});

it('does not call unused what a missing argument may have used', () => {
  const text = 'def twice(n: Int) -> Int { return 2 * n }\nlet a = 1\nexpect twice() > 0';
  expect(mistakesOf(text)).toEqual(['missing-argument study.ssp:3']);
});

it('tells each `;`, behind the same word too', () => {
  expect(mistakesOf('param a: Int = 1\nexpect a > 0;\nexpect a + 1 > 0;')).toEqual([
    'unexpected-character study.ssp:2',
    'unexpected-character study.ssp:3',
  ]);
});

it('says once that the values of an axis are of another type, and where they stand', () => {
  const text = `${library}axis seed = [{seed: 1}, {seed: 2}]
dataset d = emoji()
axis pairs = {sp: semantic_pairs(d, seed: seed), ap: augmented_pairs(d, seed)}
train e = random_init(resnet18(), seed)
expect mean(e.time, over: seed) > 1s and seed * 2 > 1`;
  const [first, sum, ...more] = compileFiles(text).diagnostics.filter(
    (d) => d.severity === 'error',
  );
  const at = first?.related?.map(({ span }) => text.slice(0, span.start).split('\n').length);
  const line = text.split('\n').findIndex((l) => l.startsWith('axis seed')) + 1;
  expect(at).toEqual([line, line + 2, line + 3]);
  expect(first?.help).toBe(
    'the values of axis `seed` are records, {seed: Int}: write `axis seed = [1, 2]`, or use a field, `seed.seed`',
  );
  expect(sum).toMatchObject({ code: 'wrong-operand', help: first?.help });
  expect(more).toEqual([]);
});

it('says which argument is left out where those behind stand in its place', () => {
  const pairs = 'dataset d = emoji()\ndataset p = augmented_pairs(d)\n';
  const said = (text: string) =>
    compileFiles(`${library}${pairs}${text}`)
      .diagnostics.filter((d) => d.severity === 'error')
      .map((d) => d.message);
  const cases: readonly (readonly [string, string])[] = [
    ['train e = pretrain(p, simclr(), resnet18(), epochs: 1)', '`pretrain` needs `views`'],
    ['train e = pretrain(p, simclr(), backbone: resnet18())', '`pretrain` needs `views`'],
    ['train e = pretrain(p, resnet18())', '`pretrain` needs `views`, `method`'],
    ['train e = pretrain(p, simclr())', '`pretrain` needs `views`, `backbone`'],
    ['evaluate k = linear_probe(d, label: "group")', '`linear_probe` needs `encoder`'],
  ];
  for (const [text, message] of cases) expect([text, said(text)]).toEqual([text, [message]]);
  // where what stands there fits nowhere, nothing is left out
  expect(said('train e = pretrain(p, 3, simclr())')).toEqual([
    '`pretrain` needs `backbone`',
    '`views` of `pretrain` takes Views, found 3, an Int',
  ]);
});

it('does not say what follows from a name of two things, a label of two values, a failed import', () => {
  const use = `dataset d = emoji()
train e = random_init(resnet18(), seed: seed)
let first = e.time[seed: 1]
report r = table({t: e.time, first}, over: seed)`;
  const texts: readonly (readonly [string, readonly string[]])[] = [
    [`let seed = "x"\naxis seed = [1, 2]\n${use}`, ['duplicate-declaration']],
    [`axis seed = [1, 2]\nlet seed = "x"\n${use}`, ['duplicate-declaration']],
    [`def seed() -> Int { return 1 }\naxis seed = [1, 2]\n${use}`, ['duplicate-declaration']],
    [`import std.ssl.{simclr as seed}\naxis seed = [1]\n${use}`, ['duplicate-declaration']],
    [`axis seed = [2, 2]\n${use}`, ['label-collision']],
    [`axis seed = {b: 1, b: 2}\n${use}`, ['label-collision']],
    [`import "./gone.ssp".{seed}\naxis seed = [1]\n${use}`, ['file-not-found']],
    [`import "./gone.ssp".{s as seed}\naxis seed = [1]\n${use}`, ['file-not-found']],
    [`import std.gone.{seed}\naxis seed = [1]\n${use}`, ['unknown-module']],
    [`import std.ssl.{seed}\naxis seed = [1]\n${use}`, ['unknown-import']],
    [`axis seed = [1]\n${use.replace('over: seed', 'over: "seed"')}`, ['axis-expected']],
    [
      `axis seed = [1, 2]\naxis w = [3]\n${use.replace('over: seed', 'rows: "w", over: "seed"')}`,
      ['axis-expected', 'axis-expected'],
    ],
  ];
  for (const [text, codes] of texts) expect([text, errorsWith(text)]).toEqual([text, codes]);
  // taken twice from one place it is the same thing
  const twice = `import std.ssl.simclr\nimport std.ssl.simclr as simclr\naxis m = [simclr(hidden: 1s)]`;
  expect(errorsIn(twice)).toEqual(['duplicate-declaration', 'wrong-unit']);
});
