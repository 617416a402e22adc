import { createHash } from 'node:crypto';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { digestOf, type Json } from '../../base/canonical.js';
import { systemCode } from '../../base/errors.js';
import { isNoContent } from '../../base/files/not-content.js';
import { statsAt } from '../../base/files/stats-at.js';

/** Behind the path of a package.json: only what it says about where modules are found. */
export const RESOLUTION = '#';

/** The folder from which the paths of what a module has seen are relative: without links. */
export function seenFolder(module: string): string {
  try {
    return realpathSync(dirname(module));
  } catch {
    return resolve(dirname(module));
  }
}

/**
 * What lies at a path: the SHA-256 of a file, that of the names in a folder, `absent`, or for a link
 * where it leads. `folder` is without links; a path is relative to it.
 */
export function seenAt(folder: string, path: string): string {
  const resolution = path.endsWith(RESOLUTION);
  const absolute = resolve(folder, resolution ? path.slice(0, -RESOLUTION.length) : path);
  try {
    if (resolution) {
      return statSync(absolute).isFile() ? resolutionOf(readFileSync(absolute, 'utf8')) : 'no file';
    }
    const real = realpathSync(absolute);
    return real === absolute ? contentOf(real) : `-> ${relative(folder, real)}`;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return 'absent';
    return `unreadable (${code ?? 'no JSON'})`;
  }
}

/** Digests by path of files that were read in a state; asking again costs a look at their times. */
const known = new Map<string, { readonly stamp: string; readonly digest: string }>();

function contentOf(path: string): string {
  const stats = statSync(path, { bigint: true });
  if (stats.isDirectory()) return digestOf('ssp-names/1', namesIn(path));
  if (!stats.isFile()) return 'no file';
  const stamp = `${stats.size} ${stats.mtimeNs} ${stats.ino} ${stats.ctimeNs}`;
  const before = known.get(path);
  if (before?.stamp === stamp) return before.digest;
  const digest = hashOf(path);
  // A later write within the clock's grain could leave the same times.
  const young = Number(stats.ctimeNs / 1_000_000n) > Date.now() - 2000;
  if (!young) known.set(path, { stamp, digest });
  return digest;
}

function hashOf(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(1 << 20);
    for (let n = readSync(file, chunk); n > 0; n = readSync(file, chunk)) {
      hash.update(chunk.subarray(0, n));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

/** Without what is no content, nor what a run leaves beside its file. */
const namesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => !isNoContent(name) && name !== '.ssp' && !/\.ssp(@.*)?\.lock$/.test(name))
    .sort();

/** What of a package.json decides which file a module is and how it is run. */
function resolutionOf(text: string): string {
  const { name, type, main, imports, exports } = JSON.parse(text) as Record<string, Json>;
  const fields = Object.entries({ name, type, main, imports, exports });
  const given = fields.filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return digestOf('ssp-package/1', Object.fromEntries(given));
}

/** The package.json nearest to a file, upwards; undefined where there is none. */
export function nearestPackage(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (statsAt(path)?.isFile()) return path;
    if (folder === dirname(folder)) return undefined;
  }
}
