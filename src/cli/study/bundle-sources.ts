import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { filesOfFolder } from '../../base/files/folder-files.js';
import { statsAt } from '../../base/files/stats-at.js';
import { pathsOf } from '../../plan/named-paths.js';
import { filesOfCode } from '../../plan/point-code.js';
import type { Io } from '../io.js';
import type { Session } from './session.js';

/** The text of a study with all small files that it is made of. */
export interface BundleSources {
  /** The name of the study among them. */
  readonly file: string;
  readonly files: ReadonlyMap<string, Buffer>;
  /** What the study names and the bundle has not, as the study names it, and why. */
  readonly without: readonly string[];
}

/**
 * Gathers the study, what it imports, its lock, code of the user's own and the files that parameters
 * name, each by its place below the folder that all of its text lies in. Folders of data stay away.
 */
export async function bundleSources(
  io: Io,
  { program, points, ...session }: Session,
  largest: number,
): Promise<BundleSources> {
  const study = resolve(io.cwd, program.file.path);
  const texts = session.texts.map(({ path }) => resolve(io.cwd, path));
  const root = folderAround(texts);
  const files = new Map<string, Buffer>();
  const without: string[] = [];
  const take = (path: string, shown: string, most = largest): void => {
    const found = statsAt(path);
    const name = relative(root, path).split(sep).join('/');
    if (!found?.isFile()) without.push(`${shown}, which is not there`);
    else if (name.startsWith('../')) without.push(`${shown}, which lies outside of ${root}`);
    else if (found.size > most) without.push(`${shown}, which has ${found.size} bytes`);
    else files.set(name, readFileSync(path));
  };
  const whole = Number.POSITIVE_INFINITY;
  for (const path of texts) take(path, relative(io.cwd, path), whole);
  const lock = `${study}.lock`;
  if (statsAt(lock)) take(lock, relative(io.cwd, lock), whole);
  const code = new Set(
    points.flatMap((point) => (point.code ? filesOfCode(point.code) : [])).map(({ path }) => path),
  );
  for (const { path, kind } of pathsOf(points)) {
    const at = resolve(dirname(study), path);
    if (kind === 'file') take(at, path);
    else if (!code.has(path)) without.push(`the folder ${path}`);
    else
      for (const file of await filesOfFolder(at))
        take(file.path.toString(), `${path}/${file.name}`);
  }
  return { file: relative(root, study).split(sep).join('/'), files, without };
}

/** The innermost folder that all of some files lie in. */
function folderAround(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  let folder = dirname(first);
  const isAround = (path: string): boolean =>
    path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
  while (!others.every(isAround)) folder = dirname(folder);
  return folder;
}
