import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SspError, systemCode } from '../../base/errors.js';
import { type CompileBinding, compileBindingWithCompiler } from './compile-binding.js';
import { extractWheel } from './extract-wheel.js';
import { type FetchWheel, fetchWheelWithPip } from './fetch-wheel.js';
import { findCompiler, findPython, findStrip, type Tool } from './find-tools.js';
import { withInstallLock } from './install-lock.js';
import {
  cacheFolder,
  type Environment,
  locateRuntime,
  type RuntimeLocation,
  runtimeStatus,
} from './locate.js';
import { sha256OfFile, writeManifest } from './manifest.js';
import { bindingName, cpuRecipe, type RuntimeRecipe } from './recipe.js';
import { type SmokeTest, smokeTest } from './smoke-test.js';
import { stripLibrary } from './strip-library.js';
import { checkPlatform } from './supported-platform.js';

/** What the set-up is doing; `wait` means that another process is setting up the same runtime. */
export type SetupPhase =
  | 'wait'
  | 'download'
  | 'verify'
  | 'extract'
  | 'compile'
  | 'strip'
  | 'test'
  | 'ready';

/** Progress of the set-up: bytes in download, verify and extract, else steps. */
export interface SetupProgress {
  readonly phase: SetupPhase;
  readonly done: number;
  readonly total: number;
}

/** The steps that touch the world; tests replace some of them. */
export interface SetupSteps {
  readonly checkPlatform: () => void;
  /** Free bytes of the disk that holds a folder. */
  readonly freeBytes: (folder: string) => Promise<number>;
  readonly fetchWheel: FetchWheel;
  readonly compileBinding: CompileBinding;
  readonly smokeTest: SmokeTest;
}

/** The steps as they are outside tests. */
export const realSteps: SetupSteps = {
  checkPlatform,
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
  fetchWheel: fetchWheelWithPip,
  compileBinding: compileBindingWithCompiler,
  smokeTest,
};

/** How to set up the runtime; everything has a default. */
export interface SetupOptions {
  readonly onProgress?: (progress: SetupProgress) => void;
  readonly signal?: AbortSignal;
  readonly env?: Environment;
  readonly recipe?: RuntimeRecipe;
  readonly steps?: Partial<SetupSteps>;
}

interface Job {
  readonly env: Environment;
  readonly recipe: RuntimeRecipe;
  readonly steps: SetupSteps;
  readonly signal: AbortSignal | undefined;
  readonly report: (phase: SetupPhase, done: number, total: number) => void;
}

/**
 * Sets up the TensorFlow runtime unless it is ready, and returns its folder. Any number of
 * processes may call it at once: one works, the others wait and find it ready. A set-up that was
 * cut off is started anew; the finished folder appears in one rename.
 * @throws SspError `setup-unsupported-platform`, `setup-no-python`, `setup-no-compiler`,
 * `setup-no-space`, `setup-no-access`, `setup-no-network`, `setup-no-wheel`, `setup-bad-hash`,
 * `setup-bad-wheel`, `setup-no-headers`, `setup-bad-path`, `setup-compile-failed`,
 * `setup-cannot-load`; or the signal's reason.
 */
export async function installRuntime(options: SetupOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  const recipe = options.recipe ?? cpuRecipe;
  const steps: SetupSteps = { ...realSteps, ...options.steps };
  const report: Job['report'] = (phase, done, total) =>
    options.onProgress?.({ phase, done, total });
  const job: Job = { env, recipe, steps, signal: options.signal, report };
  const location = locateRuntime(env, recipe);
  const isReady = () => runtimeStatus(env, recipe).kind === 'ready';
  if (!isReady()) {
    if (location.kind === 'invalid') {
      throw new SspError('setup-bad-path', location.reason, {
        help: 'point SSP_TENSORFLOW at a TensorFlow package (…/site-packages/tensorflow), or unset it',
      });
    }
    steps.checkPlatform();
    const tools = await findTools(location, env);
    try {
      await mkdir(cacheFolder(env), { recursive: true });
      await withInstallLock(
        `${location.folder}.lock`,
        async () => {
          if (!isReady()) await build(job, location, tools);
        },
        { onWait: () => report('wait', 0, 1), signal: options.signal },
      );
    } catch (error) {
      throw explainSystemError(error, cacheFolder(env));
    }
  }
  report('ready', 1, 1);
  return location.folder;
}

interface Tools {
  readonly python: Tool | undefined;
  readonly compiler: Tool;
  readonly strip: Tool | undefined;
}

