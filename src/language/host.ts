import type { StrayByte } from '../base/utf8.js';
import type { parse } from './parse/parser.js';

/** What lies at a path: only a file or a folder has a content that can be read. */
export type PathKind = 'file' | 'folder' | 'named pipe' | 'socket' | 'device';

/**
 * Where texts come from. Paths are as the user wrote them or joined to the path of the file that
 * names them; what is not given is not looked at.
 */
export interface Host {
  /** The text of a file, or undefined where there is none. */
  readText(path: string): string | undefined;
  /** The first byte of a file that is not UTF-8. */
  strayByte?(path: string): StrayByte | undefined;
  /** What can be read at a path: for `file("pairs.csv")`, folders and the files of own stages. */
  kindOf?(path: string): PathKind | undefined;
  /** A path without links: tells whether two paths are one file. */
  realPath?(path: string): string;
  /** The folder of an installed package (`@lab/views`), looked for in `node_modules` upwards from a file. */
  packageFolder?(name: string, from: string): string | undefined;
  /** Other texts for some modules of the standard library, by name (`std.data`). */
  readonly library?: ReadonlyMap<string, string>;
  /** A parser that remembers, for an editor. */
  readonly parse?: typeof parse;
}
