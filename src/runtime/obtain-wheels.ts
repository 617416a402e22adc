import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SspError } from '../base/errors.js';
import type { Tool } from './find-tools.js';
import { cacheFolder } from './locate.js';
import { sha256OfFile } from './manifest.js';
import type { RuntimeRecipe, Wheel } from './recipe.js';
import type { SetupJob } from './setup-steps.js';

/** The wheels of a recipe: TensorFlow's first. */
export const wheelsOf = ({ wheel, cuda }: RuntimeRecipe): readonly Wheel[] => [wheel, ...cuda];

/** Where a wheel waits until the runtime is made. */
export const keptWheel = ({ env }: SetupJob, { file }: Wheel): string =>
  join(cacheFolder(env), file);

/**
 * Verified wheels in the cache folder, in the order of `wheelsOf`: those that a set-up left which
 * was cut off or failed, or that somebody put there by hand, else fresh downloads by way of the
 * folder `work`.
 * @throws SspError `setup-no-space`, `setup-bad-hash`, and those of the download.
 */
export async function obtainWheels(
  job: SetupJob,
  work: string,
  python: Tool,
): Promise<readonly string[]> {
  const { recipe, report } = job;
  const wheels = wheelsOf(recipe);
  const there = wheels.filter((wheel) => existsSync(keptWheel(job, wheel)));
  const bad = new Set((await digests(job, there)).flatMap(({ wheel, ok }) => (ok ? [] : [wheel])));
  for (const wheel of bad) await rm(keptWheel(job, wheel), { force: true });
  const good = there.filter((wheel) => !bad.has(wheel));
  await needSpace(job, recipe.peakBytes - bytesOf(good));
  const missing = wheels.filter((wheel) => !good.includes(wheel));
  const total = bytesOf(missing);
  let before = 0;
  for (const [index, wheel] of missing.entries()) {
    const folder = join(work, `wheel-${index}`);
    await mkdir(folder);
    report('download', before, total);
    const file = await job.steps.fetchWheel({
      wheel,
      python,
      folder,
      env: job.env,
      onBytes: (done) => report('download', before + Math.min(done, wheel.bytes), total),
      signal: job.signal,
    });
    await rename(file, keptWheel(job, wheel));
    before += wheel.bytes;
  }
  for (const { wheel, found, ok } of await digests(job, missing)) {
    if (ok) continue;
    const file = keptWheel(job, wheel);
    await rm(file, { force: true });
    throw new SspError(
      'setup-bad-hash',
      `the downloaded ${basename(file)} has SHA-256 ${found}, expected ${wheel.sha256}`,
      { help: "run again; if it stays so, pip's index (pip config list) serves another file" },
    );
  }
  return wheels.map((wheel) => keptWheel(job, wheel));
}

interface Digest {
  readonly wheel: Wheel;
  readonly found: string;
  readonly ok: boolean;
}

async function digests(job: SetupJob, wheels: readonly Wheel[]): Promise<readonly Digest[]> {
  const total = bytesOf(wheels);
  const all: Digest[] = [];
  let before = 0;
  for (const wheel of wheels) {
    const found = await sha256OfFile(
      keptWheel(job, wheel),
      (done) => job.report('verify', Math.min(before + done, total), total),
      job.signal,
    );
    before += wheel.bytes;
    all.push({ wheel, found, ok: found === wheel.sha256 });
  }
  return all;
}

const bytesOf = (wheels: readonly Wheel[]): number =>
  wheels.reduce((sum, { bytes }) => sum + bytes, 0);

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
