import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Json } from '../base/canonical.js';
import { Bug, invariant } from '../base/errors.js';
import { own } from '../base/own.js';
import { digestOfSecret } from '../base/secret.js';
import { decides, isBeyond, ofOne, ofTwo } from '../language/operators.js';
import type { Axis, AxisLabel, Call, Program, Stage, Term } from '../language/program.js';
import { labelAt as entryAt } from '../language/terms/label-at.js';
import { meet, meetShared, type Remembered, remembered } from '../language/terms/shared-terms.js';
import { absentOf, apply, looked, unsetOf } from './apply.js';
import { checkBounds } from './check-values.js';
import type { Metrics } from './metrics.js';
import type { ImagesTell, OfImages } from './of-images.js';
import type { Point } from './plan.js';
import { idOf } from './point.js';
import { pointCode } from './point-code.js';
import { reduce } from './reduce.js';
import {
  type Absent,
  fromJson,
  isAbsent,
  MISSING,
  type Part,
  PENDING,
  plain,
  type Value,
} from './value.js';
import { versionAt } from './version-at.js';

/** What is known of a stage's point that has run. */
export interface Measured {
  readonly metrics: Metrics;
  /** None for an encoder on the way of a training: what it took there is not its own. */
  readonly seconds: number | undefined;
}

/** What a term may look at beside its point. */
export interface World {
  /** The folder of the program's file: paths of files are relative to it, wherever ssp is started. */
  readonly folder: string;
  readonly axis: (name: string) => Axis;
  /** The entry of an axis. */
  readonly label: (axis: string, label: string) => AxisLabel | undefined;
  readonly stage: (name: string) => Stage;
  /** Whether a point of a stage exists (no `where` dropped it). */
  readonly present: (id: string) => boolean;
  readonly env: (name: string) => string | undefined;
  /** Results; without it (when planning) they stay symbolic. */
  readonly result?: (id: string) => Measured | undefined;
  /** What images tell of two shares, read in a world; or why they tell nothing. */
  readonly images?: (asked: OfImages, world: World) => ImagesTell | string;
}

/** The parts of a world that a program decides. */
export function programWorld(program: Program): Pick<World, 'folder' | 'axis' | 'label' | 'stage'> {
  const axes = new Map(program.axes.map((axis) => [axis.name, axis]));
  const stages = new Map(program.stages.map((stage) => [stage.name, stage]));
  return {
    folder: dirname(program.file.path),
    axis: (name) => found(axes.get(name), name),
    label: (name, label) => {
      const axis = axes.get(name);
      return axis && entryAt(axis, label);
    },
    stage: (name) => found(stages.get(name), name),
  };
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Bug(`the program has no \`${name}\``);
  return value;
}

/**
 * The value of a term at a point; MISSING where a `where` or a set slice dropped what it needs,
 * PENDING where a result is not there yet, UNTOLD where results give no number.
 */
export function evaluate(term: Term, point: Point, world: World): Value | Absent {
  meet(term);
  return valueAt(term, point, world);
}

const memories = new WeakMap<World, Remembered<Value | Absent>>();

function valueAt(term: Term, point: Point, world: World): Value | Absent {
  let memory = memories.get(world);
  if (!memory) {
    memory = remembered();
    memories.set(world, memory);
  }
  return memory.recall(term, point, () => find(term, point, world));
}

function find(term: Term, point: Point, world: World): Value | Absent {
  switch (term.kind) {
    case 'literal':
      return fromJson(term.value);
    case 'file': {
      const path = valueAt(term.path, point, world);
      if (isAbsent(path) || (path !== null && typeof path === 'object')) return path;
      if (path === null) return null;
      const written = String(path);
      const from = dirname(term.span.file.path);
      const file = isAbsolute(written) ? written : relative(world.folder, join(from, written));
      return { kind: 'file', path: file, folder: term.folder };
    }
    case 'env':
      return variable(term, world);
    case 'axis': {
      const label = labelAt(term.axis, point);
      const entry = world.label(term.axis, label);
      invariant(entry, `axis \`${term.axis}\` has no \`${label}\``);
      meetShared(entry.value);
      return valueAt(entry.value, point, world);
    }
    case 'stage': {
      const id = idOf(term.stage, world.stage(term.stage).dims, point);
      return world.present(id) ? { kind: 'artifact', id } : MISSING;
    }
    case 'describe':
      return describe(term.call, point, world);
    case 'list': {
      const items = parts(term.items.map(named), point, world);
      return isMissing(items) ? items : { kind: 'list', items };
    }
    case 'record': {
      const list = term.fields.map((f) => ({ ...f, span: f.value.span }));
      const fields = parts(list, point, world);
      return isMissing(fields) ? fields : { kind: 'record', fields };
    }
    case 'range': {
      const ends = [
        { name: 'low', value: term.low, span: term.low.span },
        { name: 'high', value: term.high, span: term.high.span },
      ];
      const fields = parts(ends, point, world);
      return isMissing(fields) ? fields : { kind: 'record', fields };
    }
    case 'member':
      return member(valueAt(term.of, point, world), term.name, world);
    case 'unary':
      return apply([valueAt(term.of, point, world)], ([of = null]) => ofOne(term.operator, of));
    case 'binary': {
      const left = valueAt(term.left, point, world);
      if (decides(term.operator, left)) return left;
      const right = valueAt(term.right, point, world);
      const value = apply([left, right], ([a = null, b = null]) => ofTwo(term.operator, a, b));
      // no number is better than one that was rounded to another
      return typeof value === 'number' && isBeyond(value, term.type) ? Number.NaN : value;
    }
    case 'if': {
      const condition = valueAt(term.condition, point, world);
      if (isAbsent(condition)) return condition;
      if (typeof condition === 'boolean') {
        return valueAt(condition ? term.then : term.else, point, world);
      }
      // which of the two it will be is not known: it waits for what either needs
      const branches = [term.then, term.else].map((branch) => valueAt(branch, point, world));
      const waits = absentOf(branches) ?? unsetOf([condition, ...branches]);
      invariant(waits !== undefined, 'a condition is true or false');
      return waits;
    }
    case 'is': {
      const label = labelOf(term.of, point, world);
      return typeof label === 'string' ? term.labels.includes(label) !== term.negated : label;
    }
    case 'match': {
      const label = labelOf(term.of, point, world);
      if (typeof label !== 'string') return label;
      const arm = term.arms.find((a) => a.labels.includes(label))?.value ?? term.else;
      return arm === undefined ? MISSING : valueAt(arm, point, world);
    }
    case 'slice':
      if (!term.set) {
        const label = term.labels[0];
        invariant(label !== undefined, 'a slice has a label');
        return valueAt(term.of, { ...point, [term.axis]: label }, world);
      }
      return term.labels.includes(labelAt(term.axis, point))
        ? valueAt(term.of, point, world)
        : MISSING;
    case 'reduce':
      return reduce(
        term,
        point,
        world,
        (inner, at) => valueAt(inner, at, world),
        (asked) => world.images?.(asked, world),
      );
  }
}

