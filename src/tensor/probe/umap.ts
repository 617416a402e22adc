import type { Rng } from '../rng.js';
import { type Edges, fuzzyGraph, type NearPoints } from './fuzzy-graph.js';
import { curveOf } from './umap-curve.js';

/** Points that keep away, for each pair that draws near. */
const repelled = 5;

/** Nobody moves further along an axis at once. */
const furthest = 4;

export interface UmapOptions {
  /** How near points may come. */
  readonly minDistance: number;
  readonly epochs: number;
  readonly rng: Rng;
  /** Called after each epoch, with how many are done. */
  readonly progress?: (done: number) => void;
}

/**
 * Lays points out in the plane so that neighbours stay neighbours: UMAP, with umap-learn's defaults for what is no
 * option here. One thread, in a fixed order: the same input gives the same map.
 * Source: McInnes et al. 2018, arXiv:1802.03426; umap-learn 0.5.9, `simplicial_set_embedding`.
 * @param start - places (n, 2) to begin at; they are not changed
 * @returns places (n, 2)
 */
export function umap(near: NearPoints, start: Float64Array, options: UmapOptions): Float64Array {
  const { epochs, rng, progress } = options;
  const { attraction, repulsion } = forces(options.minDistance);
  const n = start.length / 2;
  const { from, to, weights } = drawn(fuzzyGraph(near), epochs);
  const every = weights.map((weight) => 1 / weight);
  const due = Float64Array.from(every);
  const repelledUntil = every.map((step) => step / repelled);
  const places = Float64Array.from(start);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = 1 - epoch / epochs;
    for (let e = 0; e < from.length; e++) {
      if ((due[e] ?? 0) > epoch) continue;
      const step = every[e] ?? 1;
      const i = 2 * (from[e] ?? 0);
      attract(places, i, 2 * (to[e] ?? 0), rate, attraction);
      due[e] = (due[e] ?? 0) + step;
      const until = repelledUntil[e] ?? 0;
      const count = Math.floor(((epoch - until) * repelled) / step);
      for (let c = 0; c < count; c++) {
        repel(places, i, 2 * Math.floor(rng.uniform() * n), rate, repulsion);
      }
      repelledUntil[e] = until + (count * step) / repelled;
    }
    progress?.(epoch + 1);
  }
  return places;
}

/** Edges in units of the heaviest, without those too light to be drawn once. */
function drawn({ from, to, weights }: Edges, epochs: number): Edges {
  const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const kept = (_: number, e: number) => (weights[e] ?? 0) >= heaviest / epochs;
  return {
    from: from.filter(kept),
    to: to.filter(kept),
    weights: weights.filter(kept).map((weight) => weight / heaviest),
  };
}

/** A force by the squared distance. */
type Force = (square: number) => number;

/** How points that belong together attract each other, and how others repel: as shares of what lies between them. */
function forces(minDistance: number): { readonly attraction: Force; readonly repulsion: Force } {
  const { a, b } = curveOf(minDistance);
  return {
    attraction: tabled((square) => (2 * a * b * square ** (b - 1)) / (a * square ** b + 1)),
    repulsion: tabled((square) => (2 * b) / ((0.001 + square) * (a * square ** b + 1))),
  };
}

/**
 * The function of positive numbers as a table, by their sign, exponent and the first 7 bits after it in float32: within
 * 0.4 % of the number asked for, and many times quicker than powers are.
 */
function tabled(of: Force): Force {
  const number = new Float32Array(1);
  const bits = new Uint32Array(number.buffer);
  const table = Float64Array.from({ length: 2 ** 15 }, (_, i) => {
    bits[0] = (i << 16) | (1 << 15);
    return of(number[0] ?? 0);
  });
  return (x) => {
    number[0] = x;
    return table[(bits[0] ?? 0) >>> 16] ?? 0;
  };
}

/** Both ends of an edge draw near. */
function attract(
  places: Float64Array,
  i: number,
  j: number,
  rate: number,
  attraction: Force,
): void {
  const dx = (places[i] ?? 0) - (places[j] ?? 0);
  const dy = (places[i + 1] ?? 0) - (places[j + 1] ?? 0);
  const square = dx * dx + dy * dy;
  if (square === 0) return;
  const force = attraction(square);
  const [x, y] = [rate * clipped(force * dx), rate * clipped(force * dy)];
  places[i] = (places[i] ?? 0) - x;
  places[i + 1] = (places[i + 1] ?? 0) - y;
  places[j] = (places[j] ?? 0) + x;
  places[j + 1] = (places[j + 1] ?? 0) + y;
}

/** A point keeps away from another. */
function repel(places: Float64Array, i: number, j: number, rate: number, repulsion: Force): void {
  const dx = (places[i] ?? 0) - (places[j] ?? 0);
  const dy = (places[i + 1] ?? 0) - (places[j + 1] ?? 0);
  const square = dx * dx + dy * dy;
  if (square === 0) return;
  const force = repulsion(square);
  places[i] = (places[i] ?? 0) + rate * clipped(force * dx);
  places[i + 1] = (places[i + 1] ?? 0) + rate * clipped(force * dy);
}

const clipped = (step: number): number => Math.max(-furthest, Math.min(furthest, step));
