import { dirname, isAbsolute, relative } from 'node:path';
import type { Json } from '../base/canonical.js';
import type { OwnCode } from '../language/program.js';

/** A module of the user's own, and what it imports. */
export interface ModuleCode {
  readonly path: string;
  readonly imports: readonly string[];
}

/**
 * What of the user's own does the work of a stage: the module of the stage itself, or for a stage of
 * the library (`values`) those that make its descriptions, under the first of them. Paths are relative
 * to the program's file.
 */
export type PointCode =
  | (ModuleCode & {
      readonly kind: 'module' | 'values';
      /** The modules that make descriptions, which name them by their place here; sorted. */
      readonly values?: readonly string[];
    })
  | {
      readonly kind: 'command';
      /** Parameters stand as `{name}`, braces doubled. */
      readonly words: readonly string[];
      readonly folder: string;
      readonly reads: readonly { readonly path: string; readonly kind: 'file' | 'folder' }[];
    };

/** The digest of a file or folder; undefined for one that cannot be read on this machine. */
export type Contents = (path: string, kind: 'file' | 'folder') => string | undefined;

/** What stands in a record for the content of a file or folder. */
export type Content = (path: string, kind: 'file' | 'folder') => Json;

/**
 * What a result of a stage of the user's own depends on beside what its key names. Only the work
 * finds out, so it stands beside the result; where it is otherwise now, it is in the key.
 */
export interface Seen {
  /** How the stage was declared: `Metrics{top1: Fraction}`. */
  readonly declared?: string;
  /** What lay where a module looked, by path from the folder of the module. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The code of a declaration as the points of a program in `folder` have it. */
export function pointCode(code: OwnCode, folder: string): PointCode {
  const at = (path: string) => (isAbsolute(path) ? path : relative(folder, path));
  if (code.kind === 'module') {
    return { kind: 'module', path: at(code.path), imports: code.imports.map(at) };
  }
  const words = code.words.map((word) =>
    word
      .map((part) => ('param' in part ? `{${part.param}}` : part.text.replaceAll(/[{}]/g, '$&$&')))
      .join(''),
  );
  const reads = code.reads.map(({ path, kind }) => ({ path: at(path), kind }));
  return { kind: 'command', words, folder: at(code.folder), reads };
}

/** The code of a stage with that of the descriptions among its parameters. */
export function withValues(
  code: PointCode | undefined,
  values: readonly ModuleCode[],
): PointCode | undefined {
  const modules = [...new Set(values.map(({ path }) => path))].sort();
  const [path] = modules;
  if (path === undefined || code?.kind === 'command') return code;
  const of = code ?? { kind: 'values' as const, path, imports: [] };
  const files = new Set([of, ...values].flatMap(({ imports }) => imports).concat(modules));
  files.delete(of.path);
  return { ...of, imports: [...files].sort(), values: modules };
}

/** The files and folders that code consists of. */
export function filesOfCode(
  code: PointCode,
): readonly { readonly path: string; readonly kind: 'file' | 'folder' }[] {
  if (code.kind === 'command') return code.reads;
  return [code.path, ...code.imports].map((path) => ({ path, kind: 'file' as const }));
}

/**
 * What of the code is in a key: what its files contain, those that a module imports by their names
 * from its folder, and what an earlier result has seen otherwise; never where it all lies.
 */
export function codeInKey(code: PointCode, content: Content, seen: Seen = {}): Json {
  const { declared, files = {} } = seen;
  const beside = {
    ...(declared === undefined ? {} : { declared }),
    ...(Object.keys(files).length > 0 ? { seen: files } : {}),
  };
  const digest = (path: string) => content(path, 'file');
  if (code.kind === 'command') {
    const reads = code.reads.map(({ path, kind }) => content(path, kind));
    return { command: code.words, reads, ...beside };
  }
  const folder = dirname(code.path);
  const imports = code.imports.map((path) => [relative(folder, path), digest(path)] as const);
  // A list where there are none, as ever: what was made before is found again.
  const named = imports.length > 0 ? Object.fromEntries(imports) : [];
  return { [code.kind]: digest(code.path), imports: named, ...beside };
}
