import { expect, it } from 'vitest';
import { parse } from '../../../src/language/parse/parser.js';
import {
  compileFiles,
  errorsIn,
  errorsWith,
  holds,
  library,
  mistakesOf,
  pointsIn,
  programIn,
} from './study.js';

const declarations = (text: string) => parse({ path: 'a.ssp', text }).module.declarations;

it('reads lines that end with LF or CRLF, and a byte order mark, alike', () => {
  const text = '/// Doc.\nimport std.ssl.simclr\n\n/// A.\nparam a: Int = 1\nexpect a > 0 // end\n';
  const strip = (source: string) => {
    const { program } = compileFiles(source);
    return (
      program && { params: program.params.map((p) => [p.name, p.value, p.doc]), doc: program.doc }
    );
  };
  expect(strip(text)).toEqual({ params: [['a', 1, 'A.']], doc: 'Doc.' });
  expect(strip(text.replaceAll('\n', '\r\n'))).toEqual(strip(text));
  expect(strip(`\uFEFF${text}`)).toEqual(strip(text));
});

it('takes /// before a declaration, parameter or entry as its text, else warns', () => {
  const text = `/// The file.
import std.ssl.simclr
/// What e is.
/// **Two** lines.
param e: Int = 1
extern stage s(
  /// Of s.
  a: Int,
) -> Files command "x {a} {out}"
axis r = {
  /// Of one.
  one: 1,
  two: 2,
}
expect e > 0 and r > 0
/// Nothing.
`;
  const { program, diagnostics } = compileFiles(text);
  expect(program?.doc).toBe('The file.');
  expect(program?.params[0]?.doc).toBe('What e is.\n**Two** lines.');
  expect(diagnostics.map((d) => d.code)).toEqual(['unused', 'stray-doc']);
});

it('lets a declaration go on in lines that begin with an operator, a bracket, where or a comment', () => {
  const text = `${library}
axis seed = [1, 2]
let a = 1
  // why
  + 2
  * 3
train e = random_init
  (resnet18(), seed: seed)
  where seed is 1
evaluate p = linear_probe(e, emoji())
let top = p.top1
  [seed: 1]
expect top > 0
  and a == 7`;
  expect(errorsIn(text)).toEqual([]);
  expect(declarations('let a = 1\nlet b = 2')).toHaveLength(2);
  expect(errorsIn('let a = 1 let b = 2')).toEqual(['declarations-on-one-line']);
});

it('reads a keyword at the start of a line inside brackets as a key', () => {
  expect(holds('a.train == 1 and a.if == 2', 'let a = {\n  train: 1,\n  if: 2\n}')).toBe(true);
  expect(declarations('let a = {\ntrain: 1,\n}\nlet b = 2')).toHaveLength(2);
});

it('closes open brackets at a keyword in column 1, so that one mistake costs one declaration', () => {
  expect(mistakesOf('let a = (1 + [2\nlet b = 3\nexpect b > 2')).toEqual(['syntax study.ssp:1']);
});

it('reports one syntax error for each declaration, and keeps its name', () => {
  const text = `${library}
trian e = random_init(resnet18())
let x = = 3
param p: Int = 
evaluate q = linear_probe(e, emoji())
expect q.top1 > x and p > 1`;
  const found = compileFiles(text).diagnostics.filter((d) => d.severity === 'error');
  expect(found.map((d) => d.code)).toEqual(['unknown-declaration', 'syntax', 'syntax']);
  expect(found[0]?.help).toContain('`train`');
});

it('takes keywords as keys, parameters, arguments, fields, labels and parts of import paths', () => {
  const text = `${library}
extern stage s(in: Images, where: Int, train: Int = 3) -> Metrics{if: Fraction} command "x {in} {where} {train} {out}"
axis kind = {train: 1, match: 2}
evaluate m = s(emoji(), where: 2, train: kind)
expect m.if[kind: train] > m.if[kind: {match, train}] and kind is not match`;
  expect(errorsIn(text)).toEqual([]);
});

it('takes no keyword as a declared name or short for itself', () => {
  const keywords =
    'import param let axis dataset transform train evaluate report expect reference def extern return and or not is if then else match where true false none';
  for (const word of keywords.split(' ')) {
    expect(errorsIn(`param ${word}: Int = 3`)).toEqual(['keyword-name']);
  }
  expect(errorsWith('let a = pretrain(epochs: 3, where)')).toContain('syntax');
  expect(errorsIn('let a = {train}')).toEqual(['syntax']);
});

it('takes from, command, reads, as, over, in, value and stage as ordinary names', () => {
  const names = ['from', 'command', 'reads', 'as', 'over', 'in', 'value', 'stage'];
  for (const name of names) expect(holds(`${name} + ${name} == 4`, `let ${name} = 2`)).toBe(true);
});

