import fc from 'fast-check';
import { expect, it } from 'vitest';
import { render, toJson } from '../../src/base/render.js';
import { compile } from '../../src/language/compile.js';
import { format } from '../../src/language/format/format.js';
import { unfold } from '../../src/plan/unfold.js';

/** Far more than any answer takes; a busy machine is slow, an endless loop is slower. */
const bound = 30_000;

/** Whatever the text is: an answer in time, as text and as data, without an exception. */
function answer(text: string) {
  const started = performance.now();
  const { program, diagnostics } = compile({ readText: () => text }, 'hostile.ssp');
  const said = render(diagnostics);
  JSON.stringify(diagnostics.map(toJson));
  format({ path: 'hostile.ssp', text });
  expect(performance.now() - started).toBeLessThan(bound);
  expect(program === undefined).toBe(diagnostics.some((d) => d.severity === 'error'));
  return { program, diagnostics, said, codes: [...new Set(diagnostics.map((d) => d.code))] };
}
const many = (count: number, line: (i: number) => string, between = '\n') =>
  Array.from({ length: count }, (_, i) => line(i)).join(between);

it('answers arbitrary bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 400 }).map((b) => Buffer.from(b).toString('utf8'));
  fc.assert(
    fc.property(bytes, (text) => void answer(text)),
    { numRuns: 300, seed: 1 },
  );
});

it('answers arbitrary texts, lone surrogates and NULs among them', () => {
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
  const text = fc.array(fc.oneof(unit, fc.constantFrom('\0', '\ud800', '\udfff', '"', '\n')));
  fc.assert(
    fc.property(text, (units) => void answer(units.join(''))),
    { numRuns: 300, seed: 1 },
  );
  expect(answer('\0'.repeat(1000)).codes).toEqual(['unexpected-character']);
  expect(answer('\ud800 param \udfff n: Int = 1\n"\ud800"').diagnostics.length).toBeGreaterThan(0);
});

it('answers arbitrary rows of tokens', () => {
  const words =
    'import std . ssl simclr { } ( ) [ ] , : = + - * / .. < == is not and or if then else match let param axis dataset train evaluate report expect reference def extern return where @ -> ? | 1 20% 32px "a" \n x seed _ env file table mean over true none';
  const token = fc.constantFrom(...words.split(' '));
  fc.assert(
    fc.property(fc.array(token, { maxLength: 60 }), (row) => void answer(row.join(' '))),
    { numRuns: 500, seed: 1 },
  );
});

const ten = 10 * 1024 * 1024;
for (const [name, unit] of [
  ['declarations', 'let a = 1\n'],
  ['letters', 'a'],
  ['strays', '$'],
  ['open brackets', '([{'],
  ['quotes', '"'],
  ['spaces', ' '],
] as const) {
  it(`answers 10 MB of ${name}`, () => {
    const { said, codes } = answer(unit.repeat(Math.ceil(ten / unit.length)));
    expect(codes).toEqual(['syntax']);
    expect(said).toMatch(/found 10,485,7\d\d characters, expected at most 1,000,000/);
    expect(said.length).toBeLessThan(1000);
  });
}

const deep = 10_000;
const nested: Readonly<Record<string, string>> = {
  parentheses: `let a = ${'('.repeat(deep)}1${')'.repeat(deep)}`,
  'open parentheses': `let a = ${'('.repeat(deep)}`,
  lists: `let a = ${'['.repeat(deep)}${']'.repeat(deep)}`,
  records: `let a = ${'{a: '.repeat(deep)}1${'}'.repeat(deep)}`,
  calls: `let a = ${'f('.repeat(deep)}${')'.repeat(deep)}`,
  types: `param a: ${'List['.repeat(deep)}Int${']'.repeat(deep)} = []`,
  conditions: `let a = ${'if true then '.repeat(deep)}1${' else 2'.repeat(deep)}`,
  matches: `let a = ${'match x { a: '.repeat(deep)}1${'}'.repeat(deep)}`,
  signs: `let a = ${'-'.repeat(deep)}1`,
  negations: `let a = ${'not '.repeat(deep)}true`,
  slices: `let a = b${'[c: d]'.repeat(deep)}`,
  members: `let a = b${'.c'.repeat(deep)}`,
  sums: `let a = 1${' + 1'.repeat(deep)}`,
};
for (const [name, text] of Object.entries(nested)) {
  it(`answers ${deep} nested ${name} with one mistake`, () => {
    const { diagnostics, codes } = answer(text);
    expect(codes).toEqual(['too-deep']);
    expect(diagnostics).toHaveLength(1);
  });
}

it('answers 100,000 tokens on one line, and shows the part around a mistake', () => {
  expect(answer(`let a = [${'1, '.repeat(50_000)}]`).codes).toEqual(['unused']);
  const { said } = answer(`let a = [${'1, '.repeat(5_000)}x, ${'1, '.repeat(5_000)}]`);
  expect(said).toMatch(/… 1, .*x, 1/);
  expect(said.length).toBeLessThan(1000);
  expect(answer('a '.repeat(100_000)).diagnostics).toHaveLength(1);
  expect(answer('+ '.repeat(100_000)).diagnostics).toHaveLength(1);
});

it('shows a mistake of a long line as often as it is made', () => {
  const { diagnostics } = answer(`${'@wrong(1) '.repeat(5_000)}let a = 1`);
  expect(diagnostics).toHaveLength(5_001);
});

