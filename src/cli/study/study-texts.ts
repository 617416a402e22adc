import { resolve } from 'node:path';
import type { SourceFile } from '../../base/source.js';
import { compile } from '../../language/compile.js';
import type { Program } from '../../language/program.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import { fileHost } from './file-host.js';
import { settings } from './pipeline.js';

/** The texts that a study is made of: its own first, then those that it imports, each once. */
export function studyTexts(
  io: Io,
  { file }: Pick<Program, 'file'>,
  options: Options,
): readonly SourceFile[] {
  const { modules } = compile(fileHost(io), file.path, { set: settings(options) });
  const byPath = new Map(
    [file, ...modules.map((module) => module.file)].map((one) => [resolve(io.cwd, one.path), one]),
  );
  return [...byPath.values()];
}
