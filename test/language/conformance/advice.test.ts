import { expect, it } from 'vitest';
import { compileFiles, errorsWith, library } from './study.js';

/** Code and help of the only mistake of a text behind the imports. */
function advice(text: string): string {
  const { diagnostics } = compileFiles(`${library}${text}`);
  const found = diagnostics.filter((d) => d.severity === 'error');
  return found.map(({ code, help }) => `${code}: ${help}`).join('\n');
}

it('teaches what other languages write otherwise', () => {
  const taught: readonly (readonly [string, string])[] = [
    ['let a = simclr(temperature= 3%)', 'syntax: `=` declares; what belongs to a name'],
    ['axis a: [1]', 'syntax: `=` declares'],
    ['axis a = [1]\nlet b = a[a = 1]', 'stands behind `:`, as in `a: …`'],
    ['axis a = [1]\nlet b = a[x]', 'a slice names the axis of its label: `[axis: x]`'],
    ['axis a = [1]\nlet b = a[0]', 'there is no indexing'],
    ['let a = true || false', '`or` joins conditions'],
    ['let a = true && false', '`and` joins conditions'],
    ['let a = !true', '`not` negates a condition'],
    ['let a = 16 px', 'a unit touches its number: `16px`'],
    ['let a = 16 %', '`%` touches its number'],
    ['let a = True', 'unknown-name: write `true`'],
    ['let a = [None]', 'unknown-name: write `none`'],
    ['let a = null', 'unknown-name: write `none`'],
    ['/* why */ let a = 1', 'block-comment: a comment begins with `//`'],
    ['let a = 1 # why', 'a comment begins with `//`'],
    ["let a = 'x'", 'a text stands in double quotes'],
    ['let a = 1;', 'leave the `;` out'],
    ['axis "Lengths" = [1]', 'readers see: `axis lengths as "Lengths" = …`'],
    ['axis as "Lengths" = [1]', 'readers see: `axis lengths as "Lengths" = …`'],
    ['train "Mine" = random_init(resnet18())', 'a name stands here: `train mine = …`'],
    ['let a-b = 1', 'hyphen-name: names have letters, digits and `_`; write `a_b`'],
    ['param a: integer = 1', 'unknown-type: write `Int`'],
    [
      'train e = random_init(resnet18(width: 1e2))',
      '`1e2` is a Float, even if it is whole; write `100`',
    ],
    ['evaluate g = linear_probe(random_init(resnet18()), emoji(), label: g)', 'quotes: `"g"`'],
    ['evaluate g = linear_probe(random_init(resnet18()), emoji(), label: shape)', '`"shape"`'],
    [
      'axis m = [simclr(), vicreg()]\nexpect m == "simclr"',
      '`is` looks at the label: `m is simclr`',
    ],
    ['axis m = [simclr(), vicreg()]\nexpect m != simclr', '`m is not simclr`'],
    ['param m: "a" | "b" = "a"\nexpect m == "c"', 'unknown-choice: there are `a` and `b`'],
    ['dataset p = augmented_pairs(seed: 1, emoji())', 'give it a name: `source: …`'],
    ['dataset d = emoji()\ndataset p = augmented_pairs(seed: 1, d)', 'did you mean `source: d`?'],
    ['expect 0 < 1 < 2', 'join two of them with `and`'],
    ['dataset d = emoji(size 32px)', 'did you mean `size: 32px`? or a comma is missing'],
    ['dataset d = emoji(32px,, "noto")', 'there is a comma too many'],
    ['for i in 1..3 { }', 'there are no loops; an axis stands for several values'],
    ['axis seed = [seed: 1, seed: 2]', 'write `[1, 2]`, or labels of their own, `{a: 1, b: 2}`'],
    ['axis a = [x: 1, "y z": [2, 3]]', 'write `{x: 1, "y z": [2, 3]}`'],
    ['axis a = [1: 2, 3]', 'a record has a name for each: `[1, 2]` or `{a: 1, b: 2}`'],
    ['axis a = []', 'empty-axis: give it at least one, as in `axis a = [1, 2]`'],
    ['const a = 3', 'a value is declared with `let`'],
    ['assert 3 > 2', 'a claim is declared with `expect`'],
    ['from std.ssl import simclr', 'an import names the module first'],
    ['param e: List[Int] = [1, "x"]', 'mixed-types'],
    ['param e: List[Int] = [1]\nexpect e == e', 'can be compared'],
    ['dataset d = std.data.emoji()', 'take it with `import std.data.emoji` and write `emoji`'],
    ['transform v = crop_only(size: "32px")', 'it stands without quotes: `32px`'],
    ['axis size = [16px, 32px]\nexpect size is 16', 'did you mean `16px`?'],
    ['let a = 3\na = 4\nexpect a > 3', 'a value is declared with `let a = …`'],
    ['axis a = [1]\nexpect a is 2\nexpect a is {1, 2}', 'unknown-label: there is only `1`'],
  ];
  for (const [text, said] of taught) {
    expect(advice(text)).toContain(said);
    expect([text, errorsWith(text).length]).toEqual([text, 1]);
  }
});

