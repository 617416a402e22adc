import { render, toJson } from '../../base/render.js';
import { compile } from '../../language/compile.js';
import { command, common } from '../command.js';
import { fileHost } from '../study/file-host.js';
import { count, pipelineFile, settings } from '../study/pipeline.js';

export const check = command({
  name: 'check',
  summary: 'print every mistake and warning of a file',
  arguments: [{ name: '<file>', about: 'a .ssp file' }],
  options: [common.set, common.json],
  examples: ['ssp check pipelines/quickstart.ssp', 'ssp check study.ssp --json'],
  async run(io, [file], options) {
    const path = pipelineFile(io, file);
    const { diagnostics } = compile(fileHost(io), path, { set: settings(options) });
    const failed = diagnostics.some((d) => d.severity === 'error');
    if (options.json) {
      io.out(JSON.stringify({ version: 1, diagnostics: diagnostics.map(toJson) }, null, 2));
      return failed ? 1 : 0;
    }
    if (diagnostics.length > 0) io.out(render(diagnostics, { color: io.colour.out }));
    io.err(diagnostics.length === 0 ? `${path}: no mistakes` : count(diagnostics));
    return failed ? 1 : 0;
  },
});
