import { verbOf } from '../base/counted.js';
import { SspError } from '../base/errors.js';
import { loadTensorFlow } from '../tensor/load.js';
import { permutation } from '../tensor/permutation.js';
import { nearInPlane, overlapOf, trustworthiness } from '../tensor/probe/map-scores.js';
import { mapStart } from '../tensor/probe/map-start.js';
import { type NearPoints, nearPoints, type Points, pointsOf } from '../tensor/probe/near-points.js';
import { principalPlane } from '../tensor/probe/principal-plane.js';
import { alignedTo } from '../tensor/probe/procrustes.js';
import { umap } from '../tensor/probe/umap.js';
import { unitsOf } from '../tensor/probe/unit-rows.js';
import { createRng } from '../tensor/rng.js';
import { remarkDirections } from './artifact/directions.js';
import { factsOfScore } from './artifact/facts.js';
import { openFeatures, requireDifferences } from './artifact/features.js';
import { type Images, openImages } from './artifact/images.js';
import { writeMap } from './artifact/write-map.js';
import type { Signatures } from './signatures.gen.js';
import type { Artifact, Facts, StageContext } from './stage.js';

type Context = StageContext<Signatures['stages']['std.probe.embedding_map']>;

/** A map that was written, and what is to be said of it. */
export interface LaidOut {
  readonly trustworthiness: number;
  readonly overlap: number;
  /** Share of neighbours that the encoder and its reference have in common; 1 without a reference. */
  readonly shared: number;
  readonly facts: Facts;
}

/**
 * Lays images out by the features of an encoder, beginning at the map of `reference` where there is one, and writes the map.
 * @throws SspError `too-few-images`, `constant-features`, `bad-features`.
 */
export async function layOutMap(context: Context, reference?: Artifact): Promise<LaidOut> {
  const { encoder, on, label, split, neighbours: k, metric } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(on);
  const labels = { label, ...images.labels(label) };
  const indices = chosenOf(images, context);
  const seen = (given: Artifact, whose: string): Seen => {
    const { d, at } = openFeatures(given, images, on);
    const features = at(indices);
    requireDifferences(features, d, split, whose);
    const points = pointsOf(features, d, metric);
    if (metric === 'cosine') {
      const units = Float32Array.from(unitsOf(features, d));
      requireDifferences(units, d, split, `${whose} but for length`);
    }
    return { points, near: nearPoints(points, k) };
  };
  const own = seen(encoder, '`encoder`');
  const followed = reference && reference.digest !== encoder.digest;
  const other = followed ? seen(reference, '`reference`') : undefined;
  if (metric === 'cosine') remarkDirections(own.points.rows, own.points.d, split, context);
  remarkCopies(own.near, context);
  const { d } = own.points;
  context.log(`${indices.length} images, features of length ${d}, ${k} neighbours`);
  const places = layOut(own, other, context);
  await writeMap(context.out, images, indices, labels, places);
  const [near, inMap] = [own.near.indices, nearInPlane(places, k)];
  return {
    trustworthiness: trustworthiness(own.points, { near, inMap, k }),
    overlap: overlapOf(near, inMap, k),
    shared: other ? overlapOf(near, other.near.indices, k) : 1,
    facts: {
      ...factsOfScore({ asked: indices.length }),
      split,
      'images of the split': images.indicesOf(split).length,
      neighbours: k,
      features: d,
    },
  };
}

/** The images of a map, in their order. @throws SspError `too-few-images`. */
function chosenOf(images: Images, { params }: Context): Int32Array {
  const { split, neighbours: k, images: most, seed } = params;
  const all = images.indicesOf(split);
  const n = Math.min(all.length, most);
  if (n <= 2 * k) {
    const found =
      most < all.length ? `\`images\` is ${most}` : `split \`${split}\` has ${n} images`;
    const help =
      n > 4
        ? `Give \`neighbours: ${Math.floor((n - 1) / 2)}\` or less, or more images.`
        : 'Give a split with more images.';
    const needed = `a map by ${k} neighbours needs ${2 * k + 1} at least`;
    throw new SspError('too-few-images', `${found}, and ${needed}`, { help });
  }
  if (n === all.length) return all;
  const drawn = permutation(createRng(seed, 'map', 'images'), all.length)
    .subarray(0, n)
    .sort();
  return Int32Array.from(drawn, (place) => all[place] ?? -1);
}

/** Images as an encoder sees them. */
interface Seen {
  readonly points: Points;
  readonly near: NearPoints;
}

/** Places (n, 2) of images by `own`, which follow those by `other`. */
function layOut(own: Seen, other: Seen | undefined, { params, progress }: Context): Float64Array {
  const { epochs, min_distance: minDistance, seed } = params;
  const total = (other ? 2 : 1) * epochs;
  const from = ({ near }: Seen, start: Float64Array, before: number): Float64Array =>
    umap(near, start, {
      minDistance,
      epochs,
      rng: createRng(seed, 'map', 'layout'),
      progress: (done) => progress({ unit: 'epoch', done: before + done, total }),
    });
  const first = other ?? own;
  const plane = principalPlane(first.points.rows, first.points.d);
  const begun = from(first, mapStart(plane, createRng(seed, 'map', 'start')), 0);
  return other ? alignedTo(begun, from(own, begun, epochs)) : begun;
}

/** Remarks images that have more copies than neighbours: which of these are neighbours is by their order alone. */
function remarkCopies({ k, distances }: NearPoints, { remark }: Context): void {
  const n = distances.length / k;
  let many = 0;
  for (let i = 0; i < n; i++) if (distances[(i + 1) * k - 1] === 0) many++;
  if (many === 0) return;
  remark(
    `${many} of the ${n} images ${verbOf(many, 'has', 'have')} the same features as ${k} others or more: which of these are neighbours is by their order alone`,
  );
}
