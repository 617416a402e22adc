import type { Environment } from './environment.js';
import { runTool } from './run-tool.js';

/** A program on this machine: the command with leading arguments, and its version line. */
export interface Tool {
  readonly command: readonly [string, ...string[]];
  readonly version: string;
}

/**
 * A Python with pip: `python3`, `python` or `py`, the first that has pip. `found` lists the
 * Pythons that exist without it, for the error message.
 */
export async function findPython(
  env: Environment = process.env,
): Promise<{ tool: Tool | undefined; withoutPip: readonly string[] }> {
  const withoutPip: string[] = [];
  for (const name of ['python3', 'python', 'py']) {
    const pip = await runTool(name, ['-m', 'pip', '--version'], { env });
    if (pip.code === 0) {
      return { tool: { command: [name], version: firstLine(pip.stdout) }, withoutPip };
    }
    if (pip.code !== 127) withoutPip.push(name);
  }
  return { tool: undefined, withoutPip };
}

/** A C++ compiler: `$CXX`, `g++` or `clang++`, the first that runs. */
export async function findCompiler(env: Environment = process.env): Promise<Tool | undefined> {
  const chosen = env.CXX?.trim().split(/\s+/).filter(Boolean) ?? [];
  return firstThatRuns([chosen, ['g++'], ['clang++']], env);
}

/** `strip` from binutils, which takes a quarter off the libraries' size. */
export function findStrip(env: Environment = process.env): Promise<Tool | undefined> {
  return firstThatRuns([['strip']], env);
}

async function firstThatRuns(
  candidates: readonly (readonly string[])[],
  env: Environment,
): Promise<Tool | undefined> {
  for (const [name, ...args] of candidates) {
    if (name === undefined) continue;
    const { code, stdout } = await runTool(name, [...args, '--version'], { env });
    if (code === 0) return { command: [name, ...args], version: firstLine(stdout) };
  }
  return undefined;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
