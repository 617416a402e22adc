import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { findNeighbours } from '../../tensor/probe/neighbours.js';
import { copiesAmong } from '../artifact/copies.js';
import { remarkDirections } from '../artifact/directions.js';
import { openFeatures, remarkCollapse } from '../artifact/features.js';
import { type Images, openImages } from '../artifact/images.js';
import { implement } from '../implement.js';
import type { Signatures } from '../signatures.gen.js';
import { collectNeighbours } from './found-neighbours.js';
import { keepPairs } from './keep-pairs.js';
import { leavePairs } from './leave-pairs.js';
import { withClass } from './with-class.js';

type Params = Signatures['stages']['std.pairs.automatic_pairs'];

/** `std.pairs.automatic_pairs`: each image with its nearest neighbours under an encoder. */
export const run = implement('std.pairs.automatic_pairs', async (context) => {
  const { params } = context;
  const { k, split, mutual, threshold } = params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(params.source);
  const inSplit = images.indicesOf(split);
  const asked = isByClass(params) ? withClass(images, inSplit, split, context) : inSplit;
  const { d, at } = openFeatures(params.encoder, images, params.source);
  const features = at(asked);
  if (!remarkCollapse(features, d, split, context)) remarkDirections(features, d, split, context);
  const collector = collectNeighbours(threshold);
  let done = 0;
  for (const places of groupsOf(images, asked, params.within)) {
    if (places.length > 1) {
      const neighbours = {
        features: rowsAt(features, d, places),
        d,
        k: Math.min(k, places.length - 1),
        apart: apartIn(images, asked, places, params),
        atMost: params.near_duplicate ?? undefined,
        progress: (rows: number) =>
          context.progress({ unit: 'image', done: done + rows, total: asked.length }),
      };
      findNeighbours(neighbours, (row, other, similarity) =>
        collector.add(places[row] ?? -1, places[other] ?? -1, similarity),
      );
    }
    done += places.length;
  }
  const { best } = collector;
  const kept = keepPairs(collector.found(), { mutual, threshold });
  const paired = new Set(kept.images);
  for (const other of kept.others) paired.add(other);
  const unpaired = inSplit.length - paired.size;
  context.log(`${unpaired} of ${inSplit.length} images are in no pair`);
  if (kept.images.length === 0) throw none(params, asked.length, best);
  const pairs = new Int32Array(2 * kept.images.length);
  for (const [pair, image] of kept.images.entries()) {
    pairs[2 * pair] = asked[image] ?? -1;
    pairs[2 * pair + 1] = asked[kept.others[pair] ?? -1] ?? -1;
  }
  return leavePairs(context, {
    images,
    pairs,
    similarities: kept.similarities,
    facts: { 'images in no pair': unpaired },
  });
});

/** Are neighbours looked for by `class`, so that those without one cannot have any? */
const isByClass = ({ within, apart }: Params): boolean => within === 'class' || apart === 'class';

/** Places among the images asked for, in groups that neighbours are looked for in; in their order. */
function groupsOf(
  images: Images,
  asked: Int32Array,
  within: string | null,
): readonly (readonly number[])[] {
  if (within === null) return [[...asked.keys()]];
  const { values, numbers } = images.labels(within);
  const groups = values.map((): number[] => []);
  asked.forEach((index, place) => {
    groups[numbers[index] ?? -1]?.push(place);
  });
  return groups.filter((group) => group.length > 0);
}

/** Images with the same pixels are no neighbours, nor are those that agree in `apart`. */
function apartIn(
  images: Images,
  asked: Int32Array,
  places: readonly number[],
  { apart }: Params,
): readonly Int32Array[] {
  const indices = Int32Array.from(places, (place) => asked[place] ?? -1);
  const alike = copiesAmong(images, indices);
  const copies = indices.map((index) => alike.get(index) ?? index);
  if (apart === null) return [copies];
  const { numbers } = images.labels(apart);
  return [copies, indices.map((index) => numbers[index] ?? -1)];
}

function rowsAt(features: Float32Array, d: number, places: readonly number[]): Float32Array {
  if (places.length * d === features.length) return features;
  const rows = new Float32Array(places.length * d);
  places.forEach((place, at) => {
    rows.set(features.subarray(place * d, (place + 1) * d), at * d);
  });
  return rows;
}

function none(
  { threshold, mutual, split }: Params,
  count: number,
  best: number | undefined,
): SspError {
  const nearest =
    best === undefined
      ? `none of the ${count} images of split ${split} has another that it may be paired with`
      : `the most similar images have ${toldApart(best, threshold)}${threshold === null ? '' : `, and \`threshold\` is ${threshold}`}`;
  return new SspError('no-pairs', `no pairs are found: ${nearest}`, {
    help: `Lower \`threshold\`${mutual ? ', leave `mutual` out' : ''}, or look less narrowly: \`within\`, \`apart\`, \`near_duplicate\`.`,
  });
}

/** A number in as few digits, four or more, as tell it from another. */
function toldApart(number: number, other: number | null): number {
  for (let digits = 4; digits < 17; digits++) {
    const shown = Number(number.toFixed(digits));
    if (other === null || shown < other === number < other) return shown;
  }
  return number;
}
