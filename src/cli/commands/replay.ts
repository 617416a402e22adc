import { Store } from '../../execute/store/store.js';
import { withTask } from '../../execute/worker/with-task.js';
import { loadReplay } from '../../library/load.js';
import { resolveLibrary } from '../../library/own-module.js';
import { checkKey, command, common } from '../command.js';
import { loadForKey } from '../run/load-for-key.js';
import { storeFolder } from '../study/store-folder.js';
import { replayText } from '../text/replay-text.js';

export const replay = command({
  name: 'replay',
  summary: 'repeat the step in which a training broke, op by op, and say which op broke first',
  arguments: [{ name: '<key>', about: 'the key of a training whose loss was no number' }],
  options: [common.store],
  examples: ['ssp replay 4f0c… --store .ssp'],
  async run(io, [key = ''], options) {
    checkKey(key);
    const store = new Store(storeFolder(io, options));
    const text = await withTask(
      {
        key,
        store,
        onEvent: (event) => {
          if (event.kind === 'log') io.err(event.line);
        },
      },
      async (task, context) => {
        if (task.code) resolveLibrary();
        await loadForKey(context);
        const replayed = await (await loadReplay(task.record.stage))(context);
        return replayText(task.id, replayed, task.record.numeric?.precision);
      },
    );
    io.out(text);
    return 0;
  },
});
