import { expect, it } from 'vitest';
import {
  compileFiles,
  countsIn,
  errorsIn,
  errorsWith,
  holds,
  library,
  mistakesOf,
  paramsIn,
  pointsIn,
  programIn,
} from './study.js';

it('takes declarations in any order, in one namespace', () => {
  const text = `${library}
expect p.top1 > least
evaluate p = linear_probe(e, images)
train e = random_init(network)
let network = resnet18(width: size)
let least = 1%
param size: Int = 8
dataset images = emoji()`;
  expect(errorsIn(text)).toEqual([]);
  expect(errorsIn('param a: Int = 1\naxis a = [1]\nexpect a > 0')).toEqual([
    'duplicate-declaration',
  ]);
});

it('keeps the built-in names', () => {
  for (const name of 'table pivot mean std min max count ci95 file env'.split(' ')) {
    expect(errorsIn(`let ${name} = 1`)).toEqual(['built-in-name']);
    expect(errorsIn(`def ${name}() -> Int { return 1 }`)).toEqual(['built-in-name']);
  }
});

it('imports one name, several, and under other names', () => {
  const use = 'train e = random_init(resnet18())\nlet m = [simclr(), b()]';
  const text = `import std.backbone.resnet18
import std.ssl.{simclr, byol as b,}
import std.train.random_init
${use}`;
  expect(errorsIn(text)).toEqual([]);
  expect(errorsIn('import std.ssl')).toEqual(['import-whole-module']);
  expect(errorsIn('import std.sll.simclr')).toEqual(['unknown-module']);
  expect(errorsIn('import std.ssl.simclear')).toEqual(['unknown-import']);
  expect(errorsIn('import "./study.ssp".a.b.c')).toEqual(['syntax']);
});

it('types params, takes their texts from --set, and wants one without a default to be set', () => {
  const text =
    'param a: Int(1..10)\nparam b = 20%\nparam c: Int? = none\nexpect a > 0 and b > 0 and c == none';
  expect(errorsIn(text)).toEqual(['param-required']);
  expect(programIn(text, { a: '3', c: '4' }).params.map((p) => p.value)).toEqual([3, 0.2, 4]);
  expect(errorsIn(text, { a: '11' })).toEqual(['bad-setting']);
  expect(errorsIn(text, { a: '3', b: '12px' })).toEqual(['bad-setting']);
  expect(errorsIn(text, { a: '3', d: '4' })).toEqual(['unknown-setting']);
});

it('keeps stage calls out of lets', () => {
  expect(errorsWith('let e = random_init(resnet18())')).toEqual(['stage-here']);
  expect(errorsWith('let e = [linear_probe(random_init(resnet18()), emoji())]')).toEqual([
    'stage-here',
  ]);
});

it('checks the keyword of a stage against its result', () => {
  const results = {
    dataset: ['emoji()', 'augmented_pairs(emoji())'],
    transform: [
      'crop_only(32px)',
      'perturbed(emoji(), crop_only(32px))',
      'augmented_pairs(emoji())',
    ],
    train: ['random_init(resnet18())'],
    evaluate: ['knn_probe(random_init(resnet18()), emoji())'],
  };
  const files = 'extern stage f() -> Files command "x {out}"\n';
  for (const [keyword, fits] of Object.entries(results)) {
    for (const [other, calls] of Object.entries(results)) {
      for (const call of calls) {
        const images = /^(perturbed|augmented)/.test(call) || call === 'emoji()';
        const both = images && (keyword === 'dataset' || keyword === 'transform');
        const expected = keyword === other || both ? [] : ['keyword-mismatch'];
        expect([call, keyword, errorsWith(`${keyword} x = ${call}`)]).toEqual([
          call,
          keyword,
          expected,
        ]);
      }
    }
    expect(fits.length).toBeGreaterThan(0);
    expect(errorsIn(`${files}${keyword} x = f()`)).toEqual([]);
  }
});

it('makes a transform of a description a value, which is no stage', () => {
  const text = `${library}
transform views = crop_only(32px)
train e = pretrain(augmented_pairs(emoji()), views, simclr(), resnet18())`;
  expect(programIn(text).stages.map((stage) => stage.name)).not.toContain('views');
});