const stages = `import std.data.emoji
import std.pairs.augmented_pairs
dataset d = emoji(size: 8px)
`;
const pairs = (seed: string) => `${stages}dataset p = augmented_pairs(d, seed: ${seed})\n`;

it('answers huge axes', () => {
  for (const range of ['1..1000000000', '-1000000000..1000000000']) {
    expect(answer(`axis i = ${range}\n`).codes).toEqual(['axis-too-long']);
  }
  expect(answer('axis i = 1..9007199254740993\n').codes).toEqual(['number-too-large']);
  expect(answer('axis i = 1..j\naxis j = 1..i\n').codes).toContain('cycle');
  const wide = answer(`axis i = 1..100000\n${pairs('i')}`).program;
  expect(() => wide && unfold(wide, { env: {} })).toThrow('100000 points');
  const axes = ['q', 'r', 's', 't', 'u', 'v'];
  const crossed = axes.map((axis) => `axis ${axis} = 1..1000\n`).join('') + pairs(axes.join(' + '));
  const { program } = answer(crossed);
  expect(program).toBeDefined();
  expect(() => program && unfold(program, { env: {} })).toThrow('1000000000000000000 points');
});

it('answers what doubles with every line', () => {
  for (const of of ['a + a', '[a, a]', '{x: a, y: a}']) {
    const line = (i: number) => `let a${i} = ${i === 0 ? 1 : of.replaceAll('a', `a${i - 1}`)}`;
    answer(many(60, line));
  }
  const sliced = (i: number) => `let a${i} = ${i === 0 ? 's' : `a${i - 1} + a${i - 1}[s: 1]`}`;
  answer(`axis s = [1, 2]\n${many(60, sliced)}`);
  const defs = many(30, (i) => `def f${i + 1}(a: Int) -> Int { return f${i}(a) + f${i}(a) }`);
  const values = answer(`def f0(a: Int) -> Int { return a }\n${defs}\nlet x = f30(1)\n`);
  expect(values.codes).toEqual(['unused']);
  const join = 'extern stage join(a: Files, b: Files) -> Files command "join {a} {b} {out}"\n';
  const made = many(
    30,
    (i) => `def f${i + 1}(a: Files) -> Files { return join(f${i}(a), f${i}(a)) }`,
  );
  const { codes } = answer(
    `${join}def f0(a: Files) -> Files { return join(a, a) }\n${made}\ndataset x = f30(d)\n`,
  );
  expect(codes).toContain('def-too-large');
});

it('answers rows and circles of thousands of declarations', () => {
  expect(answer(many(300, (i) => `let a${i} = a${(i + 1) % 300} + 1`)).codes).toContain('cycle');
  const circle = answer(many(5_000, (i) => `let a${i} = a${(i + 1) % 5_000} + 1`));
  expect(circle.codes).toEqual(['cycle']);
  const falling = many(5_000, (i) => `let a${i} = ${i === 4_999 ? 1 : `a${i + 1} + 1`}`);
  expect(answer(falling).codes).toContain('too-deep');
  const rising = (n: number) =>
    `axis s = [1, 2]\nlet a0 = s\n${many(n, (i) => `let a${i + 1} = a${i} + 1`)}\n${pairs(`a${n}`)}`;
  expect(answer(rising(5_000)).codes).toContain('too-deep');
  const { program } = answer(rising(1_000));
  expect(program && unfold(program, { env: {} })).toHaveLength(3);
});

it('answers thousands of mistakes', () => {
  const { diagnostics } = answer(many(5_000, (i) => `let a${i} = missing${i}`));
  expect(diagnostics).toHaveLength(5_000);
  expect(answer('lte a = = \n'.repeat(5_000)).codes).toContain('unknown-declaration');
  expect(answer('let a = 1\n'.repeat(5_000)).codes).toContain('duplicate-declaration');
});

it('cuts what it repeats of a long text', () => {
  for (const text of [`let a = ${'9'.repeat(500_000)}`, 'a'.repeat(500_000)]) {
    expect(answer(text).said.length).toBeLessThan(2_000);
  }
});

it('says what a letter of another script was meant to be', () => {
  const { said } = answer('import std.ssl.ѕimclr\nрaram n: Int = 1\nｌet b = １\n');
  for (const word of ['simclr', 'param', 'let']) expect(said).toContain(`write \`${word}\``);
  expect(answer('let größe = 1\n').said).toContain('names have letters a to z');
  expect(answer('let a\u200b = 1\n').said).toContain('cannot be seen; remove it');
  expect(answer('let a = “text”\n').said).toContain('straight double quotes');
});

it('reads a byte order mark and CRLF as if they were not there', () => {
  const text = 'import std.ssl.simclr\n\n/// Passes.\nparam n: Int = 1\nlet a = b\n';
  const plain = answer(text).diagnostics.map(toJson);
  expect(answer(text.replaceAll('\n', '\r\n')).diagnostics.map(toJson)).toEqual(plain);
  const marked = answer(`\ufeff${text}`).diagnostics;
  expect(marked.map((d) => d.code)).toEqual(plain.map((d) => d.code));
});

it('takes names that JavaScript has for objects', () => {
  const { codes } = answer(
    'param __proto__: Int = 1\nlet constructor = 1\nlet toString = {__proto__: 1, hasOwnProperty: 2}\naxis valueOf = {__proto__: 1, constructor: 2}\nlet z = toString.__proto__ + valueOf\n',
  );
  expect(codes).toEqual(['unused']);
});
