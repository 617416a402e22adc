import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/canonical.js';
import { evaluate } from '../../src/language/terms/evaluate.js';
import { codesOf, compileText, imports, labelsOf, programOf } from './compile-text.js';

const search = (space: string, more = 'n: 32, seed: 1') => `axis x = search(${space}, ${more})\n`;

/** The values of the axis `x`. */
function valuesOf(text: string, set: Readonly<Record<string, string>> = {}): readonly Json[] {
  const program = programOf(text, set);
  const axes = new Map(program.axes.map((axis) => [axis.name, axis]));
  const { labels } = axes.get('x') ?? { labels: [] };
  return labels.map(({ value }) => evaluate(value, {}, axes) ?? null);
}

const of = (space: string, more?: string) =>
  valuesOf(`axis x = search(${space}, ${more ?? 'n: 32, seed: 1'})\n`);

describe('a search', () => {
  it('draws the same values wherever it is read, and others by another seed', () => {
    expect(of('log(0.0001..0.1)', 'n: 4, seed: 1')).toMatchInlineSnapshot(`
      [
        0.0001539,
        0.009605,
        0.0007994,
        0.01807,
      ]
    `);
    expect(of('log(0.0001..0.1)', 'n: 4, seed: 2')).not.toEqual(
      of('log(0.0001..0.1)', 'n: 4, seed: 1'),
    );
  });

  it('keeps its first points when it grows, duplicates of whole numbers left out', () => {
    for (const space of ['log(0.0001..0.1)', '1..100', '{a: 1..9, b: [1, 2, 3], c: 0%..50%}']) {
      const grown = of(space, 'n: 64, seed: 3');
      expect(grown.slice(0, 32)).toEqual(of(space, 'n: 32, seed: 3'));
      expect(new Set(grown.map((value) => JSON.stringify(value))).size).toBe(64);
    }
  });

  it('draws whole numbers to both ends, and all of them where as many are asked for', () => {
    expect([...of('1..5', 'n: 5, seed: 1')].sort()).toEqual([1, 2, 3, 4, 5]);
    expect([...of('log(1..5)', 'n: 5, seed: 1')].sort()).toEqual([1, 2, 3, 4, 5]);
    expect([...of('16px..18px', 'n: 3, seed: 9')].sort()).toEqual([16, 17, 18]);
    expect(of('7..7', 'n: 1, seed: 9')).toEqual([7]);
  });

  it('spreads values evenly: over ratios with `log`, else over differences', () => {
    const logs = of('log(0.0001..1.0)').map((value) => Math.floor(Math.log10(Number(value))));
    const decades = [-4, -3, -2, -1].map((decade) => logs.filter((log) => log === decade).length);
    expect(decades).toEqual([8, 8, 8, 8]);
    const linear = of('2.0..4.0').map((value) => Math.floor((Number(value) - 2) * 2));
    expect([0, 1, 2, 3].map((part) => linear.filter((p) => p === part).length)).toEqual([
      8, 8, 8, 8,
    ]);
  });

  it('stays in its range, also in narrow and in wide ones', () => {
    for (const [low, high] of [
      [0.1, 0.1000001],
      [1e-12, 1e-3],
      [3.5, 9_000_000_000_000.5],
    ] as const) {
      for (const space of [`${low.toFixed(12)}..${high.toFixed(12)}`]) {
        for (const values of [of(space), of(`log(${space})`)]) {
          expect(values.every((value) => Number(value) >= low && Number(value) <= high)).toBe(true);
        }
      }
    }
  });

  it('draws a field by its name: others beside it and the order of fields change nothing', () => {
    const a = of('{lr: log(0.001..1.0), decay: 0.0..0.5}') as readonly { lr: number }[];
    const b = of('{width: [16, 32], decay: 0.0..0.5, lr: log(0.001..1.0)}') as readonly {
      lr: number;
    }[];
    expect(a.map(({ lr }) => lr)).toEqual(b.map(({ lr }) => lr));
  });

  it('labels points by their values', () => {
    const lr = programOf('axis x = search(log(0.0001..0.1), n: 2, seed: 1)\n');
    expect(labelsOf(lr, 'x')).toMatchInlineSnapshot(`
      [
        "0.0001539",
        "0.009605",
      ]
    `);
    const joint = programOf(`${imports}
axis x = search({rate: 5%..50%, method: [simclr(temperature: 20%), vicreg()]}, n: 2, seed: 1)
`);
    expect(labelsOf(joint, 'x')).toMatchInlineSnapshot(`
      [
        "{rate: 24.283%, method: vicreg()}",
        "{rate: 44.847%, method: simclr(temperature: 20%)}",
      ]
    `);
  });

  it('takes n from a param, so that `--set` makes it grow', () => {
    const text = 'param trials: Int = 2\naxis x = search(0.0..1.0, n: trials, seed: 1)\n';
    expect(valuesOf(text, { trials: '4' }).slice(0, 2)).toEqual(valuesOf(text));
  });
});

describe('a search that cannot be', () => {
  it.each([
    ['log(0.0..0.1)', undefined, 'the low end of `log` takes more than 0, found 0'],
    ['log(-1.0..0.1)', undefined, 'the low end of `log` takes more than 0, found -1'],
    ['0.1..0.01', undefined, 'the low end of this range is above its high end'],
    ['0.0..1.0', 'n: 0, seed: 1', 'takes a whole number from 1 to 100000, found 0'],
    ['0.0..1.0', 'n: 1_000_000, seed: 1', 'takes a whole number from 1 to 100000, found 1000000'],
    ['0.0..1.0', 'n: 2, seed: -1', '`seed` of `search` takes a whole number from 0, found -1'],
    ['0.0..1.0', 'n: 2, seed: 0.5', '`seed` of `search` takes a whole number from 0, found Float'],
    ['0.0..1.0', 'n: 2', '`search` takes what is searched, `n:` and `seed:`'],
    ['0.0..1.0', 'seed: 2', '`search` takes what is searched, `n:` and `seed:`'],
    ['0.0..1.0', 'n: 2, seed: 1, k: 1', '`search` takes what is searched, `n:` and `seed:`'],
    ['1..4', 'n: 5, seed: 1', 'takes at most 4, as many different values as there are, found 5'],
    ['{a: 1..2, b: [1, 2]}', 'n: 5, seed: 1', 'takes at most 4, as many different values'],
    ['3', undefined, 'or a record of these, found Int'],
    ['[]', undefined, 'found an empty list'],
    ['{}', undefined, 'found a record without fields'],
    ['log(3)', undefined, 'or a record of these, found Int'],
    ['log(1..2, 3)', undefined, '`log` takes one range'],
    ['{a: 1..3, a: 1..3}', 'n: 2, seed: 1', '`a` stands here twice'],
  ])('%s, %s', (space, more, message) => {
    const { diagnostics } = compileText(search(space, more));
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map((d) => d.message)).toEqual([expect.stringContaining(message)]);
  });

  it('stands at an axis alone', () => {
    expect(codesOf('let a = search(1..3, n: 2, seed: 1)\nlet b = log(1..3)\n')).toContain(
      'search-here',
    );
    expect(codesOf('let log = 3\naxis search = [1]\n')).toEqual(['built-in-name', 'built-in-name']);
  });
});
