import type { Rng } from '../rng.js';
import { edgeSampling } from './edge-sampling.js';
import { fuzzyGraph } from './fuzzy-graph.js';
import type { NearPoints } from './near-points.js';
import { curveOf } from './umap-curve.js';

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
 * Source: McInnes et al. 2018, arXiv:1802.03426; umap-learn 0.5.12, `simplicial_set_embedding`.
 * @param start - places (n, 2) to begin at; they are not changed
 * @returns places (n, 2)
 */
export function umap(near: NearPoints, start: Float64Array, options: UmapOptions): Float64Array {
  const { epochs, rng, progress } = options;
  const { attraction, repulsion } = forces(options.minDistance);
  const n = start.length / 2;
  const { from, to, draw } = edgeSampling(fuzzyGraph(near), epochs);
  const places = Float64Array.from(start);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = rateAt(epoch, epochs);
    draw(epoch, (edge, away) => {
      const i = 2 * (from[edge] ?? 0);
      attract(places, i, 2 * (to[edge] ?? 0), rate, attraction);
      for (let time = 0; time < away; time++) {
        repel(places, i, 2 * Math.floor(rng.uniform() * n), rate, repulsion);
      }
    });
    progress?.(epoch + 1);
  }
  return places;
}

/** How far a step goes: from 1 in the first epoch that draws edges, which is 1, nearly to 0. */
const rateAt = (epoch: number, epochs: number): number => 1 - Math.max(0, epoch - 1) / epochs;

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