it('finds in the library what an import means', () => {
  const help = (text: string) => compileFiles(text).diagnostics.map((d) => d.help);
  expect(help('import emoji\ndataset d = emoji()')).toEqual([
    '`std.data` has it: `import std.data.emoji`',
  ]);
  expect(help('import std.emoji\ndataset d = emoji()')).toEqual([
    '`std.data` has it: `import std.data.emoji`',
  ]);
  expect(help('import std.ssl.emoji\ndataset d = emoji()')).toEqual([
    '`std.data` has it: `import std.data.emoji`',
  ]);
  expect(help('import std\ndataset d = emoji()')).toEqual([
    'name what to take from a module: `import std.data.emoji`',
  ]);
  expect(help('import std.data\ndataset d = emoji()')).toEqual([
    'name what to take: `import std.data.{emoji}`',
  ]);
});

it('never suggests the word that is written', () => {
  const words = [
    'axis a = {shrt: 1}\nlet b = a[a: {shrt, net}]',
    'let a = {shrt, net}',
    'import a',
  ];
  for (const text of words) {
    for (const { help = '', span } of compileFiles(text).diagnostics) {
      const word = span.file.text.slice(span.start, span.end);
      expect(help).not.toContain(`did you mean \`${word}\``);
    }
  }
});

it('says where a divisor is zero, and where a number grows out of bounds', () => {
  expect(errorsWith('let a = 20% / 0')).toEqual(['division-by-zero']);
  expect(errorsWith('let a = 1px / (3 - 3)')).toEqual(['division-by-zero']);
  expect(errorsWith('axis k = [0, 1]\nlet a = 1 / k\nexpect a > 0')).toEqual(['division-by-zero']);
  expect(errorsWith('let a = 1e308 * 1000')).toEqual(['number-too-large']);
  expect(errorsWith('axis k = [1, 2]\nlet a = 1 / k\nexpect a > 0')).toEqual([]);
});

it('warns of a where that keeps nothing', () => {
  const found = (where: string) =>
    compileFiles(
      `${library}axis seed = [1, 2]\ntrain e = random_init(resnet18(), seed) where ${where}`,
    ).diagnostics.flatMap((d) => (d.code === 'where-empty' ? [d.help] : []));
  expect(found('seed > 2')).toEqual([
    '`seed` has 1, 2; the stage and all that uses it are left out',
  ]);
  expect(found('false')).toHaveLength(1);
  expect(found('seed > 1')).toEqual([]);
});

it('prints the circle of thousands of declarations', () => {
  const text = Array.from({ length: 3_000 }, (_, i) => `let a${i} = a${(i + 1) % 3_000}`).join(
    '\n',
  );
  const [circle, ...others] = compileFiles(`${text}\nexpect a7 > 0`).diagnostics;
  expect(circle?.message).toContain('`a0` → `a1`');
  expect(others).toEqual([]);
});

it('tells what follows from a mistake in a setting or in a built-in name no second time', () => {
  const text = 'param n: Int(1..) = 3\naxis seed = 1..n\nexpect seed > 0';
  expect(compileFiles(text, { n: '0' }).diagnostics.map((d) => d.code)).toEqual(['bad-setting']);
  const mean = 'let mean = 3\nlet a = mean + 1\nlet b = mean(a)\nexpect a > b';
  expect(compileFiles(mean).diagnostics.map((d) => d.code)).toEqual(['built-in-name']);
});

it('names what to take where other languages take all with a star', () => {
  const found = (text: string) =>
    compileFiles(text).diagnostics.map(({ code, help, fixes }) => {
      const [
        {
          edits: [edit],
        } = { edits: [] },
      ] = fixes ?? [];
      const { span, text: written } = edit ?? {};
      const fixed = span && text.slice(0, span.start) + written + text.slice(span.end);
      return [code, help, fixed];
    });
  const rest = '\ndataset d = emoji()\nexpect d.time > 0s';
  expect(found(`import std.data.*${rest}`)).toEqual([
    [
      'import-whole-module',
      'name what to take: `import std.data.{emoji}`',
      `import std.data.{emoji}${rest}`,
    ],
  ]);
  expect(found(`import std.data.emoji.*${rest}`)).toEqual([
    [
      'unknown-module',
      '`emoji` is what it takes: leave the `.*` out',
      `import std.data.emoji${rest}`,
    ],
  ]);
  expect(found(`import std.dta.*${rest}`)[0]?.[1]).toContain('did you mean `std.data`?');
});

