import { SspError } from '../base/errors.js';
import { oldestDriver } from './cuda-recipe.js';
import { type Fact, fact, type Trouble, troubleOf } from './fact.js';
import type { Gpu } from './gpus.js';
import type { RuntimeStatus } from './locate.js';
import type { Device } from './recipe.js';

/** What came of loading a runtime; undefined when it was not tried. */
export type Loads = { readonly version: string; readonly device: Device } | SspError | undefined;

/** What a runtime runs on here. */
export const deviceOf = (loads: Loads): Device | undefined =>
  loads instanceof SspError ? undefined : loads?.device;

/** Which GPUs there are, by which runtime they are used, and why not. */
export function gpuFacts(
  runtime: RuntimeStatus,
  loads: Loads,
  gpus: readonly Gpu[],
): readonly Fact[] {
  return [
    runtimeFact(runtime, loads),
    ...(gpus.length === 0
      ? [fact('gpu', 'GPU', 'none found by nvidia-smi: @gpu stages run on the processor')]
      : []),
    ...gpus.map((gpu) =>
      fact(
        `gpu.${gpu.index}`,
        `GPU ${gpu.index}`,
        `${gpu.name}, ${gpu.memory} MiB, driver ${gpu.driver}; for runs with --gpus ${gpu.index}`,
        deviceOf(loads) !== 'cuda' && unused(gpu, runtime),
      ),
    ),
  ];
}

function runtimeFact(status: RuntimeStatus, loads: Loads): Fact {
  const base = ['gpu-runtime', 'runtime for GPUs'] as const;
  if (status.kind === 'missing') return fact(...base, 'not set up (`ssp setup --gpu`)');
  const value = `${status.folder} (${status.kind})`;
  if (status.kind === 'broken') {
    const fix = 'run `ssp setup --gpu`, which makes it anew';
    return fact(...base, value, { problem: status.reason, fix });
  }
  if (loads instanceof SspError) return fact(...base, value, troubleOf(loads));
  const on = deviceOf(loads) === 'cuda' ? 'uses the GPU' : 'runs on the processor here';
  return fact(...base, `${value}, ${on}`);
}

function unused(gpu: Gpu, runtime: RuntimeStatus): Trouble {
  if (runtime.kind !== 'ready') {
    return {
      problem: 'this GPU is not used: there is no TensorFlow runtime for GPUs',
      fix: 'run `ssp setup --gpu`, then `ssp run FILE --gpus 0`',
    };
  }
  if (Number.parseFloat(gpu.driver) < oldestDriver) {
    return {
      problem: `this GPU is not used: its driver ${gpu.driver} is too old for CUDA 12`,
      fix: `install NVIDIA's driver ${oldestDriver} or newer`,
    };
  }
  return {
    problem: 'this GPU is not used: TensorFlow does not find it',
    fix: 'look at CUDA_VISIBLE_DEVICES, and at what a run says with TF_CPP_MIN_LOG_LEVEL=0',
  };
}