it('names a stage inside an argument after its declaration and parameter, inside an axis after that', () => {
  const text = `${library}
axis n = [10, 50]
axis pairs = {sp: semantic_pairs(emoji(), per_class: n), ap: augmented_pairs(emoji())}
train e = pretrain(pairs, crop_only(32px), simclr(), resnet18())
evaluate p = linear_probe(e, perturbed(stl10(root: env.STL), crop_only(32px)))`;
  const ids = pointsIn(text, {}, { STL: '/stl' }).map((point) => point.id);
  expect(ids).toContain('pairs[n=50,pairs=sp]');
  expect(ids).toContain('p.on.source');
  expect(ids).toContain('p.on');
});

it('reads metrics by their names and the time of every stage, where results are used', () => {
  const base = `${library}
dataset d = emoji()
train e = random_init(resnet18())
evaluate p = linear_probe(e, d)
`;
  expect(
    errorsIn(`${base}let slow = e.time + d.time + p.time\nexpect slow < 3h and p.top1 > 0`),
  ).toEqual([]);
  expect(errorsIn(`${base}report r = table({t: e.time, a: p.top1})`)).toEqual([]);
  expect(errorsIn(`${base}expect p.top9 > 1`)).toEqual(['unknown-field']);
  expect(errorsIn(`${base}expect e.top1 > 1`)).toEqual(['unknown-field']);
  const limit = 'extern stage s(a: Duration) -> Files command "x {a} {out}"\n';
  expect(errorsIn(`${base}${limit}train f = s(e.time)`)).toEqual(['late-value']);
});

it('says what a stage needs from the machine, in any order with its text, and keeps it out of keys', () => {
  const text = `${library}
@gpu(1)
/// The encoder.
@memory(16GiB) @cpus(4) @timeout(12h) @retries(2) train e = random_init(resnet18())`;
  const [stage] = programIn(text).stages;
  expect(stage?.doc).toBe('The encoder.');
  expect(stage?.resources).toEqual({
    gpus: 1,
    memoryBytes: 2 ** 34,
    cpus: 4,
    timeoutSeconds: 43_200,
    retries: 2,
  });
  expect(errorsWith('@gpus(1) train e = random_init(resnet18())')).toEqual(['unknown-annotation']);
  expect(errorsWith('@version(1) train e = random_init(resnet18())')).toEqual([
    'unknown-annotation',
  ]);
  expect(errorsWith('@gpu(1) let e = 1')).toContain('unknown-annotation');
  expect(errorsWith('@gpu train e = random_init(resnet18())')).toEqual(['annotation-argument']);
  expect(errorsWith('@gpu(1) @gpu(2) train e = random_init(resnet18())')).toEqual([
    'duplicate-annotation',
  ]);
  expect(errorsWith('@timeout(12) train e = random_init(resnet18())')).toEqual(['wrong-unit']);
});

it('puts @version of an extern into the key', () => {
  const version = (text: string) =>
    pointsIn(`${text}extern stage s() -> Files command "x {out}"\ndataset d = s()`)[0]?.version;
  expect(version('')).toBe(1);
  expect(version('@version(3)\n')).toBe(3);
  expect(errorsIn('@version(0)\nextern stage s() -> Files command "x {out}"')).toEqual([
    'out-of-range',
  ]);
});

it('knows the types of values', () => {
  const types: Readonly<Record<string, readonly [string, string]>> = {
    Int: ['3', '3.5'],
    Float: ['3', '3px'],
    Bool: ['true', '1'],
    String: ['"a"', '1'],
    Path: ['file("a")', '"a"'],
    Folder: ['"a"', '1'],
    Fraction: ['20%', '3'],
    Pixels: ['3px', '3'],
    Angle: ['3deg', '3'],
    Duration: ['3s', '3'],
    Bytes: ['3MB', '3'],
    'Range[Float]': ['0.2..1', '1'],
    'List[Int]': ['[1, 2]', '[1.5]'],
    '{a: Int, b: String}': ['{b: "x", a: 1}', '{a: 1}'],
    '"a" | "b"': ['"b"', '"c"'],
    'Int?': ['none', '"a"'],
    'List[{low: Float, high: Float?}]': ['[{low: 1, high: none}]', '[{low: none, high: 1}]'],
  };
  for (const [type, [good, bad]] of Object.entries(types)) {
    expect([type, errorsIn(`param a: ${type} = ${good}\nlet b = [a]`)]).toEqual([type, []]);
    expect([type, errorsIn(`param a: ${type} = ${bad}\nlet b = [a]`)]).not.toEqual([type, []]);
  }
  expect(errorsIn('param a: Integer = 3')).toEqual(['unknown-type']);
  expect(errorsIn('param a: List = [1]')).toEqual(['type-form']);
});

