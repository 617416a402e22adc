import { asRank4 } from '../../tensor/as-rank.js';
import { type NamedTensors, pick, prefixed, under } from '../../tensor/named-tensors.js';
import { createRng } from '../../tensor/rng.js';
import { tf } from '../../tensor/tf.js';
import { type Extent, viewOf } from '../../tensor/views/augment.js';
import { drawViews, joinDraws } from '../../tensor/views/draw-views.js';
import { planesOfFed } from '../../tensor/views/planes.js';
import { viewTensors } from '../../tensor/views/view-tensors.js';
import type { Augmentation, Views } from '../stage.js';

/** Numbers of a batch's images up to which several views are made of them at once: small ones cost their ops. */
const together = 2 ** 24;

/** Views that are made alike, by their numbers. */
interface Group {
  readonly view: Augmentation;
  readonly members: readonly number[];
}

/**
 * What the views of a step are drawn as, for {@link viewsFrom}: view v of pair i by the stream
 * (`views`, step, v), split by i. The caller owns the tensors.
 */
export function drawnViews(
  views: Views,
  extent: Extent,
  { seed, step }: { readonly seed: number; readonly step: number },
): NamedTensors {
  const tensors = groupsOf(views, extent).map(({ view, members }, index) => {
    const draws = members.map((member) =>
      drawViews(view, extent, createRng(seed, 'views', step, member)),
    );
    return prefixed(viewTensors(view, joinDraws(draws), extent), `${index}`);
  });
  return Object.assign({}, ...tensors);
}

/**
 * The views of a step by their numbers, each (n, h, w, 3). Fed are `side0.planes` and `side1.planes`, the
 * images of the pairs (n, 3, h, w), and what {@link drawnViews} gave: even views are of the first side.
 */
export function viewsFrom(
  views: Views,
  inputs: NamedTensors,
): Readonly<Record<string, tf.Tensor4D>> {
  const sides = [0, 1].map((side) => asRank4(pick(inputs, `side${side}.planes`)));
  const [count = 0, , height = 0, width = 0] = sides[0]?.shape ?? [];
  const made: Record<string, tf.Tensor4D> = {};
  groupsOf(views, { count, height, width }).forEach(({ view, members }, index) => {
    const planes = members.flatMap((member) => sides[member % 2] ?? []);
    const joined = planes.length === 1 ? planes[0] : tf.concat(planes);
    const all = viewOf(view, { planes: joined ?? tf.zeros([0]), ...under(inputs, `${index}`) });
    const parts = members.length === 1 ? [all] : tf.split(all, members.length);
    members.forEach((member, place) => {
      const part = parts[place];
      if (part) made[member] = asRank4(part);
    });
  });
  return made;
}

/** {@link viewsFrom} of the pixels of both sides, `size` high and wide, which `fedPixels` gave under `pixels`. */
export function viewsOfPixels(
  views: Views,
  inputs: NamedTensors,
  size: number,
): Readonly<Record<string, tf.Tensor4D>> {
  const planes = tf.split(planesOfFed(under(inputs, 'pixels'), size), 2);
  const sides = planes.map((side, number) => [`side${number}.planes`, side]);
  return viewsFrom(views, { ...inputs, ...Object.fromEntries(sides) });
}

/** Views by what is done to them, as many together as their images are small. */
function groupsOf({ views }: Views, { count, height, width }: Extent): readonly Group[] {
  const most = Math.max(1, Math.floor(together / (count * 3 * height * width)));
  const open = new Map<string, number[]>();
  const groups: Group[] = [];
  views.forEach((view, number) => {
    const kind = JSON.stringify(view);
    const members = open.get(kind);
    if (members && members.length < most) {
      members.push(number);
      return;
    }
    const begun = [number];
    open.set(kind, begun);
    groups.push({ view, members: begun });
  });
  return groups;
}
