import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { edgeSampling } from '../../../src/tensor/probe/edge-sampling.js';
import { fuzzyGraph } from '../../../src/tensor/probe/fuzzy-graph.js';
import { type Metric, nearPoints, pointsOf } from '../../../src/tensor/probe/near-points.js';
import { neighbourhoodsOf } from '../../../src/tensor/probe/neighbourhoods.js';
import { expectClosePlain, jsonOf } from '../parity.js';

/** By umap-learn's own functions; an edge is [from, to, weight], with [times drawn, points kept away] in `turns`. */
const reference = jsonOf<{
  neighbours: number;
  epochs: number;
  cases: {
    name: string;
    metric: Metric;
    points: number[][];
    indices: number[][];
    distances: number[][];
    sigmas: number[];
    rhos: number[];
    memberships: [number, number, number][];
    turns: [number, number, number, number, number][];
  }[];
}>('umap_graph');

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

const nearOf = ({ points, metric }: (typeof reference.cases)[number]) =>
  nearPoints(
    pointsOf(Float32Array.from(points.flat()), points[0]?.length ?? 0, metric),
    reference.neighbours,
  );

const named = reference.cases.map((given) => [`${given.name}, ${given.metric}`, given] as const);

it.each(named)('sees as far as umap-learn does: %s', (_, given) => {
  const near = nearOf(given);
  expect([...near.indices]).toEqual(given.indices.flat());
  expectClosePlain('UMAP graph: distances', near.distances, given.distances.flat(), 1e-6);
  const { nearest, widths } = neighbourhoodsOf(near);
  expectClosePlain('UMAP graph: nearest', nearest, given.rhos, 1e-6);
  expectClosePlain('UMAP graph: widths', widths, given.sigmas, 1e-4);
});

it.each(named)('joins neighbours as umap-learn does: %s', (_, given) => {
  const { from, to, weights } = fuzzyGraph(nearOf(given));
  const edges = Array.from(from, (i, e) => [i, to[e] ?? -1, weights[e] ?? 0] as const);
  // a weight below what float32 holds is none there
  const found = edges.filter(([, , weight]) => weight > 1e-45).sort(byEnds);
  const expected = given.memberships.toSorted(byEnds);
  expect(found.map(endsOf)).toEqual(expected.map(endsOf));
  const weightsOf = (of: readonly (readonly number[])[]) => of.map(([, , weight]) => weight ?? 0);
  expectClosePlain('UMAP graph: memberships', weightsOf(found), weightsOf(expected), 1e-4);
});

it.each(named)('draws edges as often as umap-learn does: %s', (_, given) => {
  const [from, to] = [0, 1].map((end) =>
    Int32Array.from(given.memberships, (edge) => edge[end] ?? 0),
  );
  const weights = Float64Array.from(given.memberships, ([, , weight]) => weight);
  if (!from || !to) throw new Error('no ends');
  const sampled = edgeSampling({ from, to, weights }, reference.epochs);
  const turns = Array.from(sampled.from, (i, e) => [i, sampled.to[e] ?? -1, 0, 0]);
  for (let epoch = 0; epoch < reference.epochs; epoch++) {
    sampled.draw(epoch, (edge, away) => {
      const turn = turns[edge];
      if (!turn) throw new Error(`edge ${edge} of ${turns.length}`);
      turn[2] = (turn[2] ?? 0) + 1;
      turn[3] = (turn[3] ?? 0) + away;
    });
  }
  const expected = given.turns.map(([i, j, , drawn, away]) => [i, j, drawn, away]);
  expect(turns.sort(byEnds)).toEqual(expected.sort(byEnds));
});

type Ends = readonly (number | undefined)[];
const endsOf = ([i, j]: Ends) => [i, j];
const byEnds = ([i = 0, j = 0]: Ends, [k = 0, l = 0]: Ends) => i - k || j - l;