it('covers the whole type with ?', () => {
  expect(errorsIn('param a: "x" | "y"? = none\nexpect a == none')).toEqual([]);
  expect(errorsIn('param a: List[Int]? = [1]\nlet b = [a]')).toEqual([]);
});

it('includes both ends in a refinement', () => {
  const check = (type: string, value: string) =>
    errorsIn(`param a: ${type} = ${value}\nlet b = [a]`);
  for (const value of ['1', '10']) expect(check('Int(1..10)', value)).toEqual([]);
  for (const value of ['0', '11']) expect(check('Int(1..10)', value)).toEqual(['out-of-range']);
  expect(check('Int(1..)', '9007199254740991')).toEqual([]);
  expect(check('Int(..3)', '4')).toEqual(['out-of-range']);
  expect(check('Range[Float](0.0..1.0)', '0..1')).toEqual([]);
  expect(check('Range[Float](0.0..1.0)', '0.5..1.5')).toEqual(['out-of-range']);
  expect(check('Range[Float](0.0..1.0)', '0.5..0.2')).toEqual(['empty-range']);
  expect(check('List[Int(1..)]', '[1, 0]')).toEqual(['out-of-range']);
  expect(check('Pixels(4px..)', '3px')).toEqual(['out-of-range']);
  expect(check('Fraction(1%..1000%)', '700%')).toEqual([]);
});

it('lets a plain number from -1 to 1 stand for a Fraction, and nothing else convert', () => {
  const check = (type: string, value: string) =>
    errorsIn(`param a: ${type} = ${value}\nlet b = [a]`);
  expect(check('Fraction', '0.3')).toEqual([]);
  expect(check('Fraction', '1')).toEqual([]);
  expect(check('Fraction', '2')).toEqual(['wrong-unit']);
  expect(check('Fraction', '-0.5')).toEqual(['out-of-range']);
  expect(check('Fraction(-100%..100%)', '-0.5')).toEqual([]);
  expect(check('Float', '20%')).toEqual(['wrong-unit']);
  expect(check('Int', '3.0')).toEqual(['wrong-type']);
  expect(check('String', '3')).toEqual(['wrong-type']);
  expect(holds('20% < 0.3 and 0.2 == 20%')).toBe(true);
  expect(errorsIn('expect 20% < 3')).toEqual(['unit-mismatch']);
  expect(errorsWith('let gain = 90% - 200%\nexpect gain < 0')).toEqual([]);
});

it('knows a variable of the environment when the plan is made', () => {
  const text = `${library}\ndataset d = stl10(root: env.STL)\ndataset p = augmented_pairs(d)`;
  const waiting = pointsIn(text);
  expect(waiting.map((point) => [point.id, point.unset])).toEqual([
    ['d', ['STL']],
    ['p', []],
  ]);
  expect(waiting[0]?.params).toEqual({ root: { env: ['STL'] } });
  expect(pointsIn(text, {}, { STL: '/stl' })[0]?.params).toEqual({ root: { folder: '/stl' } });
});

it('takes files from the folder of the file that names them', () => {
  const files = {
    'study.ssp': `import "./lab/data.ssp".{list}\n${library}
dataset p = semantic_pairs(emoji(), list: list)\ndataset q = semantic_pairs(emoji(), list: file("pairs.csv"))`,
    'lab/data.ssp': 'let list = file("pairs.csv")',
    'lab/pairs.csv': 'a,b',
    'pairs.csv': 'a,b',
  };
  expect(paramsIn(files, 'p').list).toEqual({ file: 'lab/pairs.csv' });
  expect(paramsIn(files, 'q').list).toEqual({ file: 'pairs.csv' });
  expect(
    mistakesOf({ ...files, 'pairs.csv': '', 'lab/data.ssp': 'let list = file("gone.csv")' }),
  ).toContain('file-not-found lab/data.ssp:1');
});

