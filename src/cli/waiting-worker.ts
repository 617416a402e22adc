// A worker of `ssp run`: waits for a stage, does it as `exec-stage` would, and tells of it.
//
//   node waiting-worker.js STORE
import { Store } from '../execute/store/store.js';
import { execStage } from '../execute/worker/exec-stage.js';
import { observe } from '../execute/worker/observe.js';
import { serveDriver } from '../execute/worker/worker-channel.js';
import { holdBuild } from './hold-build.js';
import { loadWork } from './load-work.js';

const [, , root = ''] = process.argv;
holdBuild();
serveDriver(async ({ key }, tells) =>
  execStage({ key, store: new Store(root), loadStage: loadWork, observe, ...tells }),
);