async function findTools(location: RuntimeLocation, env: Environment): Promise<Tools> {
  const python = location.kind === 'managed' ? await needPython(env) : undefined;
  const compiler = await findCompiler(env);
  if (compiler === undefined) {
    throw new SspError(
      'setup-no-compiler',
      'no C++ compiler was found (tried CXX, g++ and clang++); it is needed once, to connect Node to TensorFlow',
      { help: 'install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++)' },
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
    {
      help: 'install Python with pip (Debian, Ubuntu: apt install python3-pip), or set SSP_TENSORFLOW to an installed TensorFlow package',
    },
  );
}

async function build(
  job: Job,
  location: Exclude<RuntimeLocation, { kind: 'invalid' }>,
  tools: Tools,
): Promise<void> {
  const { folder } = location;
  await removeLeftovers(folder);
  const work = `${folder}.work-${randomUUID().slice(0, 8)}`;
  const made = join(work, 'runtime');
  await mkdir(made, { recursive: true });
  try {
    const built =
      location.kind === 'managed'
        ? await buildManaged(job, folder, work, made, tools)
        : await buildExternal(job, location, made, tools);
    job.report('test', 0, 1);
    const tensorflow = await job.steps.smokeTest(made, job.signal);
    const { recipe } = job;
    await writeManifest(
      made,
      {
        tensorflow,
        tfjs: recipe.tfjs,
        source: built.source,
        compiler: tools.compiler.version,
        stripped: built.stripped,
      },
      built.files,
    );
    job.signal?.throwIfAborted();
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
    if (location.kind === 'managed') await rm(wheelInCache(job), { force: true });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface Built {
  readonly source: string;
  readonly stripped: boolean;
  /** Files of the runtime, below its folder. */
  readonly files: readonly string[];
}

async function buildManaged(
  job: Job,
  folder: string,
  work: string,
  made: string,
  tools: Tools,
): Promise<Built> {
  const { recipe, signal, report } = job;
  const wheel = await obtainWheel(job, work, tools);
  const headers = recipe.headers.map((name) => ({
    from: `tensorflow/include/${name}`,
    to: `include/${name}`,
  }));
  const libraries = recipe.libraries.map((name) => ({ from: name, to: basename(name) }));
  await extractWheel(wheel, [...headers, ...libraries], made, {
    onBytes: (done, total) => report('extract', done, total),
    signal,
  });
  await compile(
    job,
    { include: join(made, 'include'), libraries: made, runPath: '$ORIGIN' },
    {
      made,
      folder,
      compiler: tools.compiler,
    },
  );
  let stripped = 0;
  for (const { to } of libraries) {
    report('strip', stripped, libraries.length);
    if (tools.strip && (await stripLibrary(tools.strip, join(made, to), job.env, signal))) {
      stripped++;
    }
  }
  return {
    source: recipe.wheel.file,
    stripped: stripped === libraries.length,
    files: [bindingName, ...libraries.map(({ to }) => to), ...headers.map(({ to }) => to)],
  };
}

async function buildExternal(
  job: Job,
  location: Extract<RuntimeLocation, { kind: 'external' }>,
  made: string,
  tools: Tools,
): Promise<Built> {
  const { libraries, include, folder } = location;
  if (include === undefined) {
    throw new SspError(
      'setup-no-headers',
      `${libraries} holds TensorFlow's libraries but no include/tensorflow/c/c_api.h beside them`,
      { help: 'point SSP_TENSORFLOW at a whole TensorFlow package (…/site-packages/tensorflow)' },
    );
  }
  await compile(
    job,
    { include, libraries, runPath: libraries },
    {
      made,
      folder,
      compiler: tools.compiler,
    },
  );
  return { source: libraries, stripped: false, files: [bindingName] };
}

async function compile(
  job: Job,
  against: { include: string; libraries: string; runPath: string },
  { made, folder, compiler }: { made: string; folder: string; compiler: Tool },
): Promise<void> {
  job.report('compile', 0, 1);
  await job.steps.compileBinding({
    ...against,
    compiler,
    output: join(made, bindingName),
    log: `${folder}.log`,
    env: job.env,
    signal: job.signal,
  });
  await rm(`${folder}.log`, { force: true });
}

/** A verified wheel: the one left by a set-up that failed later or put there by hand, or a fresh one. */
async function obtainWheel(job: Job, work: string, tools: Tools): Promise<string> {
  const { recipe, env, steps, signal, report } = job;
  const { bytes, sha256 } = recipe.wheel;
  const kept = wheelInCache(job);
  const verify = async (file: string) =>
    sha256OfFile(file, (done) => report('verify', done, bytes), signal);
  const isKept = existsSync(kept) && (await verify(kept)) === sha256;
  if (!isKept) await rm(kept, { force: true });
  await needSpace(job, isKept ? recipe.peakBytes - bytes : recipe.peakBytes);
  if (isKept || tools.python === undefined) return kept;
  const folder = join(work, 'wheel');
  await mkdir(folder);
  report('download', 0, bytes);
  const file = await steps.fetchWheel({
    recipe,
    python: tools.python,
    folder,
    env,
    onBytes: (done) => report('download', Math.min(done, bytes), bytes),
    signal,
  });
  const found = await verify(file);
  if (found !== sha256) {
    throw new SspError(
      'setup-bad-hash',
      `the downloaded ${basename(file)} has SHA-256 ${found}, expected ${sha256}`,
      { help: "run again; if it stays so, pip's index (pip config list) serves another file" },
    );
  }
  await rename(file, kept);
  return kept;
}

function wheelInCache({ env, recipe }: Job): string {
  return join(cacheFolder(env), recipe.wheel.file);
}

async function needSpace({ env, steps }: Job, needed: number): Promise<void> {
  const folder = cacheFolder(env);
  const free = await steps.freeBytes(folder);
  if (free >= needed) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new SspError(
    'setup-no-space',
    `${folder} has ${gigabytes(free)} free, setting up TensorFlow needs ${gigabytes(needed)}`,
    { help: 'free some space, or set SSP_CACHE to a folder on another disk' },
  );
}

/** Removes what cut-off set-ups of this runtime left. Only the lock's holder calls it. */
async function removeLeftovers(folder: string): Promise<void> {
  const parent = dirname(folder);
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${basename(folder)}.work-`)) {
      await rm(join(parent, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

function explainSystemError(error: unknown, cache: string): unknown {
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SspError('setup-no-space', `the disk became full while setting up in ${cache}`, {
      help: 'free some space, or set SSP_CACHE to a folder on another disk',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR') {
    return new SspError(
      'setup-no-access',
      `the cache folder ${cache} cannot be written (${code})`,
      {
        help: 'set SSP_CACHE to a folder that you may write to',
        cause: error,
      },
    );
  }
  return error;
}
