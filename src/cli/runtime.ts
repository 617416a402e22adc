import cliProgress from 'cli-progress';
import { installRuntime, type SetupPhase, type SetupProgress } from '../runtime/install.js';
import { recipes, runtimeFor } from '../runtime/locate.js';
import type { Device } from '../runtime/recipe.js';
import type { Io } from './io.js';

const phases: Readonly<Record<SetupPhase, string>> = {
  wait: 'another set-up is at work: waiting',
  download: 'fetching TensorFlow',
  verify: 'verifying its hash',
  extract: 'unpacking',
  compile: 'compiling the binding',
  strip: 'shrinking the libraries',
  test: 'testing it',
  ready: 'ready',
};

/**
 * Sets the TensorFlow runtime for a device up if it is not there, with progress on stderr; says where
 * it is.
 */
export async function ensureRuntime(io: Io, device: Device): Promise<string> {
  const status = runtimeFor(device, io.env);
  if (status.kind === 'ready') return status.folder;
  const recipe = recipes[device];
  io.err(
    device === 'cpu'
      ? 'TensorFlow runtime: setting up, once for this machine'
      : 'TensorFlow runtime for GPUs: setting up, once for this machine (3.4 GB to fetch, 5.4 GB to keep)',
  );
  const show = io.live ? bars() : lines(io);
  try {
    return await installRuntime({ onProgress: show.update, env: io.env, recipe });
  } finally {
    show.stop();
  }
}

interface Shown {
  update(progress: SetupProgress): void;
  stop(): void;
}

function lines(io: Io): Shown {
  let last: SetupPhase | undefined;
  return {
    update: ({ phase }) => {
      if (phase !== last) io.err(`  ${phases[phase]}`);
      last = phase;
    },
    stop: () => {},
  };
}

/** One bar a phase; bytes where the phase counts bytes. */
function bars(): Shown {
  const bar = new cliProgress.SingleBar(
    { format: '  {bar} {percentage} % {phase}', hideCursor: true, clearOnComplete: true },
    cliProgress.Presets.shades_classic,
  );
  let started = false;
  return {
    update: ({ phase, done, total }) => {
      const text = { phase: phases[phase] };
      if (!started) bar.start(Math.max(total, 1), done, text);
      started = true;
      bar.setTotal(Math.max(total, 1));
      bar.update(done, text);
    },
    stop: () => bar.stop(),
  };
}
