import { basename, join, resolve } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { isBundleName, noBundle } from '../../execute/bundle/bundle-name.js';
import { statAt } from '../../execute/store/entry.js';
import type { Io } from '../io.js';
import type { RunFlags } from './run-flags.js';

/** The study to run, and with which options. */
export interface StudyToRun {
  readonly file: string | undefined;
  readonly options: RunFlags;
}

/**
 * Of a run that names no file, the study of the bundle that it is from: laid out in a folder of the
 * bundle's name, with the settings that the bundle was made with unless others are given.
 */
export async function studyToRun(
  io: Io,
  file: string | undefined,
  options: RunFlags,
): Promise<StudyToRun> {
  const [from, ...more] = options.from ?? [];
  if (file !== undefined || from === undefined) return { file, options };
  const path = resolve(io.cwd, from);
  const found = statAt(path);
  if (found === undefined && more.length === 0 && isBundleName(from)) throw noBundle(from);
  if (more.length > 0 || !found?.isFile()) {
    throw new UsageError('no file was given', 'name a .ssp file, or one bundle with --from');
  }
  const { openBundle } = await import('../../execute/bundle/open-bundle.js');
  const bundle = await openBundle(path, from);
  const folder = basename(path).replace(/\.[^.]*$/, '') || 'bundle';
  if (folder === basename(path)) {
    throw new UsageError(
      `\`${from}\` has no ending to take away for a folder`,
      'call it NAME.sspb',
    );
  }
  const { layOutSource } = await import('../../execute/bundle/lay-out-source.js');
  const how = await layOutSource(bundle, resolve(io.cwd, folder));
  const { file: name, set } = bundle.manifest;
  const given = Object.entries(set).map(([param, value]) => `${param}=${value}`);
  const study = join(folder, name);
  io.err(
    `${how === 'written' ? 'wrote' : 'runs'} ${study}, of ${bundle.sources.length} files of ${from}`,
  );
  if (options.set !== undefined || given.length === 0) return { file: study, options };
  io.err(`with ${given.map((text) => `--set ${text}`).join(' ')}, as the bundle was made`);
  return { file: study, options: { ...options, set: given } };
}
