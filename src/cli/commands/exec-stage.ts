import { execStage as execute } from '../../execute/worker/exec-stage.js';
import { observe } from '../../execute/worker/observe.js';
import { serveAlone } from '../../execute/worker/worker-channel.js';
import { checkKey, command, common } from '../command.js';
import { execMany } from '../executors/exec-many.js';
import { loadWork } from '../run/load-work.js';
import { storeFolder } from '../study/store-folder.js';
import { storeThere } from '../study/store-there.js';

export const execStage = command({
  name: 'exec-stage',
  summary: 'do the work of one stage: check its key, run it, publish the result',
  arguments: [{ name: '[key]', about: 'the key of a stage that `ssp run` has planned' }],
  options: [
    common.store,
    { flags: '--many <list>', about: 'do the keys in a file, a line each, one after the other' },
    {
      flags: '--line <n>',
      about: 'of the list only the keys in line n, from 0: a task of an array',
    },
  ],
  examples: ['ssp exec-stage 4f0c… --store .ssp', 'ssp exec-stage --many keys.txt --store .ssp'],
  async run(io, [key = ''], options) {
    if (options.many !== undefined) return execMany(io, key, options.many, options);
    checkKey(key);
    const store = storeThere(storeFolder(io, options));
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
