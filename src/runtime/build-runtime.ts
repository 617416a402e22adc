import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { invariant, SspError } from '../base/errors.js';
import { type Extraction, extractWheel, listWheel } from './extract-wheel.js';
import type { Tool } from './find-tools.js';
import type { RuntimeLocation } from './locate.js';
import { writeManifest } from './manifest.js';
import { keptWheel, obtainWheels, wheelsOf } from './obtain-wheels.js';
import { bindingName, type RuntimeRecipe } from './recipe.js';
import { digestsOf, reuseLibraries } from './reuse-libraries.js';
import type { SetupJob } from './setup-steps.js';
import type { SetupTools } from './setup-tools.js';
import { stripLibrary } from './strip-library.js';

/** A place where a runtime can be made. */
export type BuildLocation = Exclude<RuntimeLocation, { kind: 'invalid' }>;

/**
 * Makes the runtime in a work folder beside its place, tests it there, and renames it as the last
 * step. Only the holder of the runtime's lock may call it: it removes what others left unfinished.
 */
export async function buildRuntime(
  job: SetupJob,
  location: BuildLocation,
  tools: SetupTools,
): Promise<void> {
  const { folder } = location;
  await removeLeftovers(folder);
  const work = `${folder}.work-${randomUUID().slice(0, 8)}`;
  const made = join(work, 'runtime');
  const place: Place = { folder, work, made };
  await mkdir(made, { recursive: true });
  try {
    const built =
      location.kind === 'managed'
        ? await buildManaged(job, place, tools)
        : await buildExternal(job, location, place, tools);
    job.signal?.throwIfAborted();
    job.report('test', 0, 1);
    const { version: tensorflow } = await job.steps.smokeTest(made, job.signal);
    const { source, stripped, files } = built;
    const wheels = location.kind === 'managed' ? { wheels: digestsOf(job.recipe) } : {};
    const facts = { tensorflow, tfjs: job.recipe.tfjs, source, stripped, ...wheels };
    await writeManifest(made, { ...facts, compiler: tools.compiler.version }, files);
    job.signal?.throwIfAborted();
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
    if (location.kind === 'managed') {
      for (const wheel of wheelsOf(job.recipe)) await rm(keptWheel(job, wheel), { force: true });
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Where the runtime goes, the work folder, and the runtime in the making inside that. */
interface Place {
  readonly folder: string;
  readonly work: string;
  readonly made: string;
}

interface Built {
  readonly source: string;
  readonly stripped: boolean;
  /** Files of the runtime, below its folder. */
  readonly files: readonly string[];
}

async function buildManaged(
  job: SetupJob,
  place: Place,
  { python, compiler, strip }: SetupTools,
): Promise<Built> {
  const { recipe, signal, report, env } = job;
  const { folder, work, made } = place;
  const reused = await reuseLibraries(job, folder, made);
  if (reused) {
    await link(job, place, compiler);
    const files = [bindingName, ...reused.files, ...Object.keys(recipe.links)];
    return { source: recipe.wheel.file, stripped: reused.stripped, files };
  }
  invariant(python !== undefined, 'a managed runtime is built without Python');
  const [wheel, ...cuda] = await obtainWheels(job, work, python);
  invariant(wheel !== undefined, 'a recipe names no wheel');
  const { headers, libraries } = ofTensorFlow(recipe);
  const parts: Part[] = [{ wheel, files: [...headers, ...libraries] }];
  for (const file of cuda) parts.push({ wheel: file, files: await ofCuda(file) });
  await unpack(job, parts, made);
  await link(job, place, compiler);
  let stripped = 0;
  for (const [index, { to }] of libraries.entries()) {
    report('strip', index, libraries.length);
    if (strip && (await stripLibrary(strip, join(made, to), env, signal))) stripped++;
  }
  return {
    source: recipe.wheel.file,
    stripped: stripped === libraries.length,
    files: [
      bindingName,
      ...parts.flatMap(({ files }) => files.map(({ to }) => to)),
      ...Object.keys(recipe.links),
    ],
  };
}

/** Connects Node to the libraries that are there. */
async function link(job: SetupJob, place: Place, compiler: Tool): Promise<void> {
  const { recipe } = job;
  const { made } = place;
  for (const [path, target] of Object.entries(recipe.links))
    await symlink(target, join(made, path));
  // Where pip puts them: below `tensorflow`, beside CUDA's `nvidia`.
  const runPath = recipe.device === 'cuda' ? '$ORIGIN/tensorflow' : '$ORIGIN';
  await compile(job, { include: join(made, 'include'), runPath }, place, compiler);
}

interface Part {
  readonly wheel: string;
  readonly files: readonly Extraction[];
}

function ofTensorFlow({ device, headers, libraries }: RuntimeRecipe) {
  return {
    headers: headers.map((name) => ({
      from: `tensorflow/include/${name}`,
      to: `include/${name}`,
    })),
    libraries: libraries.map((name) => ({
      from: name,
      to: device === 'cuda' ? name : basename(name),
    })),
  };
}

/** Of one of CUDA's wheels what runs: shared libraries, and the assembler with what it reads. */
async function ofCuda(wheel: string): Promise<readonly Extraction[]> {
  const runs = /^nvidia\/(?:[^/]+\/lib\/[^/]+\.so(?:\.[\d.]+)?|cuda_nvcc\/(?:bin|nvvm)\/.+)$/;
  const paths = (await listWheel(wheel)).map(({ path }) => path).filter((path) => runs.test(path));
  return paths.map((path) => ({ from: path, to: path }));
}

async function unpack(job: SetupJob, parts: readonly Part[], made: string): Promise<void> {
  const sizes = await Promise.all(
    parts.map(async ({ wheel, files }) => {
      const wanted = new Set(files.map(({ from }) => from));
      const entries = (await listWheel(wheel)).filter(({ path }) => wanted.has(path));
      return entries.reduce((sum, { bytes }) => sum + bytes, 0);
    }),
  );
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  let before = 0;
  for (const [index, { wheel, files }] of parts.entries()) {
    await extractWheel(wheel, files, made, {
      onBytes: (done) => job.report('extract', before + done, total),
      signal: job.signal,
    });
    before += sizes[index] ?? 0;
  }
}

async function buildExternal(
  job: SetupJob,
  location: Extract<RuntimeLocation, { kind: 'external' }>,
  place: Place,
  { compiler }: SetupTools,
): Promise<Built> {
  const { libraries, include } = location;
  if (include === undefined) {
    throw new SspError(
      'setup-no-headers',
      `${libraries} holds TensorFlow's libraries but no include/tensorflow/c/c_api.h beside them`,
      { help: 'point SSP_TENSORFLOW at a whole TensorFlow package (…/site-packages/tensorflow)' },
    );
  }
  await compile(job, { include, runPath: libraries }, place, compiler);
  return { source: libraries, stripped: false, files: [bindingName] };
}

async function compile(
  job: SetupJob,
  against: { include: string; runPath: string },
  { work, made, folder }: Place,
  compiler: Tool,
): Promise<void> {
  const log = `${folder}.log`;
  const scratch = join(work, 'link');
  await mkdir(scratch);
  job.report('compile', 0, 1);
  await job.steps.compileBinding({
    ...against,
    compiler,
    output: join(made, bindingName),
    scratch,
    log,
    env: job.env,
    signal: job.signal,
  });
  await rm(log, { force: true });
}

async function removeLeftovers(folder: string): Promise<void> {
  const parent = dirname(folder);
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${basename(folder)}.work-`)) {
      await rm(join(parent, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }
}
