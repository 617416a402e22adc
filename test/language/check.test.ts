import { expect, it } from 'vitest';
import {
  argumentOf,
  codesOf,
  compileText,
  errorsOf,
  imports,
  programOf,
  stageOf,
} from './compile-text.js';

it('fills defaults, descriptions too', () => {
  const program = programOf(`${imports}
train e = pretrain(augmented_pairs(emoji()), crop_only(32px), simclr(), resnet18())
`);
  const [guarded] = stageOf(program, 'e').calls;
  const args = guarded?.call.args ?? [];
  const given = ['pairs', 'views', 'method', 'backbone'];
  expect(args.filter((a) => !a.filled).map((a) => a.name)).toEqual(given);
  const filled = args.filter((a) => a.filled).map((a) => a.name);
  expect(filled).toEqual(expect.arrayContaining(['epochs', 'batch', 'optimizer', 'seed']));
  const optimizer = guarded?.call.args.find((a) => a.name === 'optimizer')?.value;
  expect(optimizer?.kind === 'describe' && optimizer.call.extern.name).toBe('std.optim.sgd');
  expect(optimizer?.kind === 'describe' && optimizer.call.args.map((a) => a.name)).toContain('lr');
});

it('normalises units and widens plain numbers', () => {
  const program = programOf(`${imports}
let views = simclr_views(64px, flip: 0.3, rotation: 15deg, strength: 1, scale: 0.2..1)
train e = pretrain(augmented_pairs(emoji(64px)), views, simclr(temperature: 7%), resnet18())
@memory(16GiB) @timeout(12h) @gpu(1) @cpus(4) @retries(2)
train f = random_init(resnet18())
`);
  const views = stageOf(program, 'e').calls[0]?.call.args[1]?.value;
  const args = views?.kind === 'describe' ? views.call.args : [];
  const plain = Object.fromEntries(
    args.map((a) => [
      a.name,
      a.value.kind === 'literal' ? [a.value.value, a.value.type] : a.value.kind,
    ]),
  );
  expect(plain.size).toEqual([64, { kind: 'number', unit: 'Pixels', low: 4 }]);
  expect(plain.flip).toEqual([0.3, { kind: 'number', unit: 'Fraction', low: 0, high: 1 }]);
  expect(plain.rotation).toEqual([15, { kind: 'number', unit: 'Angle', low: 0, high: 180 }]);
  expect(plain.strength).toEqual([1, { kind: 'number', unit: 'Float', low: 0, high: 2.5 }]);
  expect(plain.scale).toBe('range');
  expect(stageOf(program, 'f').resources).toEqual({
    memoryBytes: 2 ** 34,
    timeoutSeconds: 43_200,
    gpus: 1,
    cpus: 4,
    retries: 2,
  });
});

it('sets params from texts by their types', () => {
  const text = `
param epochs: Int(1..) = 200
param t: Fraction = 50%
param name: String = "a"
param mode: "fast" | "exact" = "fast"
param classes: Path? = none
param crop: Range[Float] = 0.2..1.0
param on: Bool = false
expect epochs > 0 and t > 0 and name == "a" and mode is fast and on
`;
  const values = (set: Record<string, string>) =>
    Object.fromEntries(programOf(text, set).params.map((p) => [p.name, p.value]));
  expect(values({})).toMatchObject({ epochs: 200, t: 0.5, name: 'a', classes: null });
  expect(
    values({
      epochs: '800',
      t: '20%',
      name: 'two words',
      mode: 'exact',
      classes: 'a b.csv',
      crop: '0.5..0.9',
      on: 'true',
    }),
  ).toEqual({
    epochs: 800,
    t: 0.2,
    name: 'two words',
    mode: 'exact',
    classes: 'a b.csv',
    crop: { low: 0.5, high: 0.9 },
    on: true,
  });
  expect(values({ name: '"quoted"', classes: 'none', t: '0.3' })).toMatchObject({
    name: 'quoted',
    classes: null,
    t: 0.3,
  });
  const odd = 'a\rb\f"\\\u001b[1m\t\n\u2028é';
  expect(values({ name: odd })).toMatchObject({ name: odd });
  for (const [name, bad] of Object.entries({
    epochs: '0',
    t: '200%',
    mode: 'slow',
    on: '1',
    crop: '1',
  })) {
    expect(errorsOf(text, { [name]: bad })).toEqual(['bad-setting']);
  }
  expect(errorsOf(text, { epochs: '1\nlet b = 2' })).toEqual(['bad-setting']);
  expect(errorsOf(text, { epoch: '1' })).toEqual(['unknown-setting']);
  expect(errorsOf('param epochs: Int\nexpect epochs > 0')).toEqual(['param-required']);
  expect(errorsOf('param epochs: Int\nexpect epochs > 0', { epochs: '3' })).toEqual([]);
});

