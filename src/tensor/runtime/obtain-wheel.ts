import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SspError } from '../../base/errors.js';
import type { Tool } from './find-tools.js';
import { cacheFolder } from './locate.js';
import { sha256OfFile } from './manifest.js';
import type { SetupJob } from './setup-steps.js';

/**
 * A verified wheel in the cache folder: one that a set-up left which failed after its download,
 * or that somebody put there by hand, else a fresh download by way of the folder `work`.
 * @throws SspError `setup-no-space`, `setup-bad-hash`, and those of the download.
 */
export async function obtainWheel(job: SetupJob, work: string, python: Tool): Promise<string> {
  const { recipe, env, steps, signal, report } = job;
  const { bytes, sha256 } = recipe.wheel;
  const verify = (file: string) =>
    sha256OfFile(file, (done) => report('verify', done, bytes), signal);
  const kept = keptWheel(job);
  const isKept = existsSync(kept) && (await verify(kept)) === sha256;
  if (!isKept) await rm(kept, { force: true });
  await needSpace(job, isKept ? recipe.peakBytes - bytes : recipe.peakBytes);
  if (isKept) return kept;
  const folder = join(work, 'wheel');
  await mkdir(folder);
  report('download', 0, bytes);
  const file = await steps.fetchWheel({
    recipe,
    python,
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

/** Where a verified wheel waits until the runtime is made. */
export function keptWheel({ env, recipe }: SetupJob): string {
  return join(cacheFolder(env), recipe.wheel.file);
}

async function needSpace({ env, steps }: SetupJob, needed: number): Promise<void> {
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
