import { appendFileSync, readFileSync } from 'node:fs';
import { afterAll, expect } from 'vitest';
import { loadTensorFlow } from '../../src/tensor/load.js';
import type { NamedTensors } from '../../src/tensor/named-tensors.js';
import { loadTensors } from '../../src/tensor/stored-tensors.js';

const folder = new URL('../fixtures/parity/', import.meta.url);

/** Tensors that a make_*.py script computed in float64; loads TensorFlow. */
export function tensorsOf(name: string): NamedTensors {
  loadTensorFlow({ threads: 2 });
  references.add(name);
  return loadTensors(new URL(`${name}.safetensors`, folder).pathname).tensors;
}

/** Values that a make_*.py script wrote as JSON; the caller knows their shape. */
export function jsonOf<T>(name: string): T {
  references.add(name);
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
}

/** Fixtures that this test file compares with. */
const references = new Set<string>();
/** By item, what it may differ by and what it differs by. */
const worst = new Map<string, { tolerance: number; measured: number }>();

/**
 * Checks that no value differs by more than `tolerance` times the reference's largest magnitude.
 * `npm run parity` makes a page of the largest difference of each item.
 */
export function expectClose(
  item: string,
  actual: { readonly shape: readonly number[]; dataSync(): ArrayLike<number> },
  reference: { readonly shape: readonly number[]; dataSync(): ArrayLike<number> },
  tolerance: number,
): void {
  expect(actual.shape, item).toEqual(reference.shape);
  expectClosePlain(item, actual.dataSync(), reference.dataSync(), tolerance);
}

/** {@link expectClose} of plain numbers. */
export function expectClosePlain(
  item: string,
  actual: ArrayLike<number>,
  reference: ArrayLike<number>,
  tolerance: number,
): void {
  expect(actual.length, item).toBe(reference.length);
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < reference.length; i++) {
    const [a, b] = [actual[i] ?? Number.NaN, reference[i] ?? Number.NaN];
    largest = Math.max(largest, Math.abs(b));
    difference = Number.isNaN(a) ? Number.NaN : Math.max(difference, Math.abs(a - b));
  }
  const relative = largest === 0 ? difference : difference / largest;
  const kind = item.split(':')[0] ?? item;
  const before = worst.get(kind);
  worst.set(kind, {
    tolerance: Math.max(before?.tolerance ?? 0, tolerance),
    measured: Math.max(before?.measured ?? 0, relative),
  });
  expect(relative, `${item}: largest relative difference`).toBeLessThanOrEqual(tolerance);
}

afterAll(() => {
  const path = process.env.PARITY_REPORT;
  if (path === undefined) return;
  const lines = [...worst].map(([item, numbers]) =>
    JSON.stringify({ item, references: [...references], ...numbers }),
  );
  appendFileSync(path, lines.map((line) => `${line}\n`).join(''));
});
