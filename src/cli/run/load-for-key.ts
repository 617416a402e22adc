import { SspError } from '../../base/errors.js';
import type { WorkContext } from '../../execute/task.js';
import type { LoadedTensorFlow } from '../../runtime/loaded-tensor-flow.js';

/**
 * Loads TensorFlow as the key of a stage says, whatever the environment says: one that names a GPU is
 * not done on the processor. Nothing for a stage that does not compute with tensors.
 */
export async function loadForKey({
  record,
  threads,
}: Pick<WorkContext, 'record' | 'threads'>): Promise<LoadedTensorFlow | undefined> {
  const { numeric, stage } = record;
  if (numeric === null) return undefined;
  process.env.SSP_EAGER = numeric.mode === 'eager' ? '1' : '0';
  if (numeric.tf32) delete process.env.NVIDIA_TF32_OVERRIDE;
  else process.env.NVIDIA_TF32_OVERRIDE = '0';
  const { loadTensorFlow } = await import('../../tensor/load.js');
  const loaded = loadTensorFlow({ threads, device: numeric.device });
  if (numeric.device === 'cuda' && loaded.device !== 'cuda') {
    throw new SspError('no-gpu', `\`${stage}\` is to run on a GPU, and TensorFlow finds none`, {
      help: 'run without `--gpus` (on Slurm: without `gpu` in the site file), or see `ssp doctor`',
    });
  }
  return loaded;
}
