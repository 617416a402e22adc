import { readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Links that may follow one another. */
const MOST = 40;

/** The file that a path leads to, also where the last link leads to nothing yet. */
export function behindLinks(path: string): string {
  let at = path;
  for (let links = 0; links < MOST; links++) {
    try {
      return realpathSync(at);
    } catch {
      const next = linkAt(at);
      if (next === undefined) return at;
      at = resolve(dirname(at), next);
    }
  }
  return path;
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
