import type { Images } from '../../../src/library/artifact/images.js';

/**
 * Classes that hang together through two drawings of one icon set whose pixels correlate above the
 * threshold; names sorted and separated by blanks, clusters in the order of their first class.
 */
export function correlatedClusters(images: Images, threshold: number): readonly string[] {
  const classes = images.values.class ?? [];
  const parent = new Map(classes.map((name) => [name, name]));
  const rootOf = (name: string): string => {
    const up = parent.get(name) ?? name;
    return up === name ? name : rootOf(up);
  };
  const bySet = new Map<string, number[]>();
  images.items.forEach(({ name }, index) => {
    const set = name.slice(name.indexOf('/') + 1);
    const indices = bySet.get(set) ?? [];
    indices.push(index);
    bySet.set(set, indices);
  });
  for (const indices of bySet.values()) {
    for (const pair of correlated(images, indices, threshold)) {
      const [one, other] = pair.map((index) => rootOf(images.item(index).attributes.class ?? ''));
      if (one !== undefined && other !== undefined) parent.set(one, other);
    }
  }
  const clusters = new Map<string, string[]>();
  for (const name of classes) {
    const root = rootOf(name);
    clusters.set(root, [...(clusters.get(root) ?? []), name]);
  }
  return [...clusters.values()]
    .filter((cluster) => cluster.length > 1)
    .map((cluster) => cluster.sort().join(' '));
}

/** Pairs above the threshold. Only those are compared whose thumbnails are near it. */
function correlated(
  images: Images,
  indices: readonly number[],
  threshold: number,
): readonly (readonly [number, number])[] {
  const thumbnails = indices.map((index) => unit(thumbnail(images.image(index), images.size)));
  const drawings = indices.map((index) => unit(images.image(index)));
  const found: [number, number][] = [];
  thumbnails.forEach((one, a) => {
    for (let b = a + 1; b < thumbnails.length; b++) {
      if (product(one, thumbnails[b]) < threshold - 0.1) continue;
      if (product(drawings[a], drawings[b]) <= threshold) continue;
      found.push([indices[a] ?? -1, indices[b] ?? -1]);
    }
  });
  return found;
}

/** Means of 8 x 8 fields. */
function thumbnail(pixels: Uint8Array, size: number): Float32Array {
  const sums = new Float32Array(64);
  pixels.forEach((value, at) => {
    const pixel = Math.floor(at / 3);
    const row = Math.floor((Math.floor(pixel / size) * 8) / size);
    const column = Math.floor(((pixel % size) * 8) / size);
    const field = row * 8 + column;
    sums[field] = (sums[field] ?? 0) + value;
  });
  return sums;
}

/** Centred, with length 1: products are correlations. */
function unit(values: Uint8Array | Float32Array): Float32Array {
  const centred = Float32Array.from(values);
  const mean = centred.reduce((sum, value) => sum + value, 0) / centred.length;
  const length = Math.sqrt(centred.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return centred.map((value) => (value - mean) / length);
}

function product(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (a === undefined || b === undefined) return 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
