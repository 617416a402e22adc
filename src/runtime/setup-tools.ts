import { SspError } from '../base/errors.js';
import type { Environment } from './environment.js';
import { findCompiler, findPython, findStrip, type Tool } from './find-tools.js';

/** The programs that a set-up uses. */
export interface SetupTools {
  /** Absent when nothing has to be downloaded. */
  readonly python: Tool | undefined;
  readonly compiler: Tool;
  /** Absent when the machine has none; the libraries then stay larger. */
  readonly strip: Tool | undefined;
}

/** What to do about a missing compiler; `ssp doctor` says the same. */
export const compilerHelp =
  'install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++)';

/** What to do about a missing Python or pip. */
export const pythonHelp =
  'install Python with pip (Debian, Ubuntu: apt install python3-pip), or set SSP_TENSORFLOW to an installed TensorFlow package';

/**
 * Finds the programs before anything is downloaded.
 * @throws SspError `setup-no-python`, `setup-no-compiler`.
 */
export async function findSetupTools(download: boolean, env: Environment): Promise<SetupTools> {
  const python = download ? await needPython(env) : undefined;
  const compiler = await findCompiler(env);
  if (compiler === undefined) {
    throw new SspError(
      'setup-no-compiler',
      'no C++ compiler was found (tried CXX, g++ and clang++); it is needed once, to connect Node to TensorFlow',
      { help: compilerHelp },
    );
  }
  return { python, compiler, strip: await findStrip(env) };
}

async function needPython(env: Environment): Promise<Tool> {
  const { tool, withoutPip } = await findPython(env);
  if (tool !== undefined) return tool;
  throw new SspError(
    'setup-no-python',
    withoutPip.length > 0
      ? `${withoutPip.join(' and ')} has no pip, which is needed once to download TensorFlow`
      : 'no Python was found (tried python3, python and py); its pip is needed once to download TensorFlow',
    { help: pythonHelp },
  );
}
