import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { codes } from '../../src/base/codes.js';
import { render } from '../../src/base/render.js';
import { format } from '../../src/language/format/format.js';
import { diagnosticsOf, folder, textOf } from './fixture.js';

for (const code of Object.keys(codes)) {
  it(`shows ${code} as it should be`, () => {
    const name = `${code}.fixed.ssp`;
    expect([code, existsSync(folder + name)]).toEqual([code, true]);
    const text = textOf(name);
    expect(render(diagnosticsOf(name, text))).toBe('');
    expect(format({ path: name, text }).text).toBe(text);
  });
}
