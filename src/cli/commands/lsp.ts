import { command, common } from '../command.js';

export const lsp = command({
  name: 'lsp',
  summary: 'be the language server of an editor, on stdin and stdout',
  arguments: [],
  options: [
    common.store,
    common.gpus,
    { flags: '--stdio', about: 'the only way; editors name it' },
  ],
  examples: ['ssp lsp', 'ssp lsp --store /data/store'],
  async run(io, _, options) {
    const [{ startServer }, { numericClass }] = await Promise.all([
      import('../editor/language-server.js'),
      import('../executors/numeric-class.js'),
    ]);
    const store = options.store ?? io.env.SSP_STORE;
    await startServer(io, { store: store || undefined, numeric: numericClass(options, io.env) });
    return 0;
  },
});