it('reads numbers with units in the measure of their type', () => {
  const equal: readonly [string, string][] = [
    ['1_000', '1000'],
    ['1e-3', '0.001'],
    ['20%', '0.2'],
    ['250ms', '0.25s'],
    ['5min', '300s'],
    ['12h', '0.5d'],
    ['16GiB', '16384MiB'],
    ['10GB', '10000MB'],
    ['64px', '32px * 2'],
    ['15deg', '30deg / 2'],
  ];
  for (const [a, b] of equal) expect(holds(`${a} == ${b}`)).toBe(true);
});

it('wants digits on both sides of a point and units that touch their number', () => {
  for (const text of ['5.', '.5', '5. + 1'])
    expect(errorsIn(`let a = ${text}`)).toEqual(['syntax']);
  expect(errorsIn('let a = 20 %')).toEqual(['unexpected-character']);
  expect(errorsIn('let a = 7 % 2')).toEqual(['unexpected-character']);
  for (const text of ['3kg', '3Px', '3pxx']) {
    expect(errorsIn(`let a = ${text}`)).toEqual(['unknown-unit']);
  }
});

it('reads texts with escapes, and no others', () => {
  expect(holds('"\\n\\t\\"\\\\\\u{1F600}" == "\\u{a}\\u{9}\\u{22}\\u{5c}😀"')).toBe(true);
  expect(errorsIn('let a = "\\q"')).toEqual(['unknown-escape']);
  expect(errorsIn('let a = "\\u{110000}"')).toEqual(['unknown-escape']);
  expect(errorsIn('let a = "open\nlet b = 2')).toEqual(['unterminated-string']);
  // What stands behind the bracket that began in the text is read as ever.
  const torn = 'import "./a.ssp.{\n  b,\n  c,\n}\nimoprt std.probe.knn_probe\nlet d = b + c';
  expect(errorsIn(torn)).toEqual(['unterminated-string', 'unknown-declaration']);
  const text = `"${'$'}{a} {b}"`; // no interpolation
  expect(holds(`${text} == ${text}`)).toBe(true);
});

it('reads records with words or texts as keys, ranges and lists, with commas at the end', () => {
  expect(holds('a.b == 1 and a.c == "x"', 'let a = {b: 1, "c": "x",}')).toBe(true);
  expect(errorsIn('axis a = [1, 2,]\naxis b = {x: 0.2..1.0,}\nexpect a > 0 or b is x')).toEqual([]);
  expect(errorsIn('let a = [1, 2]\nexpect a[0] > 0')).toEqual(['syntax']);
});

it('binds operators as written down: call and member, minus, times, plus, range, comparison, not, and, or', () => {
  expect(holds('-2 * 3 + 4 == -2')).toBe(true);
  expect(holds('2 + 3 * 4 == 14')).toBe(true);
  expect(holds('10 - 2 - 3 == 5 and 16 / 4 / 2 == 2.0')).toBe(true);
  expect(holds('not 1 > 2 and not false or false')).toBe(true);
  expect(holds('true or false and false')).toBe(true);
  expect(holds('-a.b == -3', 'let a = {b: 3}')).toBe(true);
  expect(errorsIn('axis a = 1 + 1..2 * 2\nexpect a is {2, 3, 4}')).toEqual([]);
});

it('lets comparisons and ranges stand alone, never in a chain', () => {
  expect(errorsIn('let a = 1 < 2 < 3')).toEqual(['syntax']);
  expect(errorsIn('let a = 1..2..3')).toEqual(['syntax']);
});

it('divides to a Float', () => {
  expect(holds('4 / 2 == 2.0')).toBe(true);
  expect(errorsWith('train e = random_init(resnet18(), seed: 4 / 2)')).toEqual(['wrong-type']);
});

it('lets else extend to the right', () => {
  expect(holds('(if false then 1 else 2 + 3) == 5')).toBe(true);
  expect(holds('(if true then 1 else 2 + 3) == 1')).toBe(true);
  expect(holds('(if 1 > 2 then "a" else if 2 > 1 then "b" else "c") == "b"')).toBe(true);
});

it('wants a match to cover every label or have else', () => {
  const base = 'param p: "a" | "b" | "c" = "b"\n';
  expect(holds('match p { a: 1, b: 2, c: 3 } == 2', base)).toBe(true);
  expect(holds('match p { {a, b}: 1, else: 3 } == 1', base)).toBe(true);
  expect(errorsIn(`${base}expect match p { a: 1, b: 2 } > 0`)).toEqual(['match-incomplete']);
  expect(errorsIn(`${base}expect match p { a: 1, a: 2, else: 2 } > 0`)).toEqual([
    'duplicate-label',
  ]);
  expect(errorsIn(`${base}expect match p { d: 1, else: 2 } > 0`)).toEqual(['unknown-choice']);
});