it('computes with units', () => {
  const type = (expression: string) => {
    const { program, diagnostics } = compileText(`expect ${expression}`);
    return program ? 'fine' : diagnostics.map((d) => d.code).join();
  };
  expect(type('1 / 2 == 0.5')).toBe('fine');
  expect(type('2 * 32px == 64px')).toBe('fine');
  expect(type('64px / 32px == 2')).toBe('fine');
  expect(type('50% * 64px == 32px')).toBe('fine');
  expect(type('20% + 0.1 > 0')).toBe('fine');
  expect(type('20% + 3 > 0')).toBe('unit-mismatch');
  expect(type('32px * 2px > 0')).toBe('unit-mismatch');
  expect(type('1 / 2s > 0')).toBe('unit-mismatch');
  expect(type('1h > 30min')).toBe('fine');
  expect(type('1h > 30')).toBe('unit-mismatch');
  expect(type('"a" == "b"')).toBe('fine');
  expect(type('"a" < "b"')).toBe('wrong-operand');
  expect(type('not (1 > 2 or 2 > 3 and true)')).toBe('fine');
});

it('inlines pure transforms and lets', () => {
  const program = programOf(`${imports}
param s: Pixels = 32px
transform views = crop_only(size: s)
let network = resnet18(width: 2 * 8)
train e = pretrain(augmented_pairs(emoji(s)), views, simclr(), network)
`);
  expect(program.stages.map((s) => s.name)).toEqual(['e.pairs.source', 'e.pairs', 'e']);
  const args = stageOf(program, 'e').calls[0]?.call.args ?? [];
  const views = args.find((a) => a.name === 'views')?.value;
  expect(views?.kind === 'describe' && argument(views.call.args, 'size')).toBe(32);
  const network = args.find((a) => a.name === 'backbone')?.value;
  expect(network?.kind === 'describe' && argument(network.call.args, 'width')).toBe(16);
});

function argument(
  args: readonly { name: string; value: { kind: string; value?: unknown } }[],
  name: string,
): unknown {
  return args.find((a) => a.name === name)?.value.value;
}

it('matches on enums and axes', () => {
  const program = programOf(
    `${imports}
param objective: "simclr" | "vicreg" = "simclr"
axis method = {a: simclr(), b: vicreg()}
let chosen = match objective { simclr: simclr(), vicreg: vicreg() }
let rate = match method { a: 0.3, else: 0.1 }
train e = pretrain(augmented_pairs(emoji()), crop_only(32px), chosen, resnet18(), optimizer: sgd(lr: rate))
train f = pretrain(augmented_pairs(emoji()), crop_only(32px), method, resnet18(),
  batch: if method is b then 512 else 256)
`,
    { objective: 'vicreg' },
  );
  expect(stageOf(program, 'e').dims).toEqual(['method']);
  expect(stageOf(program, 'f').dims).toEqual(['method']);
});

