import { digestOf, type Json } from '../../base/canonical.js';
import { own } from '../../base/own.js';
import type { Axis, Program } from '../../language/program.js';
import { evaluate, programWorld, type World } from '../evaluate.js';
import type { StagePoint } from '../plan.js';
import { encode, isAbsent } from '../value.js';
import { contentOrPath, type KnownContents, structuresOf, withStand } from './structure.js';

/** An experiment as `ssp diff` compares it. */
export interface Experiment {
  readonly axes: readonly MeantAxis[];
  /** In dependency order. */
  readonly points: readonly StagePoint[];
  /** What each point means, by id. */
  readonly structures: ReadonlyMap<string, string>;
  readonly contents: KnownContents;
}

/** An axis with what its labels mean. */
export interface MeantAxis {
  readonly name: string;
  readonly labels: readonly {
    readonly label: string;
    /** A digest; none where the value varies over other axes. */
    readonly meaning: string | undefined;
  }[];
}

/** A program and its points, ready to be compared. */
export function experimentOf(
  program: Program,
  points: readonly StagePoint[],
  env: Readonly<Record<string, string | undefined>>,
  contents: KnownContents,
): Experiment {
  const structures = structuresOf(points, contents);
  const world: World = {
    ...programWorld(program),
    present: (id) => structures.has(id),
    env: (name) => own(env, name),
  };
  const used = new Set(points.flatMap(({ point }) => Object.keys(point)));
  const axes = program.axes
    .filter(({ name }) => used.has(name))
    .map((axis) => ({
      name: axis.name,
      labels: axis.labels.map(({ label, value }) => ({
        label,
        meaning: meaningOf(axis, label, value, world, structures, contents),
      })),
    }));
  return { axes, points, structures, contents };
}

function meaningOf(
  axis: Axis,
  label: string,
  term: Axis['labels'][number]['value'],
  world: World,
  structures: ReadonlyMap<string, string>,
  contents: KnownContents,
): string | undefined {
  if (term.dims.some((dim) => dim !== axis.name)) return undefined;
  const value = evaluate(term, { [axis.name]: label }, world);
  if (isAbsent(value)) return undefined;
  const json: Json = encode(value, '', {
    number() {},
    place() {},
    inputs: new Set(),
    unset: new Set(),
    code: new Set(),
  });
  const stand = {
    input: (id: string) => structures.get(id) ?? id,
    content: contentOrPath(contents),
  };
  return digestOf('ssp-label/1', withStand(json, stand));
}
