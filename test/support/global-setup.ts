import { installRuntime } from '../../src/runtime/install.js';
import { runtimeStatus } from '../../src/runtime/locate.js';
import type { SetupPhase } from '../../src/runtime/setup-steps.js';

/** Sets up the TensorFlow runtime once per machine, so that tests may load it. */
export default async function globalSetup(): Promise<void> {
  if (runtimeStatus().kind === 'ready') return;
  let shown: SetupPhase | undefined;
  await installRuntime({
    onProgress: ({ phase }) => {
      if (phase !== shown) process.stderr.write(`TensorFlow runtime: ${phase}\n`);
      shown = phase;
    },
  });
}
