import { permutation } from '../../tensor/permutation.js';
import type { Rng } from '../../tensor/rng.js';

/** The labels of pairs: of their first and second images, by the number of the pair; -1 where none is known. */
export interface PairLabels {
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
}

/** Is the second image of `other` a wrong one for the first of `pair`? */
const isWrong = ({ firsts, seconds }: PairLabels, pair: number, other: number): boolean =>
  firsts[pair] !== seconds[other];

/**
 * Pairs in a random order in which each takes the second image of the next for a wrong one. All whose labels are known,
 * or where one label is that of more than half as many as there can be.
 */
export function chainOf(labels: PairLabels, rng: Rng): readonly number[] {
  const isKnown = (pair: number): boolean =>
    (labels.firsts[pair] ?? -1) >= 0 && (labels.seconds[pair] ?? -1) >= 0;
  const chain: number[] = [];
  const waiting: number[] = [];
  const fits = (pair: number | undefined): pair is number => {
    const last = chain.at(-1);
    return pair !== undefined && (last === undefined || isWrong(labels, last, pair));
  };
  let next = 0;
  for (const pair of permutation(rng, labels.firsts.length).filter(isKnown)) {
    if (fits(pair)) chain.push(pair);
    else waiting.push(pair);
    for (let first = waiting[next]; fits(first); first = waiting[next]) {
      chain.push(first);
      next++;
    }
  }
  return between(chain, waiting.slice(next), labels, rng);
}

/** The chain with others in it, each at a random place where it may be and none other is. */
function between(
  chain: readonly number[],
  others: readonly number[],
  labels: PairLabels,
  rng: Rng,
): readonly number[] {
  if (others.length === 0) return chain;
  /** By the pair that it comes before. */
  const placed = new Map<number, number>();
  for (const at of permutation(rng, chain.length)) {
    const [before, after, other] = [chain[at - 1], chain[at] ?? -1, others[placed.size]];
    if (other === undefined) break;
    const isAfter = before === undefined || isWrong(labels, before, other);
    if (isAfter && isWrong(labels, other, after)) placed.set(after, other);
  }
  return chain.flatMap((pair) => {
    const other = placed.get(pair);
    return other === undefined ? [pair] : [other, pair];
  });
}

/**
 * The first `count` of a chain as a ring, so that they exchange their second images and all of them are wrong; undefined
 * where they cannot. Where the last does not go before the first, it goes between two others.
 */
export function ringOf(
  chain: readonly number[],
  count: number,
  labels: PairLabels,
): readonly number[] | undefined {
  const [first, last] = [chain[0], chain[count - 1]];
  if (first === undefined || last === undefined || count < 2) return undefined;
  const ring = chain.slice(0, count);
  if (isWrong(labels, last, first)) return ring;
  ring.pop();
  const end = ring.at(-1);
  if (end === undefined || !isWrong(labels, end, first)) return undefined;
  const place = ring.findIndex((after, at) => {
    const before = ring[at - 1];
    return before !== undefined && isWrong(labels, before, last) && isWrong(labels, last, after);
  });
  if (place < 0) return undefined;
  ring.splice(place, 0, last);
  return ring;
}
