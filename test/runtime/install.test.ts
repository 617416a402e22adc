import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SspError } from '../../src/base/errors.js';
import { installRuntime, type SetupPhase } from '../../src/runtime/install.js';
import { readManifest } from '../../src/runtime/manifest.js';
import { putPrograms, tinyRuntime, withCuda } from './tiny-runtime.js';

async function failure(work: Promise<unknown>): Promise<SspError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SspError) return error;
  throw new Error(`expected an SspError, got ${String(error)}`);
}

it('sets up a runtime, reports each phase, and leaves nothing else behind', async () => {
  const { env, recipe, steps, cache, calls } = tinyRuntime();
  const phases: SetupPhase[] = [];
  const folder = await installRuntime({
    env,
    recipe,
    steps,
    onProgress: ({ phase, done, total }) => {
      expect(done).toBeLessThanOrEqual(total);
      if (phases.at(-1) !== phase) phases.push(phase);
    },
  });
  expect(phases).toEqual(['download', 'verify', 'extract', 'compile', 'strip', 'test', 'ready']);
  expect(readdirSync(cache).map((name) => join(cache, name))).toEqual([folder]);
  expect(readFileSync(join(folder, 'include/tensorflow/c/c_api.h'), 'utf8')).toBe('// header\n');
  expect(readManifest(folder)).toMatchObject({
    tensorflow: '9.9.9',
    tfjs: '4.22.0',
    source: recipe.wheel.file,
    // There is no `strip` on the PATH, which only costs space.
    stripped: false,
    files: { 'tfjs_binding.node': { bytes: 7 }, 'libtensorflow_cc.so.2': { bytes: 3000 } },
  });
  await installRuntime({ env, recipe, steps });
  expect(calls).toEqual(['fetch', 'compile', 'test']);
});

it('unpacks CUDA as pip would, beside a TensorFlow that finds it, and without headers', async () => {
  const tiny = tinyRuntime();
  const { recipe, wheels } = withCuda(tiny);
  const folder = await installRuntime({ env: tiny.env, recipe, steps: tiny.steps });
  expect(folder).toMatch(/tensorflow-9\.9\.9-cuda-/);
  const { files } = readManifest(folder) ?? { files: {} };
  expect(Object.keys(files).sort()).toEqual([
    'include/tensorflow/c/c_api.h',
    'nvidia/cublas/lib/libcublas.so.12',
    'nvidia/cublas/lib/libcusolver.so.11',
    'nvidia/cuda_nvcc/bin/ptxas',
    'nvidia/cusolver/lib/libcusolver.so.11',
    'tensorflow/libtensorflow_cc.so.2',
    'tensorflow/libtensorflow_framework.so.2',
    'tfjs_binding.node',
  ]);
  expect(readFileSync(join(folder, 'nvidia/cublas/lib/libcusolver.so.11'), 'utf8')).toBe('solve');
  expect(tiny.calls).toEqual([...wheels.map(() => 'fetch'), 'compile', 'test']);
  expect(tiny.runPaths).toEqual(['$ORIGIN/tensorflow']);
  expect(readdirSync(tiny.cache).map((name) => join(tiny.cache, name))).toEqual([folder]);
});

it('goes on with the wheels that it has when it was cut off', async () => {
  const tiny = tinyRuntime();
  const { recipe, wheels } = withCuda(tiny);
  const { env, steps, calls } = tiny;
  const fetchWheel: typeof steps.fetchWheel = async (request) => {
    if (request.wheel.file === wheels.at(-1)?.file) throw new SspError('setup-no-network', 'no');
    return steps.fetchWheel(request);
  };
  const cut = installRuntime({ env, recipe, steps: { ...steps, fetchWheel } });
  expect((await failure(cut)).code).toBe('setup-no-network');
  await installRuntime({ env, recipe, steps });
  expect(calls).toEqual([...wheels.map(() => 'fetch'), 'compile', 'test']);
});

it('makes only the binding anew where the libraries of another one are there', async () => {
  for (const cuda of [false, true]) {
    const tiny = tinyRuntime();
    const recipe = cuda ? withCuda(tiny).recipe : tiny.recipe;
    const { env, steps, calls } = tiny;
    const folder = await installRuntime({ env, recipe, steps });
    const [library = ''] = Object.keys(readManifest(folder)?.files ?? {}).filter((file) =>
      file.endsWith('libtensorflow_cc.so.2'),
    );
    const other = folder.replace(/-[0-9a-f]{8}$/, '-00000000');
    renameSync(folder, other);
    calls.length = 0;
    expect(await installRuntime({ env, recipe, steps })).toBe(folder);
    expect(calls).toEqual(['compile', 'test']);
    expect(statSync(join(folder, library)).ino).toBe(statSync(join(other, library)).ino);
    expect(readManifest(folder)?.files).toEqual(readManifest(other)?.files);
    // A damaged one is no source.
    rmSync(folder, { recursive: true });
    writeFileSync(join(other, library), 'cut off');
    await installRuntime({ env, recipe, steps });
    expect(calls).toContain('fetch');
    expect(readFileSync(join(folder, library), 'utf8')).toHaveLength(3000);
  }
});

