import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { codes } from '../../src/base/codes.js';
import { render } from '../../src/base/render.js';
import { compile } from '../../src/language/compile.js';
import { parse } from '../../src/language/parse/parser.js';

const folder = fileURLToPath(new URL('../fixtures/diagnostics/', import.meta.url));
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.ssp'));

/** `syntax.unclosed.ssp` is a second fixture of `syntax`. */
const codeOf = (name: string) => name.split('.')[0] ?? '';

/**
 * Compiles a fixture. A first line `// --set a=1 --set b=2` gives settings; `// module std.x` makes
 * it a module of the library from which `made` is imported. Other files are those of the folder; of
 * packages there is `lab`.
 */
function diagnosticsOf(name: string) {
  const text = readFileSync(folder + name, 'utf8');
  const first = text.split('\n')[0] ?? '';
  const settings = [...first.matchAll(/--set (\w+)=(\S+)/g)].map((m) => [m[1], m[2]]);
  const module = /^\/\/ module (\S+)/.exec(first)?.[1];
  const other = (path: string) =>
    existsSync(folder + path) ? readFileSync(folder + path, 'utf8') : undefined;
  const made = module ? `import ${module}.made\nlet a = made\n` : text;
  const host = {
    readText: (path: string) => (path === name ? made : other(path)),
    kindOf: (path: string) => {
      const found = statSync(folder + path, { throwIfNoEntry: false });
      return found && (found.isDirectory() ? ('folder' as const) : ('file' as const));
    },
    packageFolder: (wanted: string) => (wanted === 'lab' ? 'files/lab' : undefined),
    ...(module ? { library: new Map([[module, text]]) } : {}),
  };
  return compile(host, name, { set: Object.fromEntries(settings) }).diagnostics;
}

/** Those with mistakes of spelling and grammar are the parser's. */
const read = (name: string) => parse({ path: name, text: readFileSync(folder + name, 'utf8') });
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
