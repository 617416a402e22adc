// The server alone: what `ssp lsp` runs, without the rest of ssp.
import { parseArgs } from 'node:util';
import { processIo } from '../../dist/cli/io.js';
import { startServer } from '../../dist/cli/editor/language-server.js';

const { values } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  strict: false,
  options: { store: { type: 'string' }, gpus: { type: 'string' } },
});
const io = processIo();
await startServer(io, {
  store: values.store ?? (io.env.SSP_STORE || undefined),
  numeric: { device: values.gpus ? 'cuda' : 'cpu', precision: 'fp32' },
});
