import { readSafetensors, writeSafetensors } from '../base/files/safetensors.js';
import type { NamedTensors } from './named-tensors.js';
import { tf } from './tf.js';

/** Writes float32 tensors to a safetensors file; the same values give the same bytes. */
export function saveTensors(
  path: string,
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): void {
  const stored = Object.entries(tensors).map(([name, tensor]) => [
    name,
    { shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) },
  ]);
  writeSafetensors(path, Object.fromEntries(stored), metadata);
}

/**
 * Reads the tensors of a safetensors file, and its metadata.
 * @throws SspError `bad-safetensors`.
 */
export function loadTensors(path: string): {
  tensors: NamedTensors;
  metadata: Readonly<Record<string, string>>;
} {
  const { tensors, metadata } = readSafetensors(path);
  const made = Object.entries(tensors).map(([name, { shape, data }]) => [
    name,
    tf.tensor(data, [...shape], 'float32'),
  ]);
  return { tensors: Object.fromEntries(made), metadata };
}
