import { expect, it } from 'vitest';
import { namedPoints } from '../../../src/plan/select.js';
import {
  compileFiles,
  countsIn,
  errorsIn,
  mistakesOf,
  paramsIn,
  pointsIn,
  programIn,
} from './study.js';

const head = `
import std.data.emoji
import std.pairs.semantic_pairs
import std.views.{simclr_views, crop_only}
import std.ssl.{simclr, vicreg}
import std.backbone.resnet18
import std.train.{pretrain, random_init}
import std.probe.{linear_probe, knn_probe}
param epochs: Int = 20
axis seed = [1, 2]
axis method = [simclr(), vicreg()]
dataset images = emoji()
def study(source: Images, method: Method, seed: Int = 0) -> Encoder {
  let views = crop_only(size: 32px)
  dataset pairs = semantic_pairs(source, seed: seed)
  @gpu(1)
  train inner = pretrain(pairs, views, method, resnet18(), epochs: epochs, seed: seed)
  return inner
}
def score(encoder: Encoder, on: Images) -> Metrics{top1: Fraction} {
  return linear_probe(encoder, on)
}
`;
/** Without the warnings of what a test does not use. */
const errors = (text: string) => errorsIn(`${head}${text}`);

it('expands a def at its call, with stages named after the call, over the axes of its arguments', () => {
  const program = programIn(`${head}
train a = study(images, method, seed)
evaluate p = score(a, images)`);
  expect(program.stages.map((stage) => [stage.name, stage.keyword, stage.dims])).toEqual([
    ['images', 'dataset', []],
    ['a.pairs', 'dataset', ['seed']],
    ['a.inner', 'train', ['method', 'seed']],
    ['a.inner.features.images', undefined, ['method', 'seed']],
    ['p', 'evaluate', ['method', 'seed']],
  ]);
  expect(program.stages.map((stage) => stage.resources.gpus)).toEqual([
    undefined,
    undefined,
    1,
    undefined,
    undefined,
  ]);
});

it('expands calls inside arguments, axes and other defs', () => {
  const counts = countsIn(`${head}
def both(source: Images, seed: Int) -> Metrics{top1: Fraction} {
  return score(study(source, simclr(), seed: seed), source)
}
axis trained = {ours: study(images, simclr()), none: random_init(resnet18(), seed: 3)}
evaluate p = linear_probe(study(images, simclr(), seed), images)
evaluate q = knn_probe(trained, images)
evaluate r = both(images, seed)`);
  expect(counts).toEqual({
    images: 1,
    'trained.pairs': 1,
    'trained.inner': 1,
    trained: 1,
    'trained.features.images': 2,
    'p.encoder.pairs': 2,
    'p.encoder.inner': 2,
    'p.encoder.inner.features.images': 2,
    p: 2,
    q: 2,
    'r.encoder.pairs': 2,
    'r.encoder.inner': 2,
    'r.encoder.inner.features.images': 2,
    r: 2,
  });
});

it('gives equal parts of two calls equal parameters, so that they are computed once', () => {
  const text = `${head}
train a = study(images, simclr())
train b = study(images, vicreg())`;
  expect(paramsIn(text, 'a.pairs')).toEqual(paramsIn(text, 'b.pairs'));
});

it('takes stages, descriptions, values and axes as arguments', () => {
  const program = programIn(`${head}
def curve(of: Fraction, over: Axis) { return {middle: mean(of, over: over), ends: ci95(of, over: over)} }
def fixed(of: Fraction, along: Axis) { return of[along: 2] }
def choose(kind: "small" | "large" = "small") -> Backbone {
  return match kind { small: resnet18(width: 16), large: resnet18() }
}
evaluate p = linear_probe(random_init(choose(), seed), images)
expect curve(p.top1, seed).ends.low > fixed(p.top1, seed)
report r = table({m: curve(p.top1, seed).middle})`);
  expect(program.expects[0]?.condition.dims).toEqual([]);
  expect(program.reports[0]?.values[0]?.value.dims).toEqual([]);
});

it('lets a def see params, imports, externs, other defs and its own names alone', () => {
  expect(errors('def f(a: Int) -> Int { let b = a * epochs return b }\nlet c = f(2)')).toEqual([]);
  expect(errors('def f(a: Encoder) { return linear_probe(a, images) }')).toEqual(['not-in-def']);
  expect(errors('def f(a: Fraction) { return mean(a, over: seed) }')).toEqual(['not-in-def']);
  const caller =
    'def g() -> Int { let hidden = 3 return f(1) }\ndef f(a: Int) { return a + hidden }';
  expect(errors(caller)).toEqual(['unknown-name']);
});

