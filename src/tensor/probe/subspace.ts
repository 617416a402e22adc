import { inFloats } from '../floats.js';
import { ClassCurvature } from './class-curvature.js';
import { crossEntropy, meanLoss, penalised, sizesOf } from './cross-entropy.js';
import type { Directions } from './directions.js';
import { type MinimiseOptions, minimise, norm } from './lbfgs.js';

/** A fit within the span ends where the gradient there is this share of that outside. */
const share = 0.3;
/** Rounds without a shorter gradient, after which more of them are in vain. */
const patience = 10;

export interface SubspaceOptions extends MinimiseOptions {
  readonly tolerance: (theta: Float64Array) => number;
  readonly iterations: number;
  /** How many directions there may be. */
  readonly most: number;
}

/**
 * Goes towards the minimum of a regression with this penalty, until the gradient is as short as
 * `tolerance` says or the directions do not do. The weights of all classes are sought in the span of
 * few orthonormal directions, where the regression is one of as many features; then the gradient of
 * each class is a direction more. So all features are seen once a round, and steps are cheap.
 *
 * Source: Narkiss, Zibulevsky 2005, Sequential subspace optimization method for large-scale
 * unconstrained problems; here each direction is open to each class, as in a block Krylov method.
 * @param directions - where to begin; those that one penalty needs serve the next
 * @param start - weights and bias (d + 1, k), which become directions too
 * @returns the point, and how many steps were taken
 */
export function minimiseInSubspace(
  directions: Directions,
  penalty: number,
  start: Float64Array,
  { tolerance, iterations, most, ...options }: SubspaceOptions,
): { readonly x: Float64Array; readonly iterations: number } {
  const { precision, parts } = directions.data;
  const { k } = sizesOf(parts);
  return inFloats(precision, (ops) => {
    if (directions.count > most / 2) directions.forget();
    directions.grow(start);
    let places = directions.placesOf(start);
    let curvature: ClassCurvature | undefined;
    let steps = 0;
    let shortest = { length: Number.POSITIVE_INFINITY, round: 0 };
    for (let round = 0; ; round++) {
      const { end, theta, gradient } = inFloats(precision, (step) => {
        const few = crossEntropy(precision, directions.parts(step));
        const found = minimise(few.withPenalty(penalty), places, {
          ...options,
          precondition: () => {
            // Of few directions little is known of the minimum, and so of its curvature.
            if (curvature === undefined || directions.count >= 2 * curvature.since)
              curvature = new ClassCurvature(ops, few, places);
            curvature.grow(few, directions.along);
            return curvature.inverse(step, precision, penalty);
          },
          tolerance: (at) => Math.max(share * shortest.length, 0.7 * tolerance(at)),
          iterations: iterations - steps,
        });
        places = found.x;
        steps += found.iterations;
        const theta = directions.weightsAt(places);
        return {
          end: found.end,
          theta,
          ...penalised(meanLoss(precision, parts, places, few.parts), theta, penalty, k),
        };
      });
      const length = norm(gradient);
      if (length < shortest.length) shortest = { length, round };
      const { count } = directions;
      const inVain = end !== 'converged' || round - shortest.round > patience;
      const over = inVain || count + k > most;
      if (over || length <= tolerance(theta)) return { x: theta, iterations: steps };
      directions.grow(gradient);
      if (directions.count === count) return { x: theta, iterations: steps };
      // Of the new directions, which stand first, there is nothing yet.
      const grown = new Float64Array(directions.count * k);
      grown.set(places, grown.length - places.length);
      places = grown;
    }
  });
}
