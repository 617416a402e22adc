import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeFileWhole, writing } from '../../base/write-file.js';
import { command } from '../command.js';
import { run } from './run.js';

const file = 'quickstart.ssp';
const packaged = new URL('../../../pipelines/quickstart.ssp', import.meta.url);

/** The way in for somebody with an empty folder; then the file is theirs to change. */
export const quickstart = command({
  name: 'quickstart',
  summary: `write ${file} into this folder, unless there is one, and run it`,
  arguments: [],
  options: run.options,
  examples: ['ssp quickstart', 'ssp quickstart --set seeds=3'],
  async run(io, _words, options) {
    const path = resolve(io.cwd, file);
    if (!existsSync(path)) {
      const text = readFileSync(packaged);
      writing(file, () => writeFileWhole(path, [text], { sync: true }));
      io.err(`wrote ${file}`);
    }
    return run.run(io, [file], options);
  },
});