it('explains a number that is no share, and a parameter that a value does not fit', () => {
  const found = (text: string) =>
    compileFiles(text).diagnostics.flatMap(({ help, fixes = [], severity }) =>
      severity === 'error' ? [[help, fixes.length]] : [],
    );
  const cosine = 'import std.optim.cosine\naxis a = [cosine(warmup: 10%)]\nexpect a is cosine';
  expect(found(cosine)).toEqual([
    ['`warmup` is a plain number, no share of anything: "Epochs of linear warm-up."', 0],
  ]);
  const views = 'import std.views.simclr_views\ntransform v = simclr_views(32px, strength: 50%)';
  expect(found(views)).toEqual([['write `0.5`', 1]]);
  const lars = 'import std.optim.lars\naxis a = [lars(clip: 3.0)]\nexpect a is lars';
  expect(found(lars)[0]?.[0]).toContain('`clip` is documented as "');
});

it('says once of a call that its arguments have no names', () => {
  const call = 'dataset p = semantic_pairs(source: emoji(), 1, 2, 3)';
  expect(errorsWith(call)).toEqual(['positional-after-named']);
});

it('says of a setting for an axis how to run fewer of its values', () => {
  const text = 'param seeds: Int = 2\naxis seed = 1..seeds\nexpect seed > 0';
  const said = (set: Readonly<Record<string, string>>) =>
    compileFiles(text, set).diagnostics.map(({ code, help }) => `${code}: ${help}`);
  expect(said({ seed: '3' })).toEqual([
    "unknown-setting: `seed` is an axis: `--only 'STAGE[seed: LABEL]'` runs fewer of its values; did you mean `seeds`?",
  ]);
  expect(said({ seedz: '3' })).toEqual(['unknown-setting: did you mean `seeds`?']);
});

it('tells what follows from a misspelt place of a table no second time', () => {
  const text =
    'axis seed = [1, 2]\nevaluate p = linear_probe(random_init(resnet18(), seed), emoji())\n';
  const said = (places: string) => advice(`${text}report r = table({top: p.top1}, ${places})`);
  expect(said('cols: seed')).toBe(
    'unknown-parameter: did you mean `columns`? there are `rows`, `columns` and `over`',
  );
  expect(said('rows: []')).toContain('axis-remains');
});

it('suggests a unit of the same kind alone', () => {
  const probe = 'evaluate p = linear_probe(random_init(resnet18()), emoji(), label: "group")\n';
  expect(advice(`${probe}expect p.top1 > 3px`)).toBe(
    'unit-mismatch: write a unit of Fraction, as in `20%`',
  );
  expect(advice(`${probe}expect p.top1 > 4h`)).toBe(
    'unit-mismatch: write a unit of Fraction, as in `20%`',
  );
  expect(advice(`${probe}reference "x" { p.top1 = 4h }`)).toContain(
    'write a unit of Fraction, as in `20%`',
  );
  expect(advice(`${probe}expect p.time > 3px`)).toContain(
    'write a unit of Duration, as in `250ms`, `30s`',
  );
  expect(advice('transform v = crop_only(size: 20%)')).toBe(
    'wrong-unit: write a unit of Pixels, as in `32px`',
  );
  expect(advice('transform v = crop_only(size: 20)')).toContain('write `20px`');
});

it('points at `--set` where what it gives is out of bounds', () => {
  const text = `${library}param size: Pixels = 32px\nparam twice: Int = 2
dataset d = emoji(size: size * twice)\nevaluate p = retrieval(random_init(resnet18()), d)`;
  for (const set of [{ size: '4096px' }, { twice: '900' }]) {
    const [name, value] = Object.entries(set)[0] ?? [];
    const [first, ...more] = compileFiles(text, set).diagnostics.filter(
      (d) => d.severity === 'error',
    );
    expect(more).toEqual([]);
    expect([first?.code, first?.span.file]).toEqual([
      'out-of-range',
      { path: '--set', text: `${name}=${value}` },
    ]);
    expect(first?.related?.map(({ span }) => text.slice(span.start, span.end))).toEqual([
      'size * twice',
    ]);
  }
});

it('knows a file in UTF-16 by its mark or its zeros, and says nothing else of it', () => {
  const bytes = Buffer.from(`${library}let a = 1`, 'utf16le');
  const marks = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff]), Buffer.from([])];
  const [little, big, none] = marks.map((mark, i) => {
    const body = i === 1 ? Buffer.from(bytes).swap16() : bytes;
    return compileFiles(Buffer.concat([mark, body]).toString('utf8')).diagnostics;
  });
  const of = (name: string) =>
    `save it as UTF-8: \`iconv -f ${name.toLowerCase()} -t utf-8\` makes it of ${name}`;
  expect(little?.map(({ message, help }) => [message, help])).toEqual([
    ['the file is not UTF-8: here is the byte 0xFF', of('UTF-16')],
  ]);
  expect(big?.map(({ message, help }) => [message, help])).toEqual([
    ['the file is not UTF-8: here is the byte 0xFE', of('UTF-16')],
  ]);
  expect(none?.map(({ code, help }) => [code, help])).toEqual([['not-utf8', of('UTF-16LE')]]);
});
