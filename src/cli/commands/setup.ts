import type { Command } from '../command.js';
import { ensureRuntime } from '../runtime.js';

export const setup: Command = {
  name: 'setup',
  summary: 'fetch and build the TensorFlow runtime now, in a cache folder outside the project',
  arguments: [],
  options: [],
  examples: ['ssp setup', 'SSP_TENSORFLOW=/opt/tensorflow ssp setup'],
  async run(io) {
    const folder = await ensureRuntime(io);
    io.out(`TensorFlow runtime: ready in ${folder}`);
    return 0;
  },
};