it('decides expectations after the run and shows published values beside ours', () => {
  const program = programIn(`${library}
axis seed = [1, 2]
axis method = {a: simclr(), b: vicreg()}
evaluate p = linear_probe(random_init(resnet18(), seed: seed), emoji())
evaluate q = linear_probe(pretrain(augmented_pairs(emoji()), crop_only(32px), method, resnet18()), emoji())
expect p.top1 > 10%
reference "a paper" { q.top1[method: a] = 85.59%
  q.top1[method: b] = 0.8, p.top1 = 90% }
reference "another" { p.validation = 1 }`);
  expect(program.expects[0]?.condition.dims).toEqual(['seed']);
  expect(program.references.map((r) => [r.source, r.entries.map((e) => e.text)])).toEqual([
    ['a paper', ['q.top1[method: a]', 'q.top1[method: b]', 'p.top1']],
    ['another', ['p.validation']],
  ]);
  expect(errorsWith('expect 1 + 2')).toEqual(['wrong-operand']);
  const probe = 'evaluate p = linear_probe(random_init(resnet18()), emoji())';
  for (const twice of [
    'reference "x" { p.top1 = 9%, p.top1 = 8% }',
    'report r = table({a: p.top1, a: p.validation})',
  ]) {
    expect(errorsWith(`${probe}\n${twice}`)).toEqual(['duplicate-key']);
  }
  const other = 'reference "x" { p.top1 = 9% }\nreference "y" { p.top1 = 8% }';
  expect(errorsWith(`${probe}\n${other}`)).toEqual([]);
  expect(errorsWith('reference "x" { 3.nope = 4 }')).not.toEqual([]);
});

it('makes descriptions pure values, that cost no stage', () => {
  expect(
    countsIn(`${library}\nlet a = [simclr(), vicreg()]\nlet o = sgd(lr: 0.1)\ndataset d = emoji()`),
  ).toEqual({ d: 1 });
  expect(errorsWith('let a = simclr')).toEqual(['not-a-value']);
  expect(
    compileFiles(`${library}\nlet a = simclr`).diagnostics.find((d) => d.code === 'not-a-value')
      ?.help,
  ).toContain('simclr(…)');
});

it('takes numbers as metrics, with a value or without, and none that is called `time`', () => {
  const mistakes = (fields: string) =>
    mistakesOf({
      'study.ssp': `extern stage mine() -> Metrics{${fields}} command "a {out}"\nevaluate m = mine()\nreport r = table(m)`,
    });
  expect(mistakes('a: Fraction, b: Int(1..)?, c: Duration?')).toEqual([]);
  expect(mistakes('a: String')).toEqual(['type-form study.ssp:1']);
  expect(mistakes('a: Bool?, b: List[Int]')).toEqual([
    'type-form study.ssp:1',
    'type-form study.ssp:1',
  ]);
  expect(mistakes('a: Nope')).toEqual(['unknown-type study.ssp:1']);
  expect(mistakes('time: Duration')).toEqual(['built-in-name study.ssp:1']);
});

const own =
  `extern stage photos(root: Folder) -> Images{attributes: "kind" | "class", splits: "train" | "test"}
  command "x {root} {out}"
extern stage grey(of: Images, split: Split[of] = "test") -> Images{attributes: of, splits: of}
  command "x {of} {split} {out}"
extern stage drawn(root: Folder) -> Images{attributes: "group" | "class", splits: "train" | "test"}
  command "x {root} {out}"
extern stage plain(root: Folder) -> Images command "x {root} {out}"
extern stage count(of: Images, label: Attribute[of] = "class", split: Split[of]? = "validation")
  -> Metrics{n: Int}
  command "x {of} {label} {split} {out}"
`.replaceAll('count', 'tally');

