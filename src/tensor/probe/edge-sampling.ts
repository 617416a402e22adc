import type { Edges } from './fuzzy-graph.js';

/** Points that keep away, for each time that an edge is drawn. */
const repelled = 5;

/** Called for an edge that is drawn, by its place, with how many points its first end keeps away from then. */
export type Drawn = (edge: number, away: number) => void;

/** The edges of a graph that are drawn at all, and when. */
export interface EdgeSampling {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Visits the edges of an epoch, in their order. Epochs come one after another, from 0. */
  readonly draw: (epoch: number, visit: Drawn) => void;
}

/**
 * Edges in proportion to their weight: the heaviest in every epoch but epoch 0, one of half its weight in every second,
 * and none that is too light to be drawn once.
 * Source: umap-learn 0.5.12, `make_epochs_per_sample` and `optimize_layout_euclidean`.
 */
export function edgeSampling(edges: Edges, epochs: number): EdgeSampling {
  const heaviest = edges.weights.reduce((most, weight) => Math.max(most, weight), 0);
  const kept = (_: number, e: number) => (edges.weights[e] ?? 0) >= heaviest / epochs;
  const [from, to] = [edges.from.filter(kept), edges.to.filter(kept)];
  const every = edges.weights.filter(kept).map((weight) => heaviest / weight);
  const due = Float64Array.from(every);
  const keptAway = every.map((step) => step / repelled);
  const draw = (epoch: number, visit: Drawn) => {
    for (let e = 0; e < due.length; e++) {
      if ((due[e] ?? 0) > epoch) continue;
      const step = every[e] ?? 1;
      due[e] = (due[e] ?? 0) + step;
      const until = keptAway[e] ?? 0;
      const away = Math.floor((epoch - until) / (step / repelled));
      keptAway[e] = until + away * (step / repelled);
      visit(e, away);
    }
  };
  return { from, to, draw };
}