function variable(
  { name, secret }: { readonly name: string; readonly secret?: true },
  world: World,
): Value {
  const text = world.env(name);
  if (text === undefined) return { kind: 'unset', names: [name] };
  return secret ? { kind: 'secret', name, digest: digestOfSecret(text) } : text;
}

function labelAt(axis: string, point: Point): string {
  const label = point[axis];
  invariant(label !== undefined, `the point has no label of axis \`${axis}\``);
  return label;
}

function labelOf(
  of: { readonly axis: string } | { readonly value: Term },
  point: Point,
  world: World,
): Value | Absent {
  if ('axis' in of) return labelAt(of.axis, point);
  const value = valueAt(of.value, point, world);
  if (value !== null && typeof value === 'object' && value.kind === 'secret') {
    throw looked(value.name);
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

function describe(call: Call, point: Point, world: World): Value | Absent {
  const args = parts(call.args, point, world);
  if (isMissing(args)) return args;
  for (const [i, { value }] of args.entries()) {
    const arg = call.args[i];
    if (arg !== undefined && arg.value.kind !== 'literal') {
      checkBounds(call, arg, plain(value), point);
    }
  }
  const argument = (name: string): Json | undefined => {
    const part = args.find((p) => p.name === name);
    return part && plain(part.value);
  };
  const { name, code } = call.extern;
  const version = versionAt(call.extern, argument);
  const made = code && pointCode(code, world.folder);
  return {
    kind: 'describe',
    name,
    version,
    args,
    ...(made?.kind === 'module' ? { code: made } : {}),
  };
}

type Source = { readonly name: string; readonly value: Term; readonly span: Part['span'] };

const named = (value: Term, i: number): Source => ({ name: String(i), value, span: value.span });

function parts(sources: readonly Source[], point: Point, world: World): readonly Part[] | Absent {
  const out: Part[] = [];
  for (const source of sources) {
    const value = valueAt(source.value, point, world);
    if (isAbsent(value)) return value;
    out.push({ name: source.name, value, span: originOf(source, point, world) });
  }
  return out;
}

/** Where a value was written: for the value of an axis, its entry. */
export function originOf(
  source: { readonly value: Term; readonly span: Part['span'] },
  point: Point,
  world: World,
): Part['span'] {
  if (source.value.kind !== 'axis') return source.span;
  const entry = world.label(source.value.axis, labelAt(source.value.axis, point));
  return entry?.span ?? source.span;
}

const isMissing = (list: readonly Part[] | Absent): list is Absent => typeof list === 'symbol';

function member(of: Value | Absent, name: string, world: World): Value | Absent {
  if (isAbsent(of)) return of;
  if (of !== null && typeof of === 'object') {
    if (of.kind === 'artifact') {
      if (!world.result) return { kind: 'metric', id: of.id, field: name };
      const measured = world.result(of.id);
      if (measured === undefined) return PENDING;
      if (name === 'time') return measured.seconds ?? MISSING;
      const metric = own(measured.metrics, name);
      return metric === undefined ? MISSING : metric;
    }
    if (of.kind === 'unset') return of;
    if (of.kind === 'record' || of.kind === 'describe') {
      const list = of.kind === 'record' ? of.fields : of.args;
      const part = list.find((p) => p.name === name);
      if (part) return part.value;
    }
  }
  throw new Bug(`${JSON.stringify(of)} has no field \`${name}\``);
}
