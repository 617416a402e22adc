import { expect, it } from 'vitest';
import { codes } from '../../src/base/codes.js';
import { render } from '../../src/base/render.js';
import { parse } from '../../src/language/parse/parser.js';
import { codeOf, diagnosticsOf, fixtures, folder, textOf } from './fixture.js';

/** Those with mistakes of spelling and grammar are the parser's. */
const read = (name: string) => parse({ path: name, text: textOf(name) });
const checked = fixtures.filter((name) => read(name).diagnostics.length === 0);

for (const name of checked) {
  it(`explains ${name}`, async () => {
    const diagnostics = diagnosticsOf(name);
    expect(diagnostics.map((d) => d.code)).toContain(codeOf(name));
    await expect(render(diagnostics)).toMatchFileSnapshot(
      `${folder}${name.replace(/\.ssp$/, '.diag')}`,
    );
  });
}

it('has a fixture for each code of the table', () => {
  const there = fixtures.map(codeOf);
  const missing = Object.keys(codes).filter((code) => !there.includes(code));
  expect(missing).toEqual([]);
});
