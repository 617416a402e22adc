import type { Term } from '../../language/program.js';
import { pointsOver } from '../../language/terms/points-over.js';
import { evaluate, type World } from '../../plan/evaluate.js';
import type { Point } from '../../plan/plan.js';
import { labelOf } from '../../plan/reduce.js';

/**
 * The labels, by their axes, that a text is made of which a term gives at a point, as `argmax` does; undefined of a text
 * that is none of labels.
 */
export function chosenLabels(
  term: Term,
  text: string,
  point: Point,
  world: World,
): Point | undefined {
  switch (term.kind) {
    case 'axis':
      return point[term.axis] === text ? { [term.axis]: text } : undefined;
    case 'slice':
      return term.set
        ? chosenLabels(term.of, text, point, world)
        : chosenLabels(term.of, text, { ...point, [term.axis]: term.labels[0] ?? '' }, world);
    case 'reduce':
      for (const at of pointsOver(term.over, point, world)) {
        if (term.operator === 'argmax' && labelOf(at, term.over) === text) {
          return Object.fromEntries(term.over.map((axis) => [axis, at[axis] ?? '']));
        }
        const found =
          term.operator === 'pick' && evaluate(term.of, at, world) === text
            ? chosenLabels(term.of, text, at, world)
            : undefined;
        if (found) return found;
      }
      return undefined;
    default:
      return undefined;
  }
}
