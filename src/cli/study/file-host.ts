import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { systemCode } from '../../base/errors.js';
import { strayByte } from '../../base/utf8.js';
import type { Host, PathKind } from '../../language/host.js';

/** Reads from the disk for the compiler; paths are as the user wrote them, relative to `cwd`. */
export function fileHost({ cwd }: { readonly cwd: string }): Host {
  const at = (path: string) => resolve(cwd, path);
  return {
    readText: (path) => {
      try {
        return readFileSync(at(path), 'utf8');
      } catch (error) {
        const code = systemCode(error);
        if (code === undefined) throw error;
        return undefined;
      }
    },
    strayByte: (path) => {
      try {
        return strayByte(readFileSync(at(path)));
      } catch (error) {
        if (systemCode(error) === undefined) throw error;
        return undefined;
      }
    },
    kindOf: (path) => {
      try {
        accessSync(at(path), constants.R_OK);
        return kindOf(statSync(at(path)));
      } catch {
        return undefined;
      }
    },
    realPath: (path) => real(at(path)),
    packageFolder: (name, from) => {
      const file = real(at(from));
      for (let folder = dirname(file); ; folder = dirname(folder)) {
        const found = join(folder, 'node_modules', name);
        if (existsSync(found)) return isAbsolute(from) ? found : relative(cwd, found);
        if (folder === dirname(folder)) return undefined;
      }
    },
  };
}

/** What lies where these were asked for. */
export function kindOf(stats: Stats): PathKind {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'named pipe';
  if (stats.isSocket()) return 'socket';
  return stats.isFile() ? 'file' : 'device';
}

/** A path without links, as far as there is something at it. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
