import { SspError } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { neighboursOf } from '../../tensor/probe/neighbours.js';
import { copiesAmong } from '../artifact/copies.js';
import { remarkDirections } from '../artifact/directions.js';
import { openFeatures, remarkCollapse } from '../artifact/features.js';
import { type Images, openImages } from '../artifact/images.js';
import { implement } from '../implement.js';
import type { Signatures } from '../signatures.gen.js';
import { type Found, keepPairs } from './keep-pairs.js';
import { leavePairs } from './leave-pairs.js';

type Params = Signatures['stages']['std.pairs.automatic_pairs'];

/** `std.pairs.automatic_pairs`: each image with its nearest neighbours under an encoder. */
export const run = implement('std.pairs.automatic_pairs', async (context) => {
  const { params } = context;
  const { k, split, mutual, threshold } = params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(params.source);
  const asked = images.indicesOf(split);
  const { d, at } = openFeatures(params.encoder, images, params.source);
  const features = at(asked);
  if (!remarkCollapse(features, d, split, context)) remarkDirections(features, d, split, context);
  const found: Found[] = [];
  let done = 0;
  for (const places of groupsOf(images, asked, params.within)) {
    const { indices, similarities } = neighboursOf({
      features: rowsAt(features, d, places),
      d,
      k,
      apart: apartIn(images, asked, places, params),
      atMost: params.near_duplicate ?? undefined,
      progress: (rows) =>
        context.progress({ unit: 'image', done: done + rows, total: asked.length }),
    });
    done += places.length;
    indices.forEach((other, at) => {
      if (other < 0) return;
      const image = places[Math.floor(at / k)] ?? -1;
      found.push({ image, other: places[other] ?? -1, similarity: similarities[at] ?? 0 });
    });
  }
  const kept = keepPairs(found, { mutual, threshold });
  const paired = new Set(kept.flatMap(({ image, other }) => [image, other]));
  const unpaired = asked.length - paired.size;
  context.log(`${unpaired} of ${asked.length} images are in no pair`);
  if (kept.length === 0) throw none(params, asked.length, found);
  return leavePairs(context, {
    images,
    pairs: Int32Array.from(
      kept.flatMap(({ image, other }) => [asked[image] ?? -1, asked[other] ?? -1]),
    ),
    similarities: Float32Array.from(kept, ({ similarity }) => similarity),
    facts: { 'images in no pair': unpaired },
  });
});

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
  found: readonly Found[],
): SspError {
  const best = found.reduce((most, { similarity }) => Math.max(most, similarity), -1);
  const nearest =
    found.length === 0
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
