import { mkdir } from 'node:fs/promises';
import { SspError, systemCode } from '../base/errors.js';
import { buildRuntime } from './build-runtime.js';
import type { Environment } from './environment.js';
import { withInstallLock } from './install-lock.js';
import { cacheFolder, locateRuntime, runtimeStatus } from './locate.js';
import { cpuRecipe, type RuntimeRecipe } from './recipe.js';
import { realSteps, type SetupJob, type SetupProgress, type SetupSteps } from './setup-steps.js';
import { findSetupTools } from './setup-tools.js';

export type { SetupPhase, SetupProgress } from './setup-steps.js';

/** How to set up the runtime; everything has a default. */
export interface SetupOptions {
  readonly onProgress?: (progress: SetupProgress) => void;
  readonly signal?: AbortSignal;
  readonly env?: Environment;
  readonly recipe?: RuntimeRecipe;
  readonly steps?: Partial<SetupSteps>;
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
  const { env = process.env, recipe = cpuRecipe, signal, onProgress } = options;
  const report: SetupJob['report'] = (phase, done, total) => onProgress?.({ phase, done, total });
  const job: SetupJob = { env, recipe, steps: { ...realSteps, ...options.steps }, signal, report };
  const location = locateRuntime(env, recipe);
  const isReady = () => runtimeStatus(env, recipe).kind === 'ready';
  if (!isReady()) {
    if (location.kind === 'invalid') {
      throw new SspError('setup-bad-path', location.reason, { help: badPathHelp });
    }
    job.steps.checkPlatform();
    const tools = await findSetupTools(location.kind === 'managed', env);
    try {
      await mkdir(cacheFolder(env), { recursive: true });
      await withInstallLock(
        `${location.folder}.lock`,
        // Somebody else may have made it while this process waited.
        async () => {
          if (!isReady()) await buildRuntime(job, location, tools);
        },
        { onWait: () => report('wait', 0, 1), signal },
      );
    } catch (error) {
      // Whatever an abort broke, its reason is the answer.
      signal?.throwIfAborted();
      throw explainSystemError(error, cacheFolder(env));
    }
  }
  report('ready', 1, 1);
  return location.folder;
}

/** What to do about a `SSP_TENSORFLOW` that holds no libraries; `ssp doctor` says the same. */
export const badPathHelp =
  'point SSP_TENSORFLOW at a TensorFlow package (…/site-packages/tensorflow), or unset it';

function explainSystemError(error: unknown, cache: string): unknown {
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SspError('setup-no-space', `the disk became full while setting up in ${cache}`, {
      help: 'free some space, or set SSP_CACHE to a folder on another disk',
      cause: error,
    });
  }
  if (code !== undefined && ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code)) {
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
