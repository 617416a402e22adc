import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { SspError } from '../../base/errors.js';
import { render } from '../../base/render.js';
import { writeFileWhole } from '../../base/write-file.js';
import { notUtf8 } from '../../language/compile.js';
import { format } from '../../language/format/format.js';
import { command } from '../command.js';
import { fileHost } from '../study/file-host.js';
import { count, pipelineFile } from '../study/pipeline.js';

export const fmt = command({
  name: 'fmt',
  summary: 'lay files out canonically; keeps every comment and every meaning',
  arguments: [{ name: '<files...>', about: '.ssp files' }],
  options: [{ flags: '--check', about: 'write nothing; exit with 1 if a file would change' }],
  examples: ['ssp fmt study.ssp', 'ssp fmt --check pipelines/*.ssp'],
  async run(io, files, options) {
    let code = 0;
    for (const file of files.map((f) => pipelineFile(io, f))) {
      const path = resolve(io.cwd, file);
      const before = readFileSync(path, 'utf8');
      const source = { path: file, text: before };
      const foreign = notUtf8(source, fileHost(io));
      const { text, diagnostics } =
        foreign.length > 0 ? { text: before, diagnostics: foreign } : format(source);
      const errors = diagnostics.filter((d) => d.severity === 'error');
      if (errors.length > 0) {
        io.err(render(errors, { color: io.colour.err }));
        io.err(`${file}: not formatted, ${count(errors)}`);
        code = 1;
      } else if (text !== before) {
        if (options.check) code = 1;
        else replace(path, file, text);
        io.out(`${file}: ${options.check ? 'would change' : 'formatted'}`);
      }
    }
    return code;
  },
});

/** Replaces a file at once; of a link the file that it leads to. Keeps mode and owner. */
function replace(path: string, file: string, text: string): void {
  try {
    const real = realpathSync(path);
    accessSync(real, constants.W_OK);
    writeFileWhole(real, [Buffer.from(text)], { sync: true, like: statSync(real) });
  } catch (cause) {
    throw new SspError('unwritable', `\`${file}\` cannot be written; it is as it was`, {
      help: 'make room on its disk, or make the file and its folder writable',
      cause,
    });
  }
}
