import { SspError } from '../../base/errors.js';
import { driverIsLoaded, findGpus } from '../../runtime/gpus.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import { gpuIds } from './numeric-class.js';
import { visibleGpus } from './visible-gpus.js';

/**
 * The options of a run on this machine. `--gpus` where there is no GPU says so and runs on the
 * processor, whose results have keys of their own.
 * @throws SspError `no-gpu` when a GPU is asked for that is not among those that are there.
 */
export async function onPresentGpus<O extends Options>(io: Io, options: O): Promise<O> {
  const asked = gpuIds(options);
  if (asked.length === 0) return options;
  const found = await findGpus(io.env);
  if (found.length === 0) {
    // Without nvidia-smi the driver may still be there; TensorFlow will tell.
    if (driverIsLoaded()) return options;
    io.err(
      `--gpus ${asked.join(',')}: no GPU was found here, running on the processor (its results have keys of their own)`,
    );
    return { ...options, gpus: undefined };
  }
  const allowed = io.env.CUDA_VISIBLE_DEVICES;
  const visible = allowed === undefined ? undefined : visibleGpus(allowed);
  // Of other names than ids, such as `GPU-8932f937`, it is not known which they are.
  if (visible?.every((name) => /^\d+$/.test(name))) {
    const ids = visible.map(Number);
    const other = asked.find((id) => !ids.includes(id));
    if (other !== undefined && ids.length === 0) {
      throw new SspError('no-gpu', `CUDA_VISIBLE_DEVICES=${allowed} hides all GPUs`, {
        help: 'unset it, or run without `--gpus`',
      });
    }
    if (other !== undefined) {
      throw new SspError('no-gpu', `GPU ${other} is not among CUDA_VISIBLE_DEVICES=${allowed}`, {
        help: '`--gpus` takes the ids of `nvidia-smi`; name those that this job was given',
      });
    }
  }
  const absent = asked.find((id) => !found.some(({ index }) => index === id));
  if (absent === undefined) return options;
  throw new SspError('no-gpu', `there is no GPU ${absent}`, {
    help: `this machine has ${found.map(({ index, name }) => `${index} (${name})`).join(', ')}`,
  });
}
