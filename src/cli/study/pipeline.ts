import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { counted } from '../../base/counted.js';
import type { Diagnostic } from '../../base/diagnostic.js';
import { SspError, systemCode, UsageError } from '../../base/errors.js';
import { render } from '../../base/render.js';
import type { SourceFile } from '../../base/source.js';
import { type CompileOptions, compile } from '../../language/compile.js';
import type { Host } from '../../language/host.js';
import type { Program } from '../../language/program.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import { fileHost } from './file-host.js';

/** The pipeline file that a command was given; says at once when there is none. */
export function pipelineFile(io: Io, file: string | undefined): string {
  if (file === undefined) throw new UsageError('no file was given', 'name a .ssp file');
  const path = resolve(io.cwd, file);
  let found: ReturnType<typeof statSync>;
  try {
    found = statSync(path);
  } catch (error) {
    const why = systemCode(error) === 'ENOENT' ? 'there is no file' : 'cannot read';
    throw new SspError('file-not-found', `${why} \`${file}\``, {
      help: 'give the path of a .ssp file, relative to the current folder',
    });
  }
  if (found.isDirectory()) {
    throw new SspError('file-not-found', `\`${file}\` is a folder; expected a .ssp file`);
  }
  return file;
}

/** `--set epochs=800 --set t=20%` as a record. */
export function settings(options: Options): Readonly<Record<string, string>> {
  const set = new Map<string, string>();
  for (const text of options.set ?? []) {
    const at = text.indexOf('=');
    if (at < 1) {
      throw new UsageError(
        `--set ${text} is no assignment`,
        `name and value are one word: \`--set ${at === 0 ? 'name' : text}=…\``,
      );
    }
    const name = text.slice(0, at).trim();
    if (set.has(name)) throw new UsageError(`--set gives \`${name}\` twice`);
    set.set(name, text.slice(at + 1).trim());
  }
  return Object.fromEntries(set);
}

/** How a file is compiled. */
export interface Compiling extends Pick<CompileOptions, 'withoutData'> {
  /** What answers the compiler; the disk unless given. */
  readonly host?: Host;
}

/** A file without mistakes. */
export interface Compiled {
  readonly program: Program;
  /** The texts that it is made of: its own first, then those that it imports, each once. */
  readonly texts: readonly SourceFile[];
}

/** Compiles a file and says what is wrong with it on stderr; undefined when it has mistakes. */
export function compileFile(
  io: Io,
  file: string | undefined,
  options: Options,
  { host = fileHost(io), ...how }: Compiling = {},
): Compiled | undefined {
  const { program, diagnostics, modules } = compile(host, pipelineFile(io, file), {
    ...how,
    set: settings(options),
  });
  const errors = diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) {
    io.err(render(errors, { color: io.colour.err }));
    io.err(count(errors));
    return undefined;
  }
  if (program === undefined) return undefined;
  const files = [program.file, ...modules.map(({ file }) => file)];
  return { program, texts: [...new Map(files.map((one) => [one.path, one])).values()] };
}

/** `2 errors, 1 warning`. */
export function count(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  return [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ].join(', ');
}