it('lets its names be those of what it does not see, and no others', () => {
  expect(errors('def f(seed: Int, images: Int) -> Int { return seed + images }')).toEqual([]);
  expect(errors('def f(epochs: Int) -> Int { return epochs }')).toEqual(['shadowing']);
  expect(errors('def f(a: Int) -> Int { let score = a return score }')).toEqual(['shadowing']);
  expect(errors('def f(a: Int, a: Int) -> Int { return a }')).toEqual(['duplicate-key']);
  expect(errors('def f(a: Int) -> Int { let a = 2 return a }')).toEqual(['duplicate-declaration']);
  expect(errors('def f(mean: Int) -> Int { return mean }')).toEqual(['built-in-name']);
});

it('prints the circle of defs that need themselves', () => {
  const text = 'def f(a: Int) -> Int { return g(a) }\ndef g(a: Int) -> Int { return f(a) }';
  const { diagnostics } = compileFiles(`${text}\nexpect f(1) > 0`);
  expect(diagnostics.map((d) => [d.code, d.message])).toEqual([
    ['cycle', 'this needs itself: `f` → `g` → `f`'],
  ]);
  expect(errors('def f(x: Int) -> Int { let a = b let b = a return a + x }')).toEqual(['cycle']);
});

it('says what is wrong in a body once, at the def, whether or not it is called', () => {
  const wrong = 'def f(a: Int) -> Int { let b = a + "x" return b + c }';
  expect(errors(wrong)).toEqual(['wrong-operand', 'unknown-name']);
  expect(errors(`${wrong}\nlet d = f(1)\nlet e = f(2) + f("a")`)).toEqual([
    'wrong-operand',
    'unknown-name',
  ]);
  expect(errors('def f(a: Int) -> Encoder { return a }')).toEqual(['wrong-type']);
  expect(errors('def f(a) -> Int { return 1 }')).toEqual(['parameter-type-missing']);
});

it('points at the def and at the call for what only the arguments make wrong', () => {
  const text = `import std.views.simclr_views
def strong(s: Float) -> Views { return simclr_views(32px, strength: s) }
axis s = [0.5, 3.0]
transform v = strong(s)
transform w = strong(s: 9)
transform x = strong(1)`;
  const found = compileFiles(text).diagnostics.filter((d) => d.severity === 'error');
  const place = (span: { start: number; end: number }) => text.slice(span.start, span.end);
  expect(found.map((d) => [d.code, place(d.span), d.related?.map((r) => place(r.span))])).toEqual([
    ['out-of-range', 's', ['strong(s)']],
    ['out-of-range', 's', ['strong(s: 9)']],
  ]);
  expect(found[0]?.message).toContain('(s = 3)');
});

it('checks the arguments of a call as those of a stage', () => {
  expect(errors('train a = study(images)')).toEqual(['missing-argument']);
  expect(errors('train a = study(images, simclr(), seeds: 1)')).toEqual(['unknown-parameter']);
  expect(errors('train a = study(simclr(), simclr())')).toEqual(['wrong-type']);
  expect(errors('dataset a = study(images, simclr())')).toEqual(['keyword-mismatch']);
  expect(errors('let a = study(images, simclr())')).toEqual(['stage-here']);
  expect(errors('let a = study')).toEqual(['not-a-value']);
});

it('gives every stage of a call its where and what it needs from the machine', () => {
  const text = `${head}
@timeout(2h) @gpu(2)
train a = study(images, method, seed) where method is simclr or seed is 1`;
  expect(countsIn(text)).toEqual({ images: 1, 'a.pairs': 2, 'a.inner': 3 });
  const stages = programIn(text).stages.map((stage) => [stage.name, stage.resources]);
  expect(Object.fromEntries(stages)).toMatchObject({
    'a.pairs': { timeoutSeconds: 7200, gpus: 2 },
    'a.inner': { timeoutSeconds: 7200, gpus: 1 },
  });
});

