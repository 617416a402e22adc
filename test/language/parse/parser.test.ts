import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/base/diagnostic.js';
import type { Declaration, Expression } from '../../../src/language/ast.js';
import { parse } from '../../../src/language/parse/parser.js';
import { ablation, comparison, rest } from '../../support/examples.js';

const module = (text: string) => parse({ path: 'test.ssp', text }).module;
const codes = (text: string) => parse({ path: 'test.ssp', text }).diagnostics.map((d) => d.code);

/** The only declaration, without places. */
function one(text: string): Declaration {
  const { module: found, diagnostics } = parse({ path: 'test.ssp', text });
  expect(diagnostics).toEqual([]);
  expect(found.declarations).toHaveLength(1);
  return found.declarations[0] as Declaration;
}

/** An expression in prefix form: what binds to what. */
function shape(e: Expression): string {
  switch (e.kind) {
    case 'number':
      return `${e.value}${e.unit ?? ''}`;
    case 'string':
      return JSON.stringify(e.value);
    case 'bool':
      return String(e.value);
    case 'none':
      return 'none';
    case 'name':
      return e.name.text;
    case 'list':
      return `[${e.items.map(shape).join(' ')}]`;
    case 'record':
      return `{${e.entries.map((x) => `${x.key.text}${x.shorthand ? '' : `:${shape(x.value)}`}`).join(' ')}}`;
    case 'range':
      return `(.. ${shape(e.low)} ${shape(e.high)})`;
    case 'member':
      return `(. ${shape(e.of)} ${e.name.text})`;
    case 'call':
      return `(${[shape(e.callee), ...e.args.map((a) => (a.shorthand ? `~${a.name?.text}` : `${a.name ? `${a.name.text}:` : ''}${shape(a.value)}`))].join(' ')})`;
    case 'with':
      return `(with ${shape(e.of)} ${e.changes.map((a) => (a.shorthand ? `~${a.name?.text}` : `${a.name?.text}:${shape(a.value)}`)).join(' ')})`;
    case 'slice':
      return `(slice ${shape(e.of)} ${e.items.map((i) => `${i.axis.text}:${i.set ? 'set ' : ''}${i.labels.map((l) => `${l.kind}<${l.text}>`).join(',')}`).join(' ')})`;
    case 'unary':
      return `(${e.operator} ${shape(e.of)})`;
    case 'binary':
      return `(${e.operator} ${shape(e.left)} ${shape(e.right)})`;
    case 'default':
      return `(?? ${shape(e.of)} ${shape(e.otherwise)})`;
    case 'is':
      return `(${e.negated ? 'isnot' : 'is'} ${shape(e.of)} ${e.labels.map((l) => `${l.kind}<${l.text}>`).join(',')})`;
    case 'if':
      return `(if ${shape(e.condition)} ${shape(e.then)} ${shape(e.else)})`;
    case 'match':
      return `(match ${shape(e.subject)} ${e.arms.map((a) => `${a.labels.map((l) => l.text).join(',') || 'else'}:${shape(a.value)}`).join(' ')})`;
  }
}

function shapeOf(text: string): string {
  const declaration = one(`let x = ${text}`);
  if (declaration.kind !== 'let') throw new Error(declaration.kind);
  return shape(declaration.value);
}

it('reads `with` behind a value as a change of its arguments, and as a name elsewhere', () => {
  expect(shapeOf('v with {gray: 0%, blur}')).toBe('(with v gray:0% ~blur)');
  expect(shapeOf('v with {a: 1} with {b: 2}')).toBe('(with (with v a:1) b:2)');
  expect(shapeOf('v(1) with {}')).toBe('(with (v 1) )');
  expect(shapeOf('with + with(with: with)')).toBe('(+ with (with with:with))');
  expect(shapeOf('{with}')).toBe('{with}');
  expect(shapeOf('match with {a: 1}')).toBe('(match with a:1)');
  expect(shapeOf('with with {with: 1}')).toBe('(with with with:1)');
});

it('reads whole examples without a word', () => {
  for (const text of [comparison, ablation, rest]) expect(codes(text)).toEqual([]);
});

it('reads the standard library', () => {
  const folder = fileURLToPath(new URL('../../../stdlib/', import.meta.url));
  for (const name of readdirSync(folder)) {
    const { diagnostics } = parse({ path: name, text: readFileSync(folder + name, 'utf8') });
    expect(diagnostics).toEqual([]);
  }
});

