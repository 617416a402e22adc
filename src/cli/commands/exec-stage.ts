import { SspError, UsageError } from '../../base/errors.js';
import { execStage as execute } from '../../execute/exec-stage.js';
import { Store } from '../../execute/store.js';
import type { LoadStage } from '../../execute/task.js';
import { serveWorker } from '../../execute/worker-channel.js';
import { loadStage } from '../../library/load.js';
import { type Command, common } from '../command.js';
import { storeFolder } from '../store-folder.js';

export const execStage: Command = {
  name: 'exec-stage',
  summary: 'do the work of one stage: check its key, run it, publish the result',
  arguments: [{ name: '<key>', about: 'the key of a stage that `ssp run` has planned' }],
  options: [common.store],
  examples: ['ssp exec-stage 4f0c… --store .ssp'],
  async run(io, [key = ''], options) {
    if (!/^[0-9a-f]{64}$/.test(key)) {
      throw new UsageError(`\`${key}\` is no key`, 'a key has 64 hexadecimal digits');
    }
    const store = new Store(storeFolder(io, options));
    return serveWorker(
      (onEvent) => execute({ key, store, loadStage: onDevice, onEvent }),
      (message) => {
        if (message.kind === 'log') io.err(message.line);
        if (message.kind === 'done') io.out(`${key} ${message.outcome}`);
        if (message.kind === 'failed') {
          io.err(`ssp: ${message.message}`);
          if (message.help !== undefined) io.err(`  help: ${message.help}`);
        }
      },
    );
  },
};

/** A stage whose key names a GPU is not done on the processor. */
const onDevice: LoadStage = async (name) => {
  const work = await loadStage(name);
  return async (context) => {
    if (context.record.numeric?.device === 'cuda') {
      const { loadTensorFlow } = await import('../../tensor/runtime/load.js');
      if (loadTensorFlow({ threads: context.threads }).device !== 'cuda') {
        throw new SspError('no-gpu', `\`${name}\` is to run on a GPU, and TensorFlow finds none`, {
          help: 'run without `--gpus`, or see `ssp doctor`',
        });
      }
    }
    return work(context);
  };
};