it('names all stages of a call by the name of the call, for --only', () => {
  const points = pointsIn(`${head}\ntrain a = study(images, method, seed)`);
  const ids = (only: string) => namedPoints(points, only).map((point) => point.id);
  expect(ids('a')).toHaveLength(6);
  expect(ids('a.inner[seed: 2, method: vicreg]')).toEqual(['a.inner[method=vicreg,seed=2]']);
  expect(() => ids('b')).toThrow('there is no stage `b`');
});

it('labels a call of a def by its name and what differs', () => {
  const program = programIn(`${head}
def half(n: Int, plus: Int = 0) -> Int { return n * 2 + plus }
axis width = [half(4), half(8, plus: 1)]
evaluate p = linear_probe(random_init(resnet18(width: width)), images)
expect p.top1[width: half(n: 8, plus: 1)] > p.top1[width: half(n: 4)]`);
  const [width] = program.axes.filter((axis) => axis.name === 'width');
  expect(width?.labels.map((l) => l.label)).toEqual(['half(n: 4, plus: 0)', 'half(n: 8, plus: 1)']);
});

it('takes a def from another file, with what it sees there', () => {
  const files = {
    'study.ssp': `import "./lab.ssp".{longer, epochs}
import std.data.emoji\ndataset images = emoji()\ntrain e = longer(images)\nexpect epochs > 0`,
    'lab.ssp': `import std.train.supervised\nimport std.views.crop_only\nimport std.backbone.resnet18
param epochs: Int = 5\naxis seed = 1..3
def longer(source: Images) -> Encoder {
  return supervised(source, crop_only(32px), resnet18(), epochs: 10 * epochs)
}`,
  };
  expect(paramsIn(files, 'e').epochs).toBe(50);
  expect(paramsIn(files, 'e', { epochs: '7' }).epochs).toBe(70);
});

it('warns of parameters and values of a def that nothing uses', () => {
  const text = 'def f(a: Int, b: Int) -> Int { let c = 2 return a }\nexpect f(1, 2) > 0';
  expect(mistakesOf(text)).toEqual(['unused study.ssp:1', 'unused study.ssp:1']);
});

it('reads the stages inside a call, those of calls in it, and those that its result does not need', () => {
  const text = `
extern stage tr(i: Int) -> Encoder command "tr {i} {out}"
extern stage ev(of: Encoder, n: Int = 1) -> Metrics{top1: Fraction} command "ev {of} {n} {out}"
axis seed = [1, 2, 3]
def run(i: Int) -> Metrics{top1: Fraction} {
  train t = tr(i)
  evaluate e = ev(t)
  evaluate extra = ev(t, n: 5)
  evaluate never = ev(t, n: 6)
  return e
}
def both(i: Int) -> Metrics{top1: Fraction} {
  evaluate one = run(i)
  evaluate two = ev(one.t, n: 3)
  return two
}
def direct(i: Int) -> Metrics{top1: Fraction} { return run(i) }
evaluate q = run(seed) where seed < 3
evaluate b = both(7)
evaluate d = direct(9)
axis way = {tuned: run(20), plain: run(21)}
evaluate again = ev(q.t, n: 2)
evaluate last = ev(way.t, n: 4)
expect q.t.time < 1h and mean(q.extra.top1, over: seed) > 0
expect q.t.time[seed: 2] < 1h and b.one.t.time < 1h and b.one.top1 > 0 and d.t.time < 1h
expect way.t.time < 1h`;
  expect(mistakesOf(text)).toEqual([]);
  expect(countsIn(text)).toEqual({
    'q.t': 2,
    'q.e': 2,
    'q.extra': 2,
    again: 2,
    'b.one.t': 1,
    'b.one.e': 1,
    'b.two': 1,
    'd.t': 1,
    'd.e': 1,
    'way.t': 2,
    last: 2,
  });
  expect(paramsIn(text, 'again[seed=2]').of).toEqual({ input: 'q.t[seed=2]' });
  expect(paramsIn(text, 'last[way=plain]').of).toEqual({ input: 'way.t[way=plain]' });
  const wrong = compileFiles(`${text}\nexpect q.extr.top1 > 0\nexpect b.i > 0`).diagnostics;
  expect(wrong.map(({ code, help }) => [code, help])).toEqual([
    [
      'unknown-field',
      'did you mean `extra`? there are `time`, `top1`, `t`, `e`, `extra` and `never`',
    ],
    ['unknown-field', 'there are `time`, `top1`, `one` and `two`'],
  ]);
});
