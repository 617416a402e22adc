import { asRank4 } from '../../tensor/as-rank.js';
import { type NamedTensors, pick, under } from '../../tensor/named-tensors.js';
import { tf } from '../../tensor/tf.js';
import { viewOf } from '../../tensor/views/augment.js';
import { planesOfFed } from '../../tensor/views/planes.js';
import type { Views } from '../stage.js';
import { groupsOf } from './view-groups.js';

/**
 * The views of a step by their numbers, each (n, h, w, 3). Fed are `side0.planes` and `side1.planes`, the
 * images of the pairs (n, 3, h, w), and what `drawnViews` gave: even views are of the first side.
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
