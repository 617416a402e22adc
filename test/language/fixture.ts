import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Diagnostic } from '../../src/base/diagnostic.js';
import { strayByte } from '../../src/base/utf8.js';
import { compile } from '../../src/language/compile.js';

/** Where the fixtures of diagnostics lie. */
export const folder = fileURLToPath(new URL('../fixtures/diagnostics/', import.meta.url));

/** Files with mistakes: `syntax.unclosed.ssp` is a second one of `syntax`. */
export const fixtures: readonly string[] = readdirSync(folder).filter(
  (name) => name.endsWith('.ssp') && !name.endsWith('.fixed.ssp'),
);

/** The code that a fixture is about. */
export const codeOf = (name: string) => name.split('.')[0] ?? '';

export const textOf = (name: string) => readFileSync(folder + name, 'utf8');

/**
 * Compiles a fixture, or another text in its place. A first line `// --set a=1 --set b=2` gives
 * settings; `// module std.x` makes it a module of the library from which `made` is imported. Other
 * files are those of the folder; of packages there is `lab`.
 */
export function diagnosticsOf(name: string, text = textOf(name)): readonly Diagnostic[] {
  const first = text.split('\n')[0] ?? '';
  const settings = [...first.matchAll(/--set (\w+)=(\S+)/g)].map((m) => [m[1], m[2]]);
  const module = /^\/\/ module (\S+)/.exec(first)?.[1];
  const other = (path: string) =>
    existsSync(folder + path) ? readFileSync(folder + path, 'utf8') : undefined;
  const made = module ? `import ${module}.made\naxis a = [made()]\nexpect a is made\n` : text;
  const host = {
    readText: (path: string) => (path === name ? made : other(path)),
    strayByte: (path: string) => strayByte(readFileSync(folder + path)),
    kindOf: (path: string) => {
      const found = statSync(folder + path, { throwIfNoEntry: false });
      return found && (found.isDirectory() ? ('folder' as const) : ('file' as const));
    },
    packageFolder: (wanted: string) => (wanted === 'lab' ? 'files/lab' : undefined),
    ...(module ? { library: new Map([[module, text]]) } : {}),
  };
  return compile(host, name, { set: Object.fromEntries(settings) }).diagnostics;
}
