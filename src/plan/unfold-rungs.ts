import type { Program, Stage } from '../language/program.js';
import { evaluate, type World } from './evaluate.js';
import { decidedBy } from './halving.js';
import type { Point, Rung, StagePoint } from './plan.js';
import { idOf, pointText } from './point.js';

/** The points of a program, with what decides about those that halving may give up, in an order that fits. */
export function withRungs(
  points: readonly StagePoint[],
  program: Program,
  world: World,
): readonly StagePoint[] {
  if (!program.stages.some(({ halving }) => halving)) return points;
  const rung = rungsOf(world);
  return inOrder(
    points.map((point) => {
      const stage = world.stage(point.name);
      const { halving } = stage;
      if (!halving) return point;
      const before = epochsBefore(stage, point, world);
      const of = before.map((epoch) => rung(halving, point.point, epoch));
      const { over, smallest, factor, by } = halving;
      const label = point.point[over] ?? '';
      const compared = { by: by.text, metric: by.metric, smallest, factor };
      const left = of.filter(({ rivals }) => rivals.length > 0);
      return left.length === 0
        ? point
        : { ...point, rungs: { label, over, ...compared, of: left } };
    }),
  );
}

/** The kept epochs before the one that a point ends with. */
function epochsBefore(stage: Stage, point: StagePoint, world: World): readonly number[] {
  const [keep] = stage.calls.flatMap(({ call }) => call.keep ?? []);
  if (!keep) return [];
  const end = point.epoch ?? evaluate(keep.length, point.point, world);
  return keep.epochs.filter((epoch) => typeof end === 'number' && epoch < end);
}

/** The rivals at an epoch: one list for all that compete there. */
function rungsOf(
  world: World,
): (halving: NonNullable<Stage['halving']>, at: Point, epoch: number) => Rung {
  const known = new Map<string, Rung>();
  return ({ over, by }, point, epoch) => {
    const { dims } = world.stage(by.stage);
    const at = { ...point, at: String(epoch) };
    const others = dims.filter((dim) => dim !== over);
    const name = JSON.stringify([by.stage, over, pointText(others, at)]);
    const before = known.get(name);
    if (before) return before;
    const rivals = world.axis(over).labels.flatMap(({ label }) => {
      const id = idOf(by.stage, dims, { ...at, [over]: label });
      return world.present(id) ? [{ label, id }] : [];
    });
    const rung = { epoch, rivals };
    known.set(name, rung);
    return rung;
  };
}

/** Each point after those that it reads, and those that decide about it; else in their order. */
function inOrder(points: readonly StagePoint[]): readonly StagePoint[] {
  const byId = new Map(points.map((point) => [point.id, point]));
  const entered = new Set<string>();
  const ordered: StagePoint[] = [];
  const visit = (point: StagePoint): void => {
    if (entered.has(point.id)) return;
    entered.add(point.id);
    for (const id of [...point.inputs, ...decidedBy(point)]) {
      const before = byId.get(id);
      if (before) visit(before);
    }
    ordered.push(point);
  };
  for (const point of points) visit(point);
  return ordered;
}