it('fills parameters with positional arguments in order, then by name, then by short names', () => {
  const call = (args: string) =>
    errorsWith(`let epochs = 3\nlet seed = 4\ntrain e = pretrain(${args})`);
  const first = 'augmented_pairs(emoji()), crop_only(32px), simclr(), resnet18()';
  expect(call(`${first}, 3, 64,`)).toEqual([]);
  expect(call(`${first}, batch: 64, epochs, seed`)).toEqual([]);
  expect(call(`${first}, batch: 64, 3`)).toEqual(['positional-after-named']);
  expect(call(`${first}, 3, epochs: 4`)).toEqual(['duplicate-argument']);
  expect(call(`${first}, epoch: 4`)).toEqual(['unknown-parameter']);
  expect(call('augmented_pairs(emoji())')).toEqual(['missing-argument']);
  expect(errorsWith('train e = random_init(resnet18(64, 2))')).toEqual(['too-many-arguments']);
  expect(programIn('let a = 2\nlet r = {a, b: 3}\nexpect r.a < r.b').expects).toHaveLength(1);
});

it('takes a bare name that is a parameter for that parameter, wherever it stands', () => {
  const head = `${library}axis seed = [1, 2]\naxis size = [16px, 32px]\nlet backbone = resnet18()\n`;
  const params = (stage: string, keyword = 'train') => {
    const point = pointsIn(`${head}${keyword} e = ${stage}`).find(({ name }) => name === 'e');
    return point?.params;
  };
  const pre = 'augmented_pairs(emoji()), crop_only(32px), simclr()';
  const defaults = params(`pretrain(${pre}, resnet18())`);
  expect(params(`pretrain(${pre}, resnet18(), seed)`)).toEqual({ ...defaults, seed: 1 });
  expect(params(`pretrain(${pre}, seed, resnet18(), 7)`)).toMatchObject({ seed: 1, epochs: 7 });
  expect(params(`pretrain(seed, ${pre}, backbone, batch: 16)`)).toMatchObject({
    seed: 1,
    batch: 16,
  });
  expect(params('emoji(size)', 'dataset')).toMatchObject({ size: 16 });
  expect(params('random_init(seed, backbone)')).toMatchObject({ seed: 1 });
  // in parentheses it is a value as any other
  expect(params('random_init((backbone), (seed))')).toMatchObject({ seed: 1 });
  expect(params(`pretrain(${pre}, resnet18(), (seed))`)).toMatchObject({ epochs: 1, seed: 0 });
});

it('does so for values, defs and the built-in functions', () => {
  const values = `${library}let temperature = 30%\naxis method = [simclr(), simclr(temperature)]\n`;
  const labels = programIn(`${values}expect method is simclr(temperature)`).axes[0]?.labels;
  expect(labels?.map(({ label }) => label)).toContain('simclr(temperature: 30%)');
  const def = 'def f(a: Int, b: Int = 2, c: Int = 3) { return a * 100 + b * 10 + c }\n';
  const names = `${def}let a = 1\nlet b = 8\nlet c = 9\nlet x = 7\n`;
  expect(holds('f(x) == 723 and f(c, a) == 129 and f(x, b) == 783 and f(c, x) == 729', names)).toBe(
    true,
  );
  expect(holds('f((c), (b), (a)) == 981', names)).toBe(true);
  expect(errorsIn(`${def}let c = 1\nexpect f(c, 5, 6) > 0`)).toEqual([]);
  expect(errorsIn(`${def}let b = 1\nexpect f(b, 5, 6) > 0`)).toEqual(['positional-skips']);
  expect(errorsIn(`${def}let a = 1\nexpect f(5, a) > 0`)).toEqual(['positional-skips']);
  expect(errorsIn(`${def}let a = 1\nexpect f(a, 5, 6) > 0`)).toEqual([]);
  expect(errorsIn(`${def}let a = 1\nexpect f(a, a: 6) > 0`)).toEqual(['duplicate-argument']);
  expect(errorsIn(`${def}let b = 1\nexpect f(b) > 0`)).toEqual(['missing-argument']);
  const over = `${library}axis over = [1, 2]\nevaluate e = linear_probe(random_init(resnet18(), seed: over), emoji())\n`;
  expect(errorsIn(`${over}expect mean(e.top1, over) > 0`)).toEqual([]);
  expect(errorsIn(`${over}report r = table(e.top1, over)`)).toEqual([]);
  expect(errorsIn(`${over.replaceAll('over', 'rows')}report r = table(e.top1, rows)`)).toEqual([]);
});

it('allows nesting 100 deep and no deeper', () => {
  const nested = (n: number) => `let a = ${'('.repeat(n)}1${')'.repeat(n)}\nexpect a > 0`;
  expect(errorsIn(nested(100))).toEqual([]);
  expect(errorsIn(nested(101))).toEqual(['too-deep']);
  expect(errorsIn(nested(10_000))).toEqual(['too-deep']);
});
