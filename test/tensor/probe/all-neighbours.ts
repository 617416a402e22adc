import { findNeighbours, type NeighboursOf } from '../../../src/tensor/probe/neighbours.js';

/** The neighbours of each row, and all similarities. */
export function neighboursOf(given: NeighboursOf): {
  readonly indices: readonly (readonly number[])[];
  readonly similarities: readonly number[];
} {
  const n = given.features.length / given.d;
  const indices = Array.from({ length: n }, (): number[] => []);
  const similarities: number[] = [];
  findNeighbours(given, (row, other, similarity) => {
    indices[row]?.push(other);
    similarities.push(similarity);
  });
  return { indices, similarities };
}
