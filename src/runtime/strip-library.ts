import { chmod, rename, rm, stat } from 'node:fs/promises';
import type { Environment } from './environment.js';
import type { Tool } from './find-tools.js';
import { runTool } from './run-tool.js';

/**
 * Takes the symbols that loading does not need off a shared library. A failure only costs disk
 * space, so it answers false and leaves the library as it was.
 */
export async function stripLibrary(
  strip: Tool,
  library: string,
  env: Environment,
  signal?: AbortSignal,
): Promise<boolean> {
  const [command, ...before] = strip.command;
  const output = `${library}.stripped`;
  // Into a second file: strip rewrites in place, and a full disk would leave half a library.
  const args = [...before, '--strip-unneeded', '-o', output, library];
  const { code } = await runTool(command, args, { env, signal });
  if (code !== 0) {
    await rm(output, { force: true });
    return false;
  }
  await chmod(output, (await stat(library)).mode);
  await rename(output, library);
  return true;
}
