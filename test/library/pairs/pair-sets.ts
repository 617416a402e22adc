import { openPairs } from '../../../src/library/artifact/pairs.js';
import type { Artifact, StageContext, StageResult } from '../../../src/library/stage.js';
import { artifactOf, contextOf, imagesOf } from '../synthetic.js';

/** Drawings of some classes by so many artists each (none: each its own), every one with pixels of its own. */
export const drawings = (
  classes: Readonly<Record<string, number>>,
  artists = Number.POSITIVE_INFINITY,
) =>
  imagesOf(
    Object.entries(classes).flatMap(([name, count], number) =>
      Array.from({ length: count }, (_, i) => ({
        split: 'train',
        class: name,
        artist: `artist ${i % artists}`,
        pixels: [number, i, 7],
      })),
    ),
  );

export async function made<P>(
  run: (context: StageContext<P>) => Promise<StageResult>,
  params: P,
): Promise<Artifact> {
  const context = contextOf(params);
  await run(context);
  return artifactOf(context.out, 'Pairs');
}

/** The names of each pair's images. */
export function namesOf(artifact: Artifact): readonly (readonly [string, string])[] {
  const { count, images, pairs } = openPairs(artifact);
  const name = (at: number) => images.item(pairs[at] ?? -1).name;
  return Array.from({ length: count }, (_, i) => [name(2 * i), name(2 * i + 1)] as const);
}

export const texts = (artifact: Artifact) => namesOf(artifact).map((pair) => pair.join(' '));

export const free = { list: null, per_class: null, reuse: null, split: 'train', seed: 0 };
export const source = drawings({ ant: 12, bee: 9, cat: 20 });
export const all = drawings({ ant: 30, bee: 24, cat: 40 });

/** How often each image is in a pair. */
export function usesOf(artifact: Artifact): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const name of namesOf(artifact).flatMap((pair) => [...new Set(pair)])) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}
