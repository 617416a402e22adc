import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SspError } from '../../base/errors.js';
import type { Tool } from './find-tools.js';
import type { Environment } from './locate.js';
import { libraryNames } from './recipe.js';
import { runTool } from './run-tool.js';

/** Compiles the binding between Node and TensorFlow's C API into `output`. */
export type CompileBinding = (request: {
  readonly compiler: Tool;
  /** Folder of TensorFlow's C headers. */
  readonly include: string;
  /** Folder of the two libraries to link with. */
  readonly libraries: string;
  /** Where the binding will look for them: `$ORIGIN` or an absolute folder. */
  readonly runPath: string;
  readonly output: string;
  /** Where the compiler's output goes if it fails. */
  readonly log: string;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
}) => Promise<void>;

/**
 * One compiler call on the two source files of `@tensorflow/tfjs-node-gpu`'s binding. It uses
 * Node-API version 8 only, so one build serves every Node from 20 on, and needs neither Node's
 * own headers nor node-gyp.
 * @throws SspError `setup-compile-failed`.
 */
export const compileBindingWithCompiler: CompileBinding = async (request) => {
  const { compiler, include, libraries, runPath, output, log, env, signal } = request;
  const require = createRequire(import.meta.url);
  const sources = join(
    dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')),
    'binding',
  );
  const nodeApi = join(dirname(require.resolve('node-api-headers/package.json')), 'include');
  const [command, ...before] = compiler.command;
  const args = [
    ...before,
    ...['-O2', '-std=c++17', '-fPIC', '-shared', '-pthread'],
    ...['-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION'],
    ...[`-I${include}`, `-I${nodeApi}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(sources, name)),
    ...['-o', output, `-L${libraries}`, `-Wl,-rpath,${runPath}`],
    ...libraryNames.map((name) => `-l:${name}`),
  ];
  const { code, stderr } = await runTool(command, args, { env, signal });
  if (code === 0) return;
  await mkdir(dirname(log), { recursive: true });
  await writeFile(log, `${command} ${args.join(' ')}\n${stderr}`);
  const first = stderr.split('\n').find((line) => /error|cannot find|undefined/i.test(line));
  throw new SspError(
    'setup-compile-failed',
    `${command} could not compile the TensorFlow binding${first ? `: ${first.trim()}` : ''}`,
    {
      help: `the whole output is in ${log}; another compiler can be chosen with CXX (C++17 is needed)`,
      cause: new Error(stderr),
    },
  );
};
