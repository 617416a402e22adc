import { UsageError } from '../../base/errors.js';
import type { NumericClass } from '../../plan/plan.js';
import { bestPrecision, hardware } from '../../runtime/best-precision.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';

/**
 * The class of numbers here: without `--gpus` everything runs on the processor. The precision is the
 * one that `auto` means; stages that do not say `auto` do not depend on it. On GPUs TensorFlow multiplies
 * float32 as TF32 unless NVIDIA_TF32_OVERRIDE is 0. `--eager` and SSP_EAGER=1
 * make results that are never taken for those of a plain run.
 */
export function numericClass(options: Options, env: Io['env']): NumericClass {
  const gpus = gpuIds(options);
  const eager = options.eager === true || env.SSP_EAGER === '1';
  return {
    device: gpus.length > 0 ? 'cuda' : 'cpu',
    // Op by op there is fp32 alone.
    precision: eager ? 'fp32' : bestPrecision(hardware(gpus)),
    ...(gpus.length > 0 && env.NVIDIA_TF32_OVERRIDE !== '0' ? { tf32: true } : {}),
    ...(eager ? { mode: 'eager' } : {}),
  };
}

/** `--gpus 0,1` as ids. */
export function gpuIds(options: Options): readonly number[] {
  if (options.gpus === undefined) return [];
  const ids = options.gpus.split(',').map((text) => {
    if (/^\d+$/.test(text.trim())) return Number(text);
    throw new UsageError(`--gpus ${options.gpus}: \`${text}\` is no id`, 'write --gpus 0,1');
  });
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice === undefined) return ids;
  throw new UsageError(`--gpus ${options.gpus} names GPU ${twice} twice`, 'name each GPU once');
}
