import type { Program } from '../../language/program.js';
import type { World } from '../../plan/evaluate.js';
import { reportWorld, type UnfoldOptions, unfold } from '../../plan/unfold.js';
import type { StageOutcome } from '../record.js';
import { overImages } from './over-images.js';
import type { Predictions } from './predictions.js';

/** The world in which reports and claims of a program are looked at: its points, and what results there are. */
export function resultsWorld(
  program: Program,
  outcomes: readonly StageOutcome[],
  env: UnfoldOptions['env'],
  predictions?: Predictions,
): World {
  const results = new Map(
    outcomes.flatMap(({ planned, record }) => {
      if (!record) return [];
      const seconds = planned.epoch === undefined ? record.seconds : undefined;
      return [[planned.id, { ...record.output, seconds }] as const];
    }),
  );
  const points = unfold(program, { env, maxPoints: Number.POSITIVE_INFINITY });
  const dropped = new Set(
    outcomes.flatMap(({ planned, outcome }) => (outcome === 'dropped' ? [planned.id] : [])),
  );
  const left = points.filter(({ id }) => !dropped.has(id));
  return {
    ...reportWorld(program, left, env, (id) => results.get(id)),
    images: ({ operator, first, second, over, at }, seen) => {
      if (!predictions) return 'predictions are not read here';
      const said = overImages({ left: first, right: second }, at, over, seen, predictions);
      if (said.none !== undefined) return said.none;
      return operator === 'mcnemar' && said.mcnemar.length === 0 ? askedOften : said;
    },
  };
}

/** What draws several times, as `few_shot` does, has of each image the share that is right. */
const askedOften =
  'each image was asked several times, and McNemar needs one answer to each; `images_ci95` takes them all';
