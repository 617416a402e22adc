import { expect, it } from 'vitest';
import { render } from '../../src/base/render.js';
import { parse } from '../../src/language/parse/parser.js';
import { codeOf, fixtures, folder, textOf } from './fixture.js';

/** Codes that the parser alone finds. */
const syntaxCodes = [
  'unexpected-character',
  'block-comment',
  'merge-conflict',
  'hyphen-name',
  'unterminated-string',
  'unknown-escape',
  'unknown-unit',
  'number-too-large',
  'keyword-name',
  'unknown-declaration',
  'declarations-on-one-line',
  'too-deep',
  'syntax',
  'stray-doc',
];

for (const name of fixtures.filter((f) => syntaxCodes.includes(codeOf(f)))) {
  it(`explains ${name}`, async () => {
    const file = { path: name, text: textOf(name) };
    const { diagnostics } = parse(file);
    expect(new Set(diagnostics.map((d) => d.code))).toContain(codeOf(name));
    await expect(render(diagnostics)).toMatchFileSnapshot(
      `${folder}${name.replace(/\.ssp$/, '.diag')}`,
    );
  });
}

it('has a fixture for each code of the parser', () => {
  expect(syntaxCodes.filter((code) => !fixtures.some((name) => codeOf(name) === code))).toEqual([]);
});
