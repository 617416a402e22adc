import { SspError } from '../base/errors.js';
import type { Environment } from './environment.js';
import { type Fact, fact, type Trouble, troubleOf } from './fact.js';
import { findCompiler, findPython } from './find-tools.js';
import { deviceOf, gpuFacts } from './gpu-facts.js';
import { findGpus } from './gpus.js';
import { badPathHelp } from './install.js';
import type { LoadedTensorFlow } from './loaded-tensor-flow.js';
import { locateRuntime, type RuntimeStatus, recipes, runtimeFor, runtimeStatus } from './locate.js';
import { type Machine, machine } from './machine.js';
import { cpuRecipe } from './recipe.js';
import { compilerHelp, pythonHelp } from './setup-tools.js';
import { type SmokeTest, smokeTest } from './smoke-test.js';
import { checkPlatform } from './supported-platform.js';

export type { Fact } from './fact.js';

/**
 * What this machine can do, for `ssp doctor`. Works without the runtime; a ready one is loaded in
 * a child process to see that it runs (about half a second).
 */
export async function collectFacts(
  options: { env?: Environment; load?: SmokeTest } = {},
): Promise<readonly Fact[]> {
  const { env = process.env, load = smokeTest } = options;
  const here = machine();
  const status = runtimeFor('cpu', env);
  const forGpus = runtimeStatus(env, recipes.cuda);
  const same = forGpus.folder === status.folder;
  const [loads, loadsCuda, python, compiler, gpus] = await Promise.all([
    status.kind === 'ready' ? tryLoad(load, status.folder) : undefined,
    forGpus.kind === 'ready' && !same ? tryLoad(load, forGpus.folder) : undefined,
    findPython(env),
    findCompiler(env),
    findGpus(env),
  ]);
  const runtime = runtimeFact(status, locateRuntime(env).kind === 'invalid');
  // Needed only to set the runtime up, so their absence is no problem once it is ready.
  const toSetUp = status.kind !== 'ready';
  const device = deviceOf(loads);
  return [
    fact('node', 'Node', here.node),
    fact(
      'platform',
      'platform',
      here.platform,
      toSetUp && !env.SSP_TENSORFLOW && platformProblem(),
    ),
    fact('os', 'system', here.os),
    fact('cpu', 'processor', `${here.cpu} (${here.cpuFlags.join(' ')})`, processorProblem(here)),
    fact('threads', 'threads', String(here.cores)),
    fact('memory', 'memory', `${gigabytes(here.memory)}, ${gigabytes(here.memoryFree)} free`),
    runtime,
    loads instanceof SspError
      ? fact('tensorflow', 'TensorFlow', 'does not load', troubleOf(loads))
      : fact('tensorflow', 'TensorFlow', loads?.version ?? 'not set up'),
    fact('tfjs', 'TensorFlow.js', cpuRecipe.tfjs),
    fact('device', 'device', device ?? 'unknown until TensorFlow loads'),
    ...gpuFacts(forGpus, same ? loads : loadsCuda, gpus),
    fact(
      'compiler',
      'C++ compiler',
      compiler === undefined ? 'none' : `${compiler.command.join(' ')}: ${compiler.version}`,
      toSetUp && compiler === undefined && noCompiler,
    ),
    fact(
      'python',
      'Python with pip',
      python.tool === undefined
        ? 'none'
        : `${python.tool.command.join(' ')}: ${python.tool.version}`,
      toSetUp && !env.SSP_TENSORFLOW && python.tool === undefined && noPython,
    ),
  ];
}

/** What is recorded beside each result: versions, processor, threads, device. */
export function recordedEnvironment(
  loaded: LoadedTensorFlow,
): Readonly<Record<string, string | number>> {
  const { node, platform, os, cpu, cpuFlags, cores, memory } = machine();
  const { version: tensorflow, tfjs, device, threads } = loaded;
  const processor = `${cpu} (${cpuFlags.join(' ')})`;
  return { tensorflow, tfjs, device, threads, node, platform, os, processor, cores, memory };
}

const noCompiler: Trouble = {
  problem: 'no C++ compiler was found; `ssp setup` needs one once',
  fix: compilerHelp,
};

const noPython: Trouble = {
  problem: 'no Python with pip was found; `ssp setup` needs it once',
  fix: pythonHelp,
};

async function tryLoad(load: SmokeTest, folder: string) {
  try {
    return await load(folder);
  } catch (error) {
    if (error instanceof SspError) return error;
    throw error;
  }
}

function runtimeFact(status: RuntimeStatus, badPath: boolean): Fact {
  const { kind, folder } = status;
  const value = `${folder} (${kind})`;
  if (kind === 'ready') return fact('runtime', 'runtime', value);
  if (kind === 'missing') {
    const problem = 'the TensorFlow runtime is not set up yet';
    return fact('runtime', 'runtime', value, { problem, fix: 'run `ssp setup`' });
  }
  const fix = badPath ? badPathHelp : 'run `ssp setup`, which makes it anew';
  return fact('runtime', 'runtime', value, { problem: status.reason, fix });
}

function platformProblem(): Trouble | false {
  try {
    checkPlatform();
    return false;
  } catch (error) {
    if (error instanceof SspError) return troubleOf(error);
    throw error;
  }
}

function processorProblem({ platform, cpuFlags }: Machine): Trouble | false {
  if (!platform.startsWith('linux x64') || cpuFlags.includes('avx')) return false;
  return {
    problem: 'this processor has no AVX, which TensorFlow needs',
    fix: 'use another machine, or set SSP_TENSORFLOW to a TensorFlow built without AVX',
  };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
