import { Store } from '../../execute/store/store.js';
import { execStage as execute } from '../../execute/worker/exec-stage.js';
import { observe } from '../../execute/worker/observe.js';
import { serveAlone } from '../../execute/worker/worker-channel.js';
import { checkKey, command, common } from '../command.js';
import { loadWork } from '../load-work.js';
import { storeFolder } from '../store-folder.js';

export const execStage = command({
  name: 'exec-stage',
  summary: 'do the work of one stage: check its key, run it, publish the result',
  arguments: [{ name: '<key>', about: 'the key of a stage that `ssp run` has planned' }],
  options: [common.store],
  examples: ['ssp exec-stage 4f0c… --store .ssp'],
  async run(io, [key = ''], options) {
    checkKey(key);
    const store = new Store(storeFolder(io, options));
    return serveAlone(
      (onEvent) => execute({ key, store, loadStage: loadWork, observe, onEvent }),
      (message) => {
        if (message.kind === 'log') io.err(message.line);
        if (message.kind === 'remark') io.err(`remark: ${message.text}`);
        if (message.kind === 'done') io.out(`${key} ${message.outcome}`);
        if (message.kind === 'failed') {
          io.err(`ssp: ${message.message}`);
          if (message.help !== undefined) io.err(`  help: ${message.help}`);
        }
      },
    );
  },
});