it('finds attributes and splits that images do not have, however they come', () => {
  const found = (text: string) =>
    compileFiles(`${own}${text}\n`).diagnostics.flatMap(({ severity, code, message, help }) =>
      severity === 'error' ? [`${code}: ${message}; ${help}`] : [],
    );
  const none = (name: string) => `not-in-images: the images have no ${name}; `;
  expect(found('evaluate t = tally(photos("d"), label: "kidn")')).toEqual([
    `${none('attribute `kidn`')}did you mean \`kind\`? there are \`kind\` and \`class\``,
  ]);
  expect(found('evaluate t = tally(photos("d"), split: "tset")')).toEqual([
    `${none('split `tset`')}did you mean \`test\`? there are \`train\` and \`test\``,
  ]);
  // through another stage, an axis of settings, an axis of data, a branch, a let, a def
  const ways = [
    'evaluate t = tally(grey(photos("d")), "kidn")',
    'dataset g = grey(photos("d"), split: "tset")',
    'axis l = ["kind", "kidn"]\nevaluate t = tally(photos("d"), label: l)',
    'axis on = {a: photos("d"), b: grey(photos("e"))}\nevaluate t = tally(on, label: "kidn")',
    'axis on = {a: photos("d"), b: photos("e")}\nevaluate t = tally(on[on: a], label: "kidn")',
    'param e: Bool = true\ndataset a = photos("d")\ndataset b = photos("e")\nevaluate t = tally(if e then a else b, label: "kidn")',
    'let l = "kidn"\nevaluate t = tally(photos("d"), label: l)',
    'def scored(of: Images, by: String) -> Metrics{n: Int} {\n  evaluate t = tally(of, label: by)\n  return t\n}\nevaluate t = scored(photos("d"), "kidn")',
  ];
  for (const text of ways) {
    expect([text, found(text).map((said) => said.split(':')[0])]).toEqual([
      text,
      ['not-in-images'],
    ]);
  }
  expect(
    found('evaluate t = tally(photos("d"))\nevaluate u = tally(grey(photos("d")), "kind")'),
  ).toEqual([]);
  // of what nothing is declared nothing is known
  expect(found('evaluate t = tally(plain("d"), label: "kidn")')).toEqual([]);
  // of several images each has its own
  const both = 'axis on = {a: photos("d"), b: plain("e")}\n';
  expect(found(`${both}evaluate t = tally(on, "kidn")`).map((text) => text.split(':')[0])).toEqual([
    'not-in-images',
  ]);
  const three = 'axis on = {a: photos("d"), b: drawn("e")}\n';
  const named = 'match on {a: "kind", b: "group"}';
  expect(found(`${three}evaluate t = tally(on, ${named})`)).toEqual([]);
  expect(found(`${three}evaluate t = tally(on[on: b], "group")`)).toEqual([]);
  expect(found(`${three}evaluate t = tally(on, "group")`)).toHaveLength(1);
  const chosen = `param which: "a" | "b" = "b"
dataset p = photos("d")
dataset q = drawn("e")
let one = match which {a: p, b: q}
`;
  expect(found(`${chosen}evaluate t = tally(one, "group")`)).toEqual([]);
  expect(found(`${chosen}evaluate t = tally(one, "kind")`)).toHaveLength(1);
});

it('takes attributes and splits of parameters that are images, and no others', () => {
  const codes = (text: string) => errorsIn(text);
  expect(codes('extern stage a(l: Attribute[on]) -> Files command "x {l} {out}"')).toEqual([
    'type-form',
  ]);
  expect(
    codes('extern stage a(on: Files, l: Split[on]) -> Files command "x {on} {l} {out}"'),
  ).toEqual(['type-form']);
  expect(codes('extern stage a(l: Attribute) -> Files command "x {l} {out}"')).toEqual([
    'type-form',
  ]);
  expect(codes('extern stage a(i: Int) -> Images{size: Int} command "x {i} {out}"')).toEqual([
    'type-form',
  ]);
  expect(codes('extern stage a(i: Int) -> Images{splits: i} command "x {i} {out}"')).toEqual([
    'type-form',
  ]);
});
