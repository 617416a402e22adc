import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SspError } from '../base/errors.js';
import type { Environment } from './environment.js';
import type { Tool } from './find-tools.js';
import { nativePackage } from './native-package.js';
import { ownSources } from './own-sources.js';
import { libraryNames } from './recipe.js';
import { runTool } from './run-tool.js';

/** Compiles the binding between Node and TensorFlow's C API into `output`. */
export type CompileBinding = (request: {
  readonly compiler: Tool;
  /** Folder of TensorFlow's C headers. */
  readonly include: string;
  /** Where the binding will look for the libraries: `$ORIGIN` or an absolute folder. */
  readonly runPath: string;
  readonly output: string;
  /** An empty folder for files on the way. */
  readonly scratch: string;
  /** Where the compiler's output goes if it fails. */
  readonly log: string;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
}) => Promise<void>;

/** How the binding is compiled, wherever the headers are. */
export const compileFlags: readonly string[] = [
  ...['-O2', '-std=c++17', '-fPIC', '-shared', '-pthread'],
  ...['-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION'],
];

/**
 * Compiles the two source files of `@tensorflow/tfjs-node-gpu`'s binding, and those of ours. They use Node-API
 * version 8 only, so one build serves every Node from 20 on and needs neither Node's own headers
 * nor node-gyp.
 *
 * It is linked with empty libraries of the right names, because GNU ld reads all of TensorFlow's
 * symbols otherwise (measured: 7 s and 900 MB of memory against 0.04 s and 20 MB). That every
 * symbol is there is checked when the runtime is tested.
 * @throws SspError `setup-compile-failed`.
 */
export const compileBindingWithCompiler: CompileBinding = async (request) => {
  const { include, runPath, output, scratch } = request;
  const sources = join(nativePackage, 'binding');
  const require = createRequire(import.meta.url);
  const nodeHeaders = join(dirname(require.resolve('node-api-headers/package.json')), 'include');
  for (const name of libraryNames) {
    const stub = ['-shared', '-x', 'c++', '/dev/null', `-Wl,-soname,${name}`];
    await compile(request, [...stub, '-o', join(scratch, name)]);
  }
  const own = [...ownSources].map(([name, source]) => ({ path: join(scratch, name), source }));
  for (const { path, source } of own) await writeFile(path, source);
  await compile(request, [
    ...compileFlags,
    ...[`-I${include}`, `-I${nodeHeaders}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(sources, name)),
    ...own.map(({ path }) => path),
    ...['-o', output, `-L${scratch}`, `-Wl,-rpath,${runPath}`, '-Wl,--no-as-needed'],
    ...libraryNames.map((name) => `-l:${name}`),
  ]);
};

async function compile(
  { compiler, env, signal, log }: Parameters<CompileBinding>[0],
  args: readonly string[],
): Promise<void> {
  const [command, ...before] = compiler.command;
  const { code, stderr } = await runTool(command, [...before, ...args], { env, signal });
  if (code === 0) return;
  await writeFile(log, `${[...compiler.command, ...args].join(' ')}\n${stderr}`);
  const first = stderr.split('\n').find((line) => /error|cannot find|undefined/i.test(line));
  throw new SspError(
    'setup-compile-failed',
    `${command} could not compile the TensorFlow binding${first ? `: ${first.trim()}` : ''}`,
    {
      help: `the whole output is in ${log}; another compiler can be chosen with CXX (C++17 is needed)`,
      cause: new Error(stderr),
    },
  );
}
