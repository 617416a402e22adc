// A worker of `ssp run`: waits for a stage, does it as `exec-stage` would, and tells of it. With a
// number of threads it loads TensorFlow for the processor meanwhile.
//
//   node waiting-worker.js STORE [THREADS]
import { withoutHugePages } from '../execute/local/huge-pages.js';
import { Store } from '../execute/store/store.js';
import { execStage } from '../execute/worker/exec-stage.js';
import { observe } from '../execute/worker/observe.js';
import { serveDriver } from '../execute/worker/worker-channel.js';
import { holdBuild } from './hold-build.js';
import { loadWork } from './run/load-work.js';

const [, , root = '', threads] = process.argv;
const tunables = withoutHugePages(process.env.GLIBC_TUNABLES);
if (tunables === undefined) delete process.env.GLIBC_TUNABLES;
else process.env.GLIBC_TUNABLES = tunables;
holdBuild();
serveDriver(
  async ({ key }, tells) =>
    execStage({ key, store: new Store(root), loadStage: loadWork, observe, ...tells }),
  threads === undefined ? undefined : loadAhead(Number(threads)),
);

async function loadAhead(threads: number): Promise<void> {
  try {
    await import('../library/load.js');
    const { loadTensorFlow } = await import('../tensor/load.js');
    loadTensorFlow({ threads, device: 'cpu' });
  } catch {
    // The stage says it, to whom it can be told.
  }
}
