import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import util from 'node:util';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import { invariant, SspError } from '../base/errors.js';
import type { LoadedTensorFlow } from '../runtime/loaded-tensor-flow.js';
import { runtimeFor } from '../runtime/locate.js';
import { requireNative, requireTfjs } from '../runtime/native-package.js';
import { bindingName, type Device } from '../runtime/recipe.js';
import { tf } from './tf.js';

// A process has one TensorFlow: its thread pools are made once and cannot be changed.
let loaded: LoadedTensorFlow | undefined;

/**
 * Loads TensorFlow into this process and makes it the backend of `tf` (about 0.5 s). Calling it
 * again gives the same answer. `threads` (default: every processor this process may use) bounds
 * the threads inside an op, and one op runs at a time; the same number gives the same bits.
 *
 * With `device: 'cuda'` it is the runtime for GPUs, which runs on the processor if it finds none
 * (`CUDA_VISIBLE_DEVICES` says which it may see); the answer says what it runs on. With `'cpu'` no GPU
 * is used. Without a device it is the processor's runtime, or the other if that alone is there.
 * @throws SspError `runtime-missing`, `runtime-broken`, `runtime-cannot-load`; Bug when called
 * again with another number of threads.
 */
export function loadTensorFlow(
  options: { threads?: number; device?: Device } = {},
): LoadedTensorFlow {
  if (loaded !== undefined) {
    invariant(
      options.threads === undefined || options.threads === loaded.threads,
      `TensorFlow is loaded with ${loaded.threads} threads and cannot change to ${options.threads}`,
    );
    return loaded;
  }
  const threads = options.threads ?? availableParallelism();
  invariant(Number.isInteger(threads) && threads > 0, `${threads} is not a number of threads`);
  const { device = 'cpu' } = options;
  const folder = readyFolder(device);
  // TensorFlow reads these once, when the library starts its device.
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  // One op at a time, each on all threads: quick as well, and activations are freed in the order in
  // which a step was written, where threads that race ahead keep those of several layers.
  process.env.TF_NUM_INTEROP_THREADS = '1';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // On a GPU, take memory as needed instead of all of it.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  // The same bits each time on one kind of GPU; ops that cannot promise it fail instead.
  if (device === 'cuda') process.env.TF_DETERMINISTIC_OPS ??= '1';
  if (options.device === 'cpu') process.env.CUDA_VISIBLE_DEVICES = '-1';
  const backend = registerBackend(folder);
  loaded = {
    tf,
    device: backend.isUsingGpuDevice ? 'cuda' : 'cpu',
    version: backend.binding.TF_Version,
    tfjs: tf.version_core,
    threads,
    folder,
  };
  return loaded;
}

function readyFolder(device: Device): string {
  const status = runtimeFor(device);
  if (status.kind === 'ready') return status.folder;
  const setup = device === 'cuda' ? 'ssp setup --gpu' : 'ssp setup';
  const help = `run \`${setup}\` once; \`ssp doctor\` shows what this machine has`;
  if (status.kind === 'missing') {
    const what = device === 'cuda' ? 'TensorFlow runtime for GPUs' : 'TensorFlow runtime';
    throw new SspError(
      'runtime-missing',
      `the ${what} is not set up: ${status.folder} does not exist`,
      { help },
    );
  }
  throw new SspError('runtime-broken', `the TensorFlow runtime is unusable: ${status.reason}`, {
    help,
  });
}

/**
 * Does by hand what `require('@tensorflow/tfjs-node-gpu')` does, with our library instead of the
 * one its install script would download: the op kernels, gradients and the backend.
 */
function registerBackend(folder: string): NodeJSKernelBackend {
  restoreIsNullOrUndefined();
  const union = requireTfjs();
  invariant(
    union.engine() === tf.engine() && union.Tensor === tf.Tensor,
    'there are two copies of @tensorflow/tfjs-core; see tensor/tf.ts',
  );
  const binding = loadBinding(join(folder, bindingName));
  const parts: { NodeJSKernelBackend: new (b: TFJSBinding, name: string) => NodeJSKernelBackend } =
    requireNative('./dist/nodejs_kernel_backend.js');
  requireNative('./dist/register_all_kernels.js');
  const backend = new parts.NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu');
  tf.registerBackend('tensorflow', () => backend, 3);
  // setBackend answers at once for a backend whose factory does; the promise has no news.
  void tf.setBackend('tensorflow');
  invariant(tf.getBackend() === 'tensorflow', 'the TensorFlow backend could not be selected');
  return backend;
}

function loadBinding(file: string): TFJSBinding {
  try {
    return requireNative(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new SspError('runtime-cannot-load', `TensorFlow does not load: ${reason}`, {
      help: 'run `ssp doctor` for what is wrong with this machine',
      cause,
    });
  }
}

/** The kernels of tfjs-node call it; Node 22 warns about it and Node 23 removed it. */
function restoreIsNullOrUndefined(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  });
}
