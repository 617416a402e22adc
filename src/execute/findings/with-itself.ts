import { pointsOver } from '../../language/terms/points-over.js';
import { evaluate, type World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import { type Difference, pairedOver } from './over-images.js';
import { recording } from './recording.js';

/**
 * Is a difference one of a thing with itself, as `top1 - top1[share: none]` is in the row of `none`: both sides
 * read the same results at every point of `over`, and are the same number there?
 */
export function isWithItself(
  difference: Difference,
  at: Point,
  over: readonly string[],
  world: World,
): boolean {
  const { left, right } = difference;
  const axes = pairedOver(difference, over);
  return [...pointsOver(axes, at, world)].every((point) => {
    const [one, other] = [left, right].map((side) => {
      const { world: seen, read } = recording(world);
      return { value: evaluate(side, point, seen), read };
    });
    if (one === undefined || other === undefined || !Object.is(one.value, other.value))
      return false;
    return one.read.size === other.read.size && [...one.read].every((id) => other.read.has(id));
  });
}
