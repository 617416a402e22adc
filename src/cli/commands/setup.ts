import { findGpus } from '../../runtime/gpus.js';
import { smokeTest } from '../../runtime/smoke-test.js';
import { command } from '../command.js';
import type { Io } from '../io.js';
import { ensureRuntime } from '../runtime.js';

export const setup = command({
  name: 'setup',
  summary: 'fetch and build the TensorFlow runtime now, in a cache folder outside the project',
  arguments: [],
  options: [{ flags: '--gpu', about: 'the runtime for NVIDIA GPUs, with CUDA (5.4 GB)' }],
  examples: ['ssp setup', 'ssp setup --gpu', 'SSP_TENSORFLOW=/opt/tensorflow ssp setup'],
  async run(io, _args, options) {
    if (!options.gpu) {
      io.out(`TensorFlow runtime: ready in ${await ensureRuntime(io, 'cpu')}`);
      return 0;
    }
    const folder = await ensureRuntime(io, 'cuda');
    io.out(`TensorFlow runtime for GPUs: ready in ${folder}`);
    io.out(await whatItRunsOn(io, folder));
    return 0;
  },
});

/** Loads it and says whether it uses a GPU here. */
async function whatItRunsOn(io: Io, folder: string): Promise<string> {
  const [{ device }, gpus] = await Promise.all([smokeTest(folder), findGpus(io.env)]);
  const names = gpus.map(({ index, name }) => `${index} (${name})`).join(', ');
  if (device === 'cuda') return `runs on GPU ${names || '0'}; use them with \`ssp run --gpus 0\``;
  return gpus.length === 0
    ? 'no GPU was found here: it loads, and runs on the processor'
    : `it loads and does not use GPU ${names}: runs on the processor; \`ssp doctor\` may say why`;
}