it('makes folders of texts and files of file()', () => {
  const program = programOf(`${imports}
dataset a = imagenet(root: "data/imagenet", classes: file("classes.txt"))
dataset b = imagenet(env.IMAGENET)
train e = supervised(a, crop_only(32px), resnet18())
train f = supervised(b, crop_only(32px), resnet18())
`);
  const a = stageOf(program, 'a');
  expect(a.calls[0]?.call.args.map((arg) => arg.value.kind)).toEqual(['file', 'file', 'literal']);
  expect(argumentOf(stageOf(program, 'b'), 'classes')).toBe(null);
  expect(argumentOf(stageOf(program, 'b'), 'size')).toBe(224);
});

it('lets metrics of a stage go into another, and nothing computed from them', () => {
  const base = `${imports}
train e = random_init(resnet18())
dataset images = emoji()
evaluate p = linear_probe(e, images)
`;
  expect(errorsOf(`${base}evaluate q = linear_probe(e, images, penalties: [p.penalty])`)).toEqual(
    [],
  );
  expect(
    errorsOf(`${base}evaluate q = linear_probe(e, images, penalties: [2 * p.penalty])`),
  ).toEqual(['late-value']);
  expect(errorsOf(`${base}expect e.time < 3h and p.time > 1s`)).toEqual([]);
});

it('shows all metrics of an evaluation in a table', () => {
  const program = programOf(`${imports}
axis seed = [1, 2]
evaluate p = linear_probe(random_init(resnet18(), seed), emoji())
report all = table(p, over: seed)
report one = pivot(p.top1, rows: seed)
`);
  expect(program.reports.map((r) => r.values.map((v) => v.name))).toEqual([
    ['top1', 'validation', 'penalty', 'ece'],
    ['top1'],
  ]);
});

it('says one thing for each mistake', () => {
  const text = `import std.data.emoji
import std.pairs.augmented_pairs
import std.views.simclr_views
import std.ssl.{simclr, vicrag}
import std.backbone.resnet18
import std.train.pretrain
import std.probe.{linear_probe, knn_probe}
param epochs: Int = 10%
param width: Intt = 3
axis seed = [1, 2, 2]
axis method = [simclr(), vicrag()]
axis none_at_all = []
dataset source = emoji(size: 64)
dataset pairs = augmented_pairs(sourse)
train e = pretrain(pairs, simclr_views(size: 32px, flip: 120%), method, resnet18(width), epochs: epochs, seed)
evaluate p = linear_probe(e, on: source, encoder: e)
let z = p.top1 + 3px
let w = knn_probe(e, source)
report r = table({p: p.top1, z: z, w: w.top1}, rows: [method, none_at_all], over: sed)
expect p.top1[seed: 4] > 10%
expect mean(z, over: pairs) > 0
train broken = pretrain(pairs,, 3)
evaluate q = linear_probe(broken, source)
expect q.top5 > 10%
`;
  expect(codesOf(text)).toEqual([
    'unknown-import',
    'wrong-unit',
    'unknown-type',
    'label-collision',
    'empty-axis',
    'wrong-unit',
    'unknown-name',
    'out-of-range',
    'duplicate-argument',
    'unit-mismatch',
    'stage-here',
    'unknown-axis',
    'unknown-axis',
    'syntax',
    'unknown-field',
  ]);
});

it('warns of what nothing uses', () => {
  expect(codesOf('import std.data.emoji\nparam a = 1\nlet b = a')).toEqual(['unused', 'unused']);
  expect(codesOf('let b = 1\nlet a = (1')).toEqual(['syntax']);
});

it('explains a file that is not there', async () => {
  const { compile } = await import('../../src/language/compile.js');
  const { program, diagnostics } = compile({ readText: () => undefined }, 'no.ssp', {});
  expect(program).toBeUndefined();
  expect(diagnostics.map((d) => [d.code, d.message])).toEqual([
    ['file-not-found', 'there is no readable file `no.ssp`'],
  ]);
});
