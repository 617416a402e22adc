import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { format } from '../../../src/language/format/format.js';
import { lex } from '../../../src/language/lex/lex.js';
import { parse } from '../../../src/language/parse/parser.js';
import { ablation, comparison, rest } from '../../support/examples.js';

const examples = [comparison, ablation, rest];
const formatted = (text: string) => format({ path: 'test.ssp', text }).text;
const root = fileURLToPath(new URL('../../../', import.meta.url));

it('lays out every form', async () => {
  const text = examples.map(formatted).join('\n\n// next file\n\n');
  await expect(text).toMatchFileSnapshot('../../fixtures/format/examples.ssp.formatted');
});

it('leaves formatted text alone', () => {
  for (const text of examples) {
    const once = formatted(text);
    expect(formatted(once)).toBe(once);
    expect(Math.max(...once.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  }
});

for (const folder of ['stdlib', 'pipelines']) {
  it(`has nothing to do in ${folder}/`, () => {
    for (const name of readdirSync(root + folder).filter((n) => n.endsWith('.ssp'))) {
      const text = readFileSync(`${root}${folder}/${name}`, 'utf8');
      const { text: result, diagnostics } = format({ path: name, text });
      expect(diagnostics).toEqual([]);
      expect(result).toBe(text);
    }
  });
}

it('keeps the text of a file with mistakes', () => {
  const text = 'let  a = 1\nlet b = (\n';
  const result = format({ path: 'test.ssp', text });
  expect(result.text).toBe(text);
  expect(result.diagnostics.map((d) => d.code)).toEqual(['syntax']);
});

it('formats nothing, and comments alone', () => {
  expect(formatted('')).toBe('');
  expect(formatted(' \n\n')).toBe('');
  expect(formatted('\n\n// a\n\n\n//b  \n')).toBe('// a\n\n//b\n');
});

it('keeps at most one blank line and none inside brackets at their ends', () => {
  expect(formatted('\n\nlet a = 1\n\n\n\nlet b = {\n\n  c: 1, // d\n\n\n  e: 2\n\n}')).toBe(
    'let a = 1\n\nlet b = {\n  c: 1, // d\n\n  e: 2,\n}\n',
  );
});

it('breaks where a line would pass 100 columns, not before', () => {
  const name = 'n'.repeat(40);
  const fits = `let ${name} = f(${'a'.repeat(43)}, ${'b'.repeat(5)})`;
  expect(fits).toHaveLength(100);
  expect(formatted(fits)).toBe(`${fits}\n`);
  expect(formatted(fits.replace('bbbbb', 'bbbbbb'))).toBe(
    `let ${name} = f(\n  ${'a'.repeat(43)},\n  bbbbbb,\n)\n`,
  );
});

it('removes the trailing comma of brackets on one line', () => {
  expect(formatted('let a = f(1, 2,)')).toBe('let a = f(1, 2)\n');
});

it('keeps the line ends that most lines have, and the byte order mark', () => {
  const windows = 'let a = 1 // b\r\n\r\nlet c = 2\r\n';
  expect(formatted('let  a = 1 // b\r\n\r\n\r\nlet c = 2\r\n')).toBe(windows);
  expect(formatted('let  a = 1 // b\r\n\r\n\r\nlet c = 2\n')).toBe(windows);
  expect(formatted(windows)).toBe(windows);
  expect(formatted('let  a = 1\nlet b = 2\r\nlet c = 3\n')).toBe(
    'let a = 1\nlet b = 2\nlet c = 3\n',
  );
  expect(formatted('\ufefflet  a = 1\n')).toBe('\ufefflet a = 1\n');
});

it('keeps a record over several lines where its author broke it behind the bracket', () => {
  const broken = 'let a = {\n  x: 1,\n  y: 2,\n}\n';
  expect(formatted('let a = {\n x: 1, y: 2}')).toBe(broken);
  expect(formatted(broken)).toBe(broken);
  expect(formatted('let a = {x: 1,\n y: 2}')).toBe('let a = {x: 1, y: 2}\n');
  expect(formatted('let a = {\n}')).toBe('let a = {}\n');
  expect(formatted('let a = [\n1,\n2]')).toBe('let a = [1, 2]\n');
  expect(formatted('report r = table({\n  a, b}, rows: k)')).toBe(
    'report r = table(\n  {\n    a,\n    b,\n  },\n  rows: k,\n)\n',
  );
  expect(formatted('let b = match k {\n x: 1, else: 2}')).toBe(
    'let b = match k {\n  x: 1,\n  else: 2,\n}\n',
  );
});

/** White space and comments put between the tokens of an example, at random. */
const scrambled = fc
  .tuple(
    fc.constantFrom(...examples),
    fc.infiniteStream(
      fc.oneof(
        { weight: 30, arbitrary: fc.constant(undefined) },
        { weight: 5, arbitrary: fc.constantFrom(' ', '  ', '\t') },
        { weight: 1, arbitrary: fc.constantFrom('\n  ', '\n\n\n  ', ' // x\n  ', '\n // y\n\n  ') },
      ),
    ),
  )
  .map(([text, gaps]) => {
    let result = '';
    let end = 0;
    for (const token of lex(text).tokens) {
      const old = text.slice(end, token.startOffset);
      const gap = gaps.next().value;
      // a gap with a comment, or none at all, stays
      result += (old.trim() === '' && old !== '' && !old.includes('\n') && gap) || old;
      result += token.image;
      end = token.startOffset + token.image.length;
    }
    return result + text.slice(end);
  });

/** The tree without places and documentation. */
function meaning(text: string): string {
  const { declarations } = parse({ path: 'test.ssp', text }).module;
  return JSON.stringify(declarations, (key, value) => (/^(span|doc)$/.test(key) ? null : value));
}

it('keeps tokens, comments and meaning, and is idempotent, however the text is laid out', () => {
  const essence = (text: string) => {
    const { tokens, comments } = lex(text);
    return {
      tokens: tokens.map((t) => t.image).filter((image) => image !== ','),
      comments: comments.map((c) => c.image.trimEnd()),
    };
  };
  fc.assert(
    fc.property(scrambled, (text) => {
      fc.pre(parse({ path: 'test.ssp', text }).diagnostics.every((d) => d.severity !== 'error'));
      const once = formatted(text);
      expect(essence(once)).toEqual(essence(text));
      expect(formatted(once)).toBe(once);
      expect(meaning(once)).toBe(meaning(text));
    }),
    { numRuns: 60 },
  );
});
