import { createHash } from 'node:crypto';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { homeFolder } from '../base/account.js';
import { SspError } from '../base/errors.js';
import { bindingDigest } from './binding-digest.js';
import { cudaRecipe } from './cuda-recipe.js';
import type { Environment } from './environment.js';
import { readManifest } from './manifest.js';
import { bindingName, cpuRecipe, type Device, libraryNames, type RuntimeRecipe } from './recipe.js';

/**
 * Where the native runtime lives. `managed`: everything is in `folder`, set up by us. `external`:
 * the libraries are the user's (`SSP_TENSORFLOW`) and `folder` holds only our binding to them.
 */
export type RuntimeLocation =
  | { readonly kind: 'managed'; readonly folder: string }
  | {
      readonly kind: 'external';
      readonly folder: string;
      /** Folder of the two libraries. */
      readonly libraries: string;
      /** Folder of the C headers, if there is one. */
      readonly include: string | undefined;
    }
  | { readonly kind: 'invalid'; readonly folder: string; readonly reason: string };

/** Whether the runtime can be loaded; `reason` is a sentence. */
export type RuntimeStatus =
  | { readonly kind: 'ready'; readonly folder: string; readonly tensorflow: string }
  | { readonly kind: 'missing'; readonly folder: string }
  | { readonly kind: 'broken'; readonly folder: string; readonly reason: string };

/** Our cache folder: `SSP_CACHE`, else `$XDG_CACHE_HOME/ssp`, else `~/.cache/ssp`. @throws SspError `no-home`. */
export function cacheFolder(env: Environment = process.env): string {
  if (env.SSP_CACHE) return resolve(env.SSP_CACHE);
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'ssp');
  const home = env.HOME || homeFolder();
  if (home === undefined) {
    throw new SspError(
      'no-home',
      'the account that you work in has no home folder to keep TensorFlow in',
      {
        help: 'name a folder for it: set SSP_CACHE',
      },
    );
  }
  return join(home, '.cache', 'ssp');
}

/** The versioned folder that holds (or will hold) the runtime. */
export function runtimeFolder(env: Environment = process.env): string {
  return locateRuntime(env).folder;
}

const targetOf = ({ tfjs }: RuntimeRecipe): string =>
  `tfjs-${tfjs}-${process.platform}-${process.arch}`;

/** What the folders of a recipe's runtimes are called, whatever their binding. */
export const runtimePrefix = (recipe: RuntimeRecipe): string =>
  `tensorflow-${recipe.tensorflow}-${recipe.device}-${targetOf(recipe)}`;

/** Finds the runtime from the environment, without touching the network or native code. */
export function locateRuntime(
  env: Environment = process.env,
  recipe: RuntimeRecipe = cpuRecipe,
): RuntimeLocation {
  const digest = bindingDigest();
  const given = env.SSP_TENSORFLOW;
  if (!given) {
    return {
      kind: 'managed',
      folder: join(cacheFolder(env), `${runtimePrefix(recipe)}-${digest}`),
    };
  }
  const root = resolve(given);
  const libraries = [root, join(root, 'tensorflow'), join(root, 'lib')].find(holdsLibraries);
  if (libraries === undefined) {
    return {
      kind: 'invalid',
      folder: root,
      reason: `SSP_TENSORFLOW is ${root}, which does not hold ${libraryNames.join(' and ')}`,
    };
  }
  const include = [join(libraries, 'include'), join(libraries, '..', 'include')].find((folder) =>
    existsSync(join(folder, 'tensorflow/c/c_api.h')),
  );
  return {
    kind: 'external',
    folder: join(
      cacheFolder(env),
      `tensorflow-external-${identity(libraries)}-${targetOf(recipe)}-${digest}`,
    ),
    libraries,
    include,
  };
}

/** Whether the runtime is there: compares the manifest with the files' sizes, loads nothing. */
export function runtimeStatus(
  env: Environment = process.env,
  recipe: RuntimeRecipe = cpuRecipe,
): RuntimeStatus {
  const location = locateRuntime(env, recipe);
  const { folder } = location;
  if (location.kind === 'invalid') return { kind: 'broken', folder, reason: location.reason };
  if (!existsSync(folder)) return { kind: 'missing', folder };
  const manifest = readManifest(folder);
  if (manifest === undefined) {
    return { kind: 'broken', folder, reason: `${folder} has no readable manifest.json` };
  }
  if (manifest.files[bindingName] === undefined) {
    return { kind: 'broken', folder, reason: `${folder}/manifest.json lists no ${bindingName}` };
  }
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const found = sizeOf(join(folder, name));
    if (found === undefined) {
      return { kind: 'broken', folder, reason: `${join(folder, name)} is gone` };
    }
    if (found !== bytes) {
      const reason = `${join(folder, name)} has ${found} bytes, expected ${bytes}`;
      return { kind: 'broken', folder, reason };
    }
  }
  return { kind: 'ready', folder, tensorflow: manifest.tensorflow };
}

/** The recipe of each device's runtime. */
export const recipes: Readonly<Record<Device, RuntimeRecipe>> = {
  cpu: cpuRecipe,
  cuda: cudaRecipe,
};

/**
 * The runtime for work on a device. One for GPUs also serves the processor, where it is the only one
 * that is there.
 */
export function runtimeFor(device: Device, env: Environment = process.env): RuntimeStatus {
  const own = runtimeStatus(env, recipes[device]);
  if (device === 'cuda' || own.kind === 'ready') return own;
  const other = runtimeStatus(env, recipes.cuda);
  return other.kind === 'ready' ? other : own;
}

function holdsLibraries(folder: string): boolean {
  return libraryNames.every((name) => existsSync(join(folder, name)));
}

/** Changes when the libraries are replaced, so that an upgrade in place gets a new binding. */
function identity(libraries: string): string {
  const hash = createHash('sha256');
  for (const name of libraryNames) {
    const file = realpathSync(join(libraries, name));
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex').slice(0, 12);
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}