it('binds operators by precedence', () => {
  expect(shapeOf('a ?? b ?? 1..c + 2 > 3')).toBe('(> (?? (?? a b) (.. 1 (+ c 2))) 3)');
  expect(shapeOf('1 + 2 * 3 - 4 / 5')).toBe('(- (+ 1 (* 2 3)) (/ 4 5))');
  expect(shapeOf('-a.b(1)[s: x] * -2')).toBe('(* (- (slice ((. a b) 1) s:word<x>)) (- 2))');
  expect(shapeOf('not a < 1 + 2 and b or c is d')).toBe(
    '(or (and (not (< a (+ 1 2))) b) (is c word<d>))',
  );
  expect(shapeOf('a - b - c')).toBe('(- (- a b) c)');
  expect(shapeOf('0.2 + 1 .. 2 * 3')).toBe('(.. (+ 0.2 1) (* 2 3))');
  expect(shapeOf('(a or b) and c')).toBe('(and (or a b) c)');
});

it('lets else extend to the right', () => {
  expect(shapeOf('1 + if a then b else c + 2')).toBe('(+ 1 (if a b (+ c 2)))');
  expect(shapeOf('if a then b else if c then d else e or f')).toBe('(if a b (if c d (or e f)))');
});

it('reads literals with their units', () => {
  expect(shapeOf('[1_000, 0.5, 1e-3, 20%, 64px, 15deg, 250ms, 512MiB]')).toBe(
    '[1000 0.5 0.001 20% 64px 15deg 250ms 512MiB]',
  );
  expect(shapeOf('"a\\n\\t\\"\\\\\\u{1F600}"')).toBe(JSON.stringify('a\n\t"\\😀'));
  const whole = one('let x = 3');
  const decimal = one('let x = 1e3');
  expect(whole.kind === 'let' && whole.value).toMatchObject({ decimal: false });
  expect(decimal.kind === 'let' && decimal.value).toMatchObject({ decimal: true, value: 1000 });
});

it('takes a bare name behind a named argument as shorthand', () => {
  expect(shapeOf('f(a, b, c: 1, d, (e), g + 1, train: 2)')).toBe(
    '(f a b c:1 ~d e (+ g 1) train:2)',
  );
  expect(shapeOf('{a: 1, b, "c d": 2, train: 3}')).toBe('{a:1 b c d:2 train:3}');
});

it('reads labels as written', () => {
  expect(shapeOf('x[a: b, train: {c, "d e", 10%, -5, 0.2 .. 1.0, f( g : 1,h:[2] ,)}]')).toBe(
    '(slice x a:word<b> train:set word<c>,quoted<d e>,number<10%>,number<-5>,range<0.2..1.0>,call<f(g: 1, h: [2])>)',
  );
  expect(shapeOf('a is not {train, none}')).toBe('(isnot a word<train>,word<none>)');
  expect(shapeOf('match m { a: 1, {b, c}: 2, "else": 3, else: 4 }')).toBe(
    '(match m a:1 b,c:2 else:3 else:4)',
  );
});

it('reads imports from the library, files and packages', () => {
  expect(one('import std.ssl.{simclr, byol as b}')).toMatchObject({
    from: { kind: 'library', path: [{ text: 'std' }, { text: 'ssl' }] },
    names: [{ name: { text: 'simclr' } }, { name: { text: 'byol' }, as: { text: 'b' } }],
  });
  expect(one('import std.train.pretrain')).toMatchObject({
    from: { path: [{ text: 'std' }, { text: 'train' }] },
    names: [{ name: { text: 'pretrain' }, as: undefined }],
  });
  expect(one('import "./v.ssp".{strong}')).toMatchObject({
    from: { kind: 'file', path: './v.ssp' },
    names: [{ name: { text: 'strong' } }],
  });
});

it('reads declarations of every kind', () => {
  const kinds = [comparison, rest].flatMap((text) => module(text).declarations.map((d) => d.kind));
  expect(new Set(kinds)).toEqual(
    new Set('import param let axis stage report expect reference def extern'.split(' ')),
  );
});

it('reads types with refinements, choices and fields', () => {
  const param = one('param x: List[Range[Float](0.0..1.0)]? = none');
  expect(param).toMatchObject({
    type: {
      kind: 'optional',
      of: { kind: 'named', name: { text: 'List' }, args: [{ name: { text: 'Range' } }] },
    },
  });
  expect(one('param x: "a" | "b"?')).toMatchObject({
    type: { kind: 'optional', of: { kind: 'enum', choices: [{ text: 'a' }, { text: 'b' }] } },
  });
  expect(one('param x: Int(1..)')).toMatchObject({
    type: { refinement: { low: { value: 1 }, high: undefined } },
  });
  expect(one('def f(a: T) -> Metrics{top1: Fraction} { let y = a return y }')).toMatchObject({
    kind: 'def',
    result: { fields: [{ name: { text: 'top1' } }] },
    body: [{ kind: 'let' }],
  });
  expect(one('def f() -> Views { train m = g() return m }')).toMatchObject({
    result: { fields: undefined },
  });
});

