// A worker with made-up stages: `node fake-worker.js STORE`.

import { Store } from '../../dist/execute/store/store.js';
import { execStage } from '../../dist/execute/worker/exec-stage.js';
import { serveDriver } from '../../dist/execute/worker/worker-channel.js';
import { work } from './fake-stages.js';

const [, , root] = process.argv;
const store = new Store(root);
serveDriver(({ key }, tells) => execStage({ key, store, loadStage: async () => work, ...tells }));
