// A worker with made-up stages: `node fake-worker.js exec-stage KEY --store DIR`.

import { Store } from '../../dist/execute/store/store.js';
import { execStage } from '../../dist/execute/worker/exec-stage.js';
import { serveWorker } from '../../dist/execute/worker/worker-channel.js';
import { work } from './fake-stages.js';

const [, , , key, , root] = process.argv;
const store = new Store(root);
process.exitCode = await serveWorker(
  (onEvent) => execStage({ key, store, loadStage: async () => work, onEvent }),
  (event) => console.log(JSON.stringify(event)),
);
process.disconnect?.();
