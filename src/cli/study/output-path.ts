import { dirname, resolve } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { behindLinks } from '../../base/files/behind-links.js';
import { statsAt } from '../../base/files/stats-at.js';
import { pathsOf } from '../../plan/named-paths.js';
import type { Io } from '../io.js';
import { kindOf } from './file-host.js';
import { lockNames } from './lock-file.js';
import type { Opened } from './session.js';

/**
 * Where something about a study is to be written, links followed. @throws UsageError for what the study
 * consists of: its text, those that it imports, its locks, and the files that it names; and for what is no
 * file, such as a device, in whose place there would be one then.
 */
export function outputPath(
  io: Io,
  named: string,
  { program, texts, points }: Pick<Opened, 'program' | 'texts' | 'points'>,
): string {
  const path = behindLinks(resolve(io.cwd, named));
  const there = statsAt(resolve(io.cwd, named));
  const kind = there && kindOf(there);
  if (kind !== undefined && kind !== 'file') {
    throw new UsageError(`\`${named}\` is a ${kind}; expected a file`, 'name a file to write to');
  }
  const { file } = program;
  const folder = dirname(resolve(io.cwd, file.path));
  const own = [
    ...[...texts.map((text) => text.path), ...lockNames(io, file.path)].map((of) =>
      resolve(io.cwd, of),
    ),
    ...pathsOf(points).map((of) => resolve(folder, of.path)),
  ];
  if (!own.includes(path) && !own.map(behindLinks).includes(path)) return path;
  throw new UsageError(
    `\`${named}\` is part of the study and would be replaced`,
    'name another file to write to',
  );
}
