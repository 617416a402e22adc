import { copyFile, link, mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runtimePrefix } from './locate.js';
import { type RuntimeManifest, readManifest, sha256OfFile } from './manifest.js';
import { wheelsOf } from './obtain-wheels.js';
import { bindingName, type RuntimeRecipe } from './recipe.js';
import type { SetupJob } from './setup-steps.js';

/** What was taken from another runtime. */
export interface Reused {
  readonly files: readonly string[];
  readonly stripped: boolean;
}

/**
 * Takes headers and libraries from a runtime beside `folder` that was made of the same wheels for
 * another binding, so that a new version of ssp downloads nothing. They are linked, not copied, where
 * the disk can, after each was compared with its digest. Undefined where there is none.
 */
export async function reuseLibraries(
  job: SetupJob,
  folder: string,
  made: string,
): Promise<Reused | undefined> {
  const parent = dirname(folder);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(runtimePrefix(job.recipe)) || name === basename(folder)) continue;
    const from = join(parent, name);
    const manifest = readManifest(from);
    if (manifest === undefined || !isOfSameWheels(manifest, job.recipe)) continue;
    const links = Object.keys(job.recipe.links);
    const files = Object.keys(manifest.files).filter(
      (file) => file !== bindingName && !links.includes(file),
    );
    if (!(await isSound(job, from, files, manifest))) continue;
    for (const file of files) {
      await mkdir(dirname(join(made, file)), { recursive: true });
      await linkOrCopy(join(from, file), join(made, file));
    }
    return { files, stripped: manifest.stripped };
  }
  return undefined;
}

function isOfSameWheels({ source, wheels }: RuntimeManifest, recipe: RuntimeRecipe): boolean {
  if (wheels !== undefined) return wheels.join() === digestsOf(recipe).join();
  // Manifests named TensorFlow's wheel alone before.
  return recipe.cuda.length === 0 && source === recipe.wheel.file;
}

/** The digests of the wheels that a runtime is made of. */
export const digestsOf = (recipe: RuntimeRecipe): readonly string[] =>
  wheelsOf(recipe).map(({ sha256 }) => sha256);

async function isSound(
  { report, signal }: SetupJob,
  from: string,
  files: readonly string[],
  manifest: RuntimeManifest,
): Promise<boolean> {
  const total = files.reduce((sum, file) => sum + (manifest.files[file]?.bytes ?? 0), 0);
  let before = 0;
  for (const file of files) {
    const fact = manifest.files[file];
    const onBytes = (done: number) => report('verify', Math.min(before + done, total), total);
    const found = await sha256OfFile(join(from, file), onBytes, signal).catch(() => undefined);
    signal?.throwIfAborted();
    if (fact === undefined || found !== fact.sha256) return false;
    before += fact.bytes;
  }
  return true;
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to);
  }
}