it('makes a half-finished or damaged runtime anew', async () => {
  const { env, recipe, steps, cache, calls } = tinyRuntime();
  const folder = await installRuntime({ env, recipe, steps });
  writeFileSync(join(folder, 'libtensorflow_cc.so.2'), 'cut off');
  mkdirSync(`${folder}.work-dead`);
  writeFileSync(join(`${folder}.work-dead`, 'half'), '');
  await installRuntime({ env, recipe, steps });
  expect(readFileSync(join(folder, 'libtensorflow_cc.so.2'), 'utf8')).toHaveLength(3000);
  expect(readdirSync(cache)).toHaveLength(1);
  expect(calls).toEqual(['fetch', 'compile', 'test', 'fetch', 'compile', 'test']);
});

it('does not download again after a failed compilation', async () => {
  const { env, recipe, steps, cache, calls } = tinyRuntime();
  const compileBinding = async () => {
    throw new SspError('setup-compile-failed', 'no');
  };
  const broken = installRuntime({ env, recipe, steps: { ...steps, compileBinding } });
  expect((await failure(broken)).code).toBe('setup-compile-failed');
  expect(readdirSync(cache)).toEqual([recipe.wheel.file]);
  await installRuntime({ env, recipe, steps });
  expect(calls).toEqual(['fetch', 'compile', 'test']);
  expect(existsSync(join(cache, recipe.wheel.file))).toBe(false);
});

it('does not trust a wheel that it finds', async () => {
  const { env, recipe, steps, cache, calls } = tinyRuntime();
  mkdirSync(cache);
  writeFileSync(join(cache, recipe.wheel.file), 'half a download');
  await installRuntime({ env, recipe, steps });
  expect(calls).toEqual(['fetch', 'compile', 'test']);
});

it('refuses a download with another hash', async () => {
  const { env, recipe, steps, cache } = tinyRuntime();
  const wheel = { ...recipe.wheel, sha256: '0'.repeat(64) };
  const error = await failure(installRuntime({ env, recipe: { ...recipe, wheel }, steps }));
  expect(error.code).toBe('setup-bad-hash');
  expect(error.message).toContain(`${recipe.wheel.sha256}, expected ${wheel.sha256}`);
  expect(readdirSync(cache)).toEqual([]);
});

it('says which file a wheel lacks', async () => {
  const { env, recipe, steps } = tinyRuntime();
  const odd = { ...recipe, headers: ['tensorflow/c/gone.h'] };
  const error = await failure(installRuntime({ env, recipe: odd, steps }));
  expect(error.code).toBe('setup-bad-wheel');
  expect(error.message).toMatch(/does not hold tensorflow\/include\/tensorflow\/c\/gone\.h$/);
});

it('needs space before it downloads', async () => {
  const { env, recipe, steps, calls } = tinyRuntime();
  const freeBytes = async () => 300_000_000;
  const large = { ...recipe, peakBytes: 1_800_000_000 };
  const error = await failure(
    installRuntime({ env, recipe: large, steps: { ...steps, freeBytes } }),
  );
  expect(error.code).toBe('setup-no-space');
  expect(error.message).toMatch(/has 0\.3 GB free, setting up TensorFlow needs 1\.8 GB$/);
  expect(error.help).toContain('SSP_CACHE');
  expect(calls).toEqual([]);
});

it('explains a disk that fills up and a cache that cannot be written', async () => {
  const tiny = tinyRuntime();
  const { env, recipe, steps } = tiny;
  const compileBinding = async () => {
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  };
  const full = installRuntime({ env, recipe, steps: { ...steps, compileBinding } });
  expect((await failure(full)).code).toBe('setup-no-space');
  const file = { ...env, SSP_CACHE: tiny.wheel };
  expect((await failure(installRuntime({ env: file, recipe, steps }))).code).toBe(
    'setup-no-access',
  );
});