it('reads externs from modules and commands', () => {
  expect(one('extern stage mine(a: Images) -> Files from "./mine.mjs"')).toMatchObject({
    of: 'stage',
    from: { path: './mine.mjs' },
  });
  expect(
    one('extern stage t(in: Images) -> Files\n command "p {in}"\n reads: ["a"]'),
  ).toMatchObject({ command: { text: 'p {in}' }, reads: { kind: 'list' } });
});

it('gives documentation to what follows it', () => {
  const { module: found, diagnostics } = parse({
    path: 'test.ssp',
    text: '/// The file.\n\n/// One.\n///\n/// Two.\n@version(1)\n/// Three.\nextern value f(\n  /// A.\n  a: Int,\n) -> Views\n',
  });
  expect(diagnostics).toEqual([]);
  expect(found.doc).toBe('The file.');
  expect(found.declarations[0]).toMatchObject({
    doc: 'One.\n\nTwo.\nThree.',
    params: [{ doc: 'A.' }],
  });
  expect(module('/// File.\nimport a.b\n/// L.\nlet x = 1').doc).toBe('File.');
  expect(module('/// L.\nlet x = 1').doc).toBeUndefined();
});

it('goes on in the next line where no declaration begins', () => {
  expect(shapeOf('a\n  + b\n  [s: t]\n  // why\n  .c')).toBe('(+ a (. (slice b s:word<t>) c))');
  expect(one('train m = f(a)\n  where seed == 1')).toMatchObject({ where: { kind: 'binary' } });
  expect(one('let f = g(\n  train: 1,\n  let: 2,\n)').kind).toBe('let');
});

it('keeps the names of broken declarations', () => {
  const names = (text: string) =>
    module(text).declarations.map((d) => (d.kind === 'broken' ? d.name?.text : d.kind));
  expect(names('trian x = f(\n1)\nlet y = 1')).toEqual(['x', 'let']);
  expect(names('x = 3\nlet y = 1')).toEqual(['x', 'let']);
  expect(names('axis x = [1, 2\nlet y = 1')).toEqual(['x', 'let']);
  expect(names('import std.ssl.{simclr, byol as b\nlet y = 1')).toEqual(['simclr', 'b', 'let']);
  expect(names('extern value f( -> Method\n@gpu(1) train y = f()')).toEqual(['f', 'stage']);
  expect(names('expcet mean(x)')).toEqual([undefined]);
  expect(names('let a = 1 let b = 2')).toEqual(['let', 'let']);
});

it('takes no display name for a name that is missing', () => {
  const [broken] = module('axis as "Width" = [1, 2]').declarations;
  expect(broken).toMatchObject({ kind: 'broken', name: undefined, nameless: true });
  expect(module('report as "Values" table(x)').declarations).toMatchObject([{ name: undefined }]);
  expect(codes('axis as = [1, 2]')).toEqual([]);
});

it('reads any line ends and a byte order mark', () => {
  expect(module('\uFEFFlet a = 1\r\nlet b = a\r\n').declarations).toHaveLength(2);
});

const corpus = [comparison, ablation, rest];
const errorsOf = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.filter((d) => d.severity === 'error');

it('never throws and tells one mistake a declaration, whatever the text', () => {
  const pieces = corpus.join('\n').split(/(\s+|\b)/);
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((list) => list.join('')),
  );
  fc.assert(
    fc.property(text, (input) => {
      const { module: found, diagnostics } = parse({ path: 'test.ssp', text: input });
      const spans = new Set(found.declarations.map((d) => `${d.span.start}-${d.span.end}`));
      const errors = errorsOf(diagnostics).length;
      // strays in a file without any token are no declaration
      expect(errors).toBeLessThanOrEqual(Math.max(1, spans.size));
      for (const d of diagnostics) {
        expect(d.span.start).toBeGreaterThanOrEqual(0);
        expect(d.span.end).toBeLessThanOrEqual(input.length);
      }
    }),
    { numRuns: 300 },
  );
});

it('keeps one mistake to one declaration', () => {
  const change = fc.record({
    text: fc.constantFrom(...corpus),
    at: fc.nat(),
    cut: fc.nat({ max: 12 }),
    put: fc.constantFrom('', ')', '(', '{', '}', '"', ',', ' let ', ' = ', '$', '5', '\n', '/// '),
  });
  fc.assert(
    fc.property(change, ({ text, at, cut, put }) => {
      const start = at % text.length;
      const input = text.slice(0, start) + put + text.slice(start + cut);
      const before = module(text).declarations.length;
      const { module: found } = parse({ path: 'test.ssp', text: input });
      const whole = found.declarations.filter((d) => d.kind !== 'broken').length;
      // a bracket can swallow neighbours that do not begin in column 1
      expect(whole).toBeGreaterThanOrEqual(before - 8);
    }),
    { numRuns: 100 },
  );
});

it('refuses an import of no names', () => {
  expect(codes('import std.data.{}\n')).toEqual(['syntax']);
  expect(codes('import "./nets.ssp".{}\n')).toEqual(['syntax']);
});
