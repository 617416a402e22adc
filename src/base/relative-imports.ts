import { dirname, extname, join } from 'node:path';

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

/** Where the text of a module is found, and whether a file lies at a path. */
export interface ModuleFiles {
  readonly readText: (path: string) => string | undefined;
  readonly isFile: (path: string) => boolean;
}

/** The files that a module imports by relative paths, directly or through others, sorted. */
export function importedFiles(path: string, { readText, isFile }: ModuleFiles): readonly string[] {
  const found = new Set<string>();
  const left = [path];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    for (const written of isScript(file) ? relativeImports(readText(file)) : []) {
      const target = importCandidates(join(dirname(file), written)).find(isFile);
      if (target === undefined || target === path || found.has(target)) continue;
      found.add(target);
      left.push(target);
    }
  }
  return [...found].sort();
}
