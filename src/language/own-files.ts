import { dirname, join } from 'node:path';
import { importedFiles } from '../base/relative-imports.js';
import type { Host, PathKind } from './host.js';
import { isInside } from './load-files.js';

/** The files that a file of a pipeline names, for what it declares. */
export interface OwnFiles {
  /** Where a path that it writes (`./mine.mjs`) lies, and whether that is in its package. */
  readonly at: (written: string) => { readonly path: string; readonly inside: boolean };
  /** What lies there, if it can be read; files where nobody can tell. */
  readonly kindOf: (path: string) => PathKind | undefined;
  /** What is known to lie there: nothing where nobody can tell. */
  readonly found: (path: string) => PathKind | undefined;
  /** The files that a module imports by relative paths, directly or through others, sorted. */
  readonly importsOf: (path: string) => readonly string[];
}

/** Where the file at `from`, of the package in `root`, finds what it names. */
export function ownFiles(host: Host, from: string, root: string | undefined): OwnFiles {
  const kindOf = (path: string): PathKind | undefined => (host.kindOf ? host.kindOf(path) : 'file');
  const isFile = (path: string): boolean =>
    host.kindOf ? host.kindOf(path) === 'file' : host.readText(path) !== undefined;
  return {
    at: (written) => {
      const path = join(dirname(from), written);
      return { path, inside: root === undefined || isInside(path, root, host) };
    },
    kindOf,
    found: (path) => host.kindOf?.(path),
    importsOf: (path) => importedFiles(path, { readText: (file) => host.readText(file), isFile }),
  };
}