it('says when there is no Python, no pip, no compiler', async () => {
  const { env, root, recipe, steps, calls } = tinyRuntime();
  rmSync(join(root, 'bin'), { recursive: true });
  const noPython = await failure(installRuntime({ env, recipe, steps }));
  expect(noPython.code).toBe('setup-no-python');
  expect(noPython.message).toMatch(/^no Python was found/);
  putPrograms(root, { python3: 'echo "No module named pip" >&2; exit 1' });
  const noPip = await failure(installRuntime({ env, recipe, steps }));
  expect(noPip.code).toBe('setup-no-python');
  expect(noPip.message).toMatch(/^python3 has no pip/);
  putPrograms(root, { python: 'echo pip 23' });
  const noCompiler = await failure(installRuntime({ env, recipe, steps }));
  expect(noCompiler.code).toBe('setup-no-compiler');
  expect(noCompiler.help).toContain('apt install g++');
  expect(calls).toEqual([]);
  putPrograms(root, { mycc: 'echo mycc 1' });
  const folder = await installRuntime({ env: { ...env, CXX: 'mycc -x' }, recipe, steps });
  expect(readManifest(folder)).toMatchObject({ compiler: 'mycc 1' });
});

it('says when pip reaches no index, and when the index lacks the wheel', async () => {
  const tiny = tinyRuntime();
  const { env, root, recipe } = tiny;
  const { fetchWheel: _, ...steps } = tiny.steps;
  const pip = (output: string) =>
    putPrograms(root, {
      python3: `case "$*" in *--version*) echo pip 23;; *) echo "${output}" >&2; exit 1;; esac`,
    });
  pip(
    'WARNING: Retrying (Retry(total=4)) after connection broken by NewConnectionError([Errno 111] Connection refused)\nERROR: No matching',
  );
  const offline = await failure(installRuntime({ env, recipe, steps }));
  expect(offline.code).toBe('setup-no-network');
  expect(offline.message).toMatch(/: Connection refused$/);
  pip('ERROR: No matching distribution found for tensorflow-tiny==9.9.9');
  expect((await failure(installRuntime({ env, recipe, steps }))).code).toBe('setup-no-wheel');
  pip('OSError: [Errno 28] No space left on device');
  expect((await failure(installRuntime({ env, recipe, steps }))).code).toBe('setup-no-space');
});

it('asks pip for the wheel by its tags, below the cache folder', async () => {
  const tiny = tinyRuntime();
  const { env, recipe, root, wheel, cache } = tiny;
  const { fetchWheel: _, ...steps } = tiny.steps;
  putPrograms(root, {
    python3: `case "$*" in *--version*) echo pip 23;; *)
  echo "$*" > ${root}/args; echo "$TMPDIR" > ${root}/tmpdir
  while [ "$1" != --dest ]; do shift; done; /bin/cp ${wheel} "$2/${recipe.wheel.file}";; esac`,
  });
  await installRuntime({ env, recipe, steps });
  const args = readFileSync(join(root, 'args'), 'utf8');
  expect(args).toContain('-m pip download --no-deps --only-binary=:all:');
  expect(args).toContain('--python-version 3.11 --implementation cp --abi cp311 --platform any');
  expect(readFileSync(join(root, 'tmpdir'), 'utf8').startsWith(cache)).toBe(true);
});

it('quotes the compiler and keeps its output in a file', async () => {
  const tiny = tinyRuntime();
  const { env, recipe } = tiny;
  const { compileBinding: _, ...steps } = tiny.steps;
  putPrograms(tiny.root, {
    'g++': `case "$*" in *--version*) echo g++ 4;; *) echo 'In file x' >&2
  echo "x.cc:1: error: unrecognized option -std=c++17" >&2; exit 1;; esac`,
  });
  const error = await failure(installRuntime({ env, recipe, steps }));
  expect(error.code).toBe('setup-compile-failed');
  expect(error.message).toMatch(/x\.cc:1: error: unrecognized option -std=c\+\+17$/);
  const log = /the whole output is in (\S+);/.exec(error.help ?? '')?.[1] ?? '';
  expect(readFileSync(log, 'utf8')).toContain('In file x');
});

it('says so on a platform where no runtime is known', async () => {
  const { env, recipe, steps } = tinyRuntime();
  const checkPlatform = () => {
    throw new SspError('setup-unsupported-platform', 'no TensorFlow runtime is known for sunos');
  };
  const error = await failure(installRuntime({ env, recipe, steps: { ...steps, checkPlatform } }));
  expect(error.code).toBe('setup-unsupported-platform');
});

it('stops when told to, leaving no lock and no half runtime', async () => {
  const { env, recipe, steps, cache } = tinyRuntime();
  const stop = new AbortController();
  const compileBinding = async () => stop.abort(new Error('enough'));
  const work = installRuntime({
    env,
    recipe,
    steps: { ...steps, compileBinding },
    signal: stop.signal,
  });
  await expect(work).rejects.toThrow('enough');
  expect(readdirSync(cache)).toEqual([recipe.wheel.file]);
});
