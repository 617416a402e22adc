import { extname, join } from 'node:path';

const scripts = new Set(['.js', '.mjs', '.cjs']);

/** Is a file's text to be searched for imports? */
export const isScript = (path: string): boolean => scripts.has(extname(path));

const importing =
  /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\(|\bnew\s+URL\s*\()\s*(["'`])(\.{1,2}\/[^"'`\n]+)\1/g;

/** The relative paths that a module's text imports; what is put together when it runs is not found. */
export function relativeImports(text: string | undefined): readonly string[] {
  return [...(text ?? '').matchAll(importing)].flatMap(([, , path]) => path ?? []);
}

/** Where an imported path may lie: `require` leaves endings out. */
export function importCandidates(path: string): readonly string[] {
  return [path, `${path}.js`, `${path}.cjs`, `${path}.json`, join(path, 'index.js')];
}
