import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** What says of which source a module was made: so that it is compiled only when that changes. */
export function sourceMark(source: string): string {
  return `// of a source with the SHA-256 ${createHash('sha256').update(source).digest('hex')}`;
}

/**
 * The text of `NAME.gen.ts`: `NAME.as.ts`, at `path`, as a WebAssembly module, compiled by AssemblyScript.
 * `present` is what the file has now.
 */
export function loopsFile(path: string, present: string): string {
  const name = basename(path, '.as.ts');
  const mark = sourceMark(sourceOf(path));
  if (present.includes(mark)) return present;
  return [
    `// Compiled from ${name}.as.ts by \`npm run gen\`,`,
    mark,
    '',
    `export const ${name}Module = '${compiled(path)}';`,
    '',
  ].join('\n');
}

/** The text of a source with those of what it imports. */
export function sourceOf(path: string): string {
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(/^import .* from '(.*)';$/gm)];
  return [text, ...imports.map(([, from]) => sourceOf(join(dirname(path), `${from}.ts`)))].join('');
}

/** A WebAssembly module in base64. */
function compiled(path: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ssp-wasm-'));
  const file = join(folder, 'module.wasm');
  try {
    const compiler = 'node_modules/assemblyscript/bin/asc.js';
    const how = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];
    const { status } = spawnSync(process.execPath, [compiler, path, '--outFile', file, ...how], {
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error(`${path} cannot be compiled (is AssemblyScript installed?)`);
    return readFileSync(file).toString('base64');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
