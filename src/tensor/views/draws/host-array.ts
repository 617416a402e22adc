/** Numbers on the host that are to be a tensor: they can pass from thread to thread. */
export interface HostArray {
  readonly values: Float32Array | Uint8Array;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'bool';
}

/** Arrays by the names of the tensors that they are to be. */
export type HostArrays = Readonly<Record<string, HostArray>>;

/** Numbers (float32) of a shape. */
export const numbers = (values: Float32Array, shape: readonly number[]): HostArray => ({
  values,
  shape,
  dtype: 'float32',
});

/** The same arrays with `prefix.` before every name. */
export const arraysUnder = (prefix: string, arrays: HostArrays): HostArrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${prefix}.${name}`, array]));
