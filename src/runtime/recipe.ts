/** What computes: the processor, or NVIDIA's GPUs. */
export type Device = 'cpu' | 'cuda';

/** One wheel of a package index, pinned. */
export interface Wheel {
  readonly requirement: string;
  readonly file: string;
  /** Size in bytes. */
  readonly bytes: number;
  readonly sha256: string;
  /** Which wheel pip should take, whatever Python it runs on. */
  readonly tags: { readonly python: string; readonly abi: string; readonly platform: string };
}

/** What one managed runtime is made of; tests make a tiny one. */
export interface RuntimeRecipe {
  /** The device that it is for; a runtime for GPUs also runs on the processor. */
  readonly device: Device;
  /** Version of TensorFlow. */
  readonly tensorflow: string;
  /** Version of `@tensorflow/tfjs-node-gpu`, whose binding is compiled. */
  readonly tfjs: string;
  readonly wheel: Wheel;
  /** CUDA's libraries, unpacked as pip would, so that TensorFlow finds them where it looks. */
  readonly cuda: readonly Wheel[];
  /** Links to make among the unpacked files: path, and what it points at from there. */
  readonly links: Readonly<Record<string, string>>;
  /** Shared libraries, by their path in the wheel. */
  readonly libraries: readonly string[];
  /** Headers that the binding includes, by their path below the wheel's include folder. */
  readonly headers: readonly string[];
  /** Free bytes needed in the cache folder while setting up. */
  readonly peakBytes: number;
}

/** Names of the two libraries as the binding links them. */
export const libraryNames = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** Name of the compiled binding in a runtime folder. */
export const bindingName = 'tfjs_binding.node';

/**
 * TensorFlow 2.21.0 for CPU from its official wheel. The wheel is used as an archive of two
 * libraries and their C headers: no Python code runs from it, so one build of it serves any
 * Python that pip runs on.
 */
export const cpuRecipe: RuntimeRecipe = {
  device: 'cpu',
  tensorflow: '2.21.0',
  tfjs: '4.22.0',
  wheel: {
    requirement: 'tensorflow-cpu==2.21.0',
    file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    bytes: 273_829_956,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    tags: { python: '3.11', abi: 'cp311', platform: 'manylinux_2_27_x86_64' },
  },
  cuda: [],
  links: {},
  libraries: libraryNames.map((name) => `tensorflow/${name}`),
  headers: [
    'tensorflow/c/c_api.h',
    'tensorflow/c/c_api_macros.h',
    'tensorflow/c/eager/c_api.h',
    'tensorflow/c/tf_attrtype.h',
    'tensorflow/c/tf_buffer.h',
    'tensorflow/c/tf_datatype.h',
    'tensorflow/c/tf_status.h',
    'tensorflow/c/tf_tensor.h',
    'tensorflow/c/tf_tstring.h',
    'tensorflow/core/platform/ctstring.h',
    'tensorflow/core/platform/ctstring_internal.h',
    'tsl/platform/ctstring.h',
    'tsl/platform/ctstring_internal.h',
    'xla/tsl/c/tsl_status.h',
  ],
  peakBytes: 1_800_000_000,
};
