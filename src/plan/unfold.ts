import type { Json } from '../base/canonical.js';
import { SspError } from '../base/errors.js';
import { isRecord, own } from '../base/own.js';
import { type Place, placeOf, type Span } from '../base/source.js';
import type { Arg, Call, Program, Stage, Term } from '../language/program.js';
import { pointsOver } from '../language/terms/points-over.js';
import { childrenOf } from '../language/terms/terms.js';
import { showType } from '../language/types/show-type.js';
import type { Type } from '../language/types.js';
import { checkBounds, notFinite, whereOf } from './check-values.js';
import { evaluate, originOf, programWorld, type World } from './evaluate.js';
import { decidedBy } from './halving.js';
import type { Named, Point, StagePoint } from './plan.js';
import { idOf, pointText } from './point.js';
import { type ModuleCode, pointCode, withValues } from './point-code.js';
import { taggedOf } from './tagged.js';
import { withRungs } from './unfold-rungs.js';
import { type Encoding, encode, isAbsent } from './value.js';
import { versionAt } from './version-at.js';

/** Points that one stage may have without `--points`. */
const MAX_POINTS = 10_000;

export interface UnfoldOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly maxPoints?: number | undefined;
}

/** A parameter at a point, as plain data, and what was found on the way. */
interface Filled {
  readonly value: Json;
  readonly places: readonly (readonly [path: string, place: Place])[];
  readonly inputs: readonly string[];
  readonly unset: readonly string[];
  readonly code: readonly ModuleCode[];
}

/**
 * Every point of every stage, each after those that it reads. A `where` drops points and what
 * depends on them; a stage inside an argument or an axis has the points that something reads.
 * Throws when a stage has more points than allowed.
 */
export function unfold(program: Program, options: UnfoldOptions): readonly StagePoint[] {
  const present = new Set<string>();
  const world: World = {
    ...programWorld(program),
    present: (id) => present.has(id),
    env: (name) => own(options.env, name),
  };
  const points: StagePoint[] = [];
  for (const stage of program.stages) {
    for (const point of stagePoints(stage, world, options.maxPoints ?? MAX_POINTS)) {
      present.add(point.id);
      points.push(point);
    }
  }
  return withoutUnread(withRungs(points, program, world), program);
}

/** The world of a program for reports: all its points, and the results that there are. */
export function reportWorld(
  program: Program,
  points: readonly StagePoint[],
  env: UnfoldOptions['env'],
  result: NonNullable<World['result']>,
): World {
  const present = new Set(points.map((point) => point.id));
  return {
    ...programWorld(program),
    present: (id) => present.has(id),
    env: (name) => own(env, name),
    result,
  };
}

function* stagePoints(stage: Stage, world: World, max: number): Generator<StagePoint> {
  const total = stage.dims.reduce((n, axis) => n * world.axis(axis).labels.length, 1);
  // Far too many: do not even look which of them `where` keeps.
  if (total > max * 100) throw tooMany(stage, total, max);
  const fill = filler(stage, world);
  let kept = 0;
  for (const point of pointsOver(stage.dims, {}, world)) {
    const made = stagePoint(stage, point, world, fill);
    if (made === undefined) continue;
    kept += 1;
    if (kept > max) throw tooMany(stage, total, max);
    yield made;
  }
}

function tooMany(stage: Stage, total: number, max: number): SspError {
  const place = placeOf(stage.span);
  return new SspError(
    'too-many-points',
    `\`${stage.name}\` (${place.file}:${place.line}) has up to ${total} points, one for each combination of ${stage.dims.join(', ')}; ${max} are allowed`,
    { help: `if you mean it, allow them with \`--points ${total}\`` },
  );
}

function stagePoint(
  stage: Stage,
  point: Point,
  world: World,
  fill: (call: Call, arg: Arg, point: Point) => Filled | undefined,
): StagePoint | undefined {
  const unset = new Set<string>();
  const values: ModuleCode[] = [];
  if (stage.where) {
    const keep = evaluate(stage.where, point, world);
    if (keep === false || isAbsent(keep)) return undefined;
    if (keep !== null && typeof keep === 'object' && keep.kind === 'unset') {
      for (const name of keep.names) unset.add(name);
    }
  }
  const call = callAt(stage, point);
  if (call === undefined) return undefined;
  const { result } = call.extern;
  const id = idOf(stage.name, stage.dims, point);
  const filledIn: [string, Json][] = [];
  const places: Record<string, Place> = {};
  const inputs = new Set<string>();
  for (const arg of call.args) {
    const filled = fill(call, arg, point);
    if (filled === undefined) return undefined;
    filledIn.push([arg.name, filled.value]);
    for (const [path, place] of filled.places) places[path] = place;
    for (const input of filled.inputs) inputs.add(input);
    for (const name of filled.unset) unset.add(name);
    values.push(...filled.code);
  }
  const own = call.extern.code && pointCode(call.extern.code, world.folder);
  const code = withValues(own, values);
  const { training } = stage;
  if (training !== undefined) {
    const whole = idOf(training, world.stage(training).dims, point);
    if (!world.present(whole)) return undefined;
    // where halving decides, the rest of the training comes after it
    if (!stage.halving) inputs.add(whole);
  }
  const params = Object.fromEntries(filledIn);
  const names = namedIn(call);
  const bounds = inputs.size > 0 ? awaitedIn(call, params) : [];
  return {
    id,
    name: stage.name,
    stage: call.extern.name,
    version: versionAt(call.extern, (name) => params[name]),
    keyword: stage.keyword,
    result: resultName(call),
    ...(result.kind === 'metrics' ? { fields: result.fields } : {}),
    ...(code ? { code } : {}),
    ...(own ? { declared: declaredResult(result) } : {}),
    point,
    params,
    places,
    ...(names.length > 0 ? { names } : {}),
    ...(bounds.length > 0 ? { bounds: Object.fromEntries(bounds) } : {}),
    ...(call.keep ? { keep: call.keep.epochs } : {}),
    ...(training === undefined ? {} : { epoch: Number(point.at) }),
    inputs: [...inputs].sort(),
    resources: stage.resources,
    unset: [...unset].sort(),
    at: placeAt(stage.span),
  };
}

/** What the call names of its images; an optional name that nobody wrote need not be there. */
function namedIn({ extern, args }: Call): readonly Named[] {
  return extern.params.flatMap(({ name, type }) => {
    const optional = type.kind === 'optional';
    const text = optional ? type.of : type;
    if (text.kind !== 'string' || !text.names) return [];
    const filled = args.find((arg) => arg.name === name)?.filled;
    return optional && filled ? [] : [{ param: name, ...text.names }];
  });
}

/** The types of parameters whose number another stage makes. */
function awaitedIn(
  { extern }: Call,
  params: Readonly<Record<string, Json>>,
): readonly (readonly [string, Type])[] {
  return extern.params.flatMap(({ name, type }) => {
    const value = params[name];
    const isAwaited = isRecord(value) && taggedOf(value).is === 'metric';
    return isAwaited ? [[name, type]] : [];
  });
}

function callAt(stage: Stage, point: Point): Call | undefined {
  return stage.calls.find(({ when }) => when.every(({ axis, label }) => point[axis] === label))
    ?.call;
}

/** A declared result as text; the order of metrics means nothing. */
function declaredResult(result: Type): string {
  if (result.kind !== 'metrics') return showType(result);
  const fields = Object.entries(result.fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return showType({ kind: 'metrics', fields: Object.fromEntries(fields) });
}

function resultName({ extern: { result } }: Call): string {
  if (result.kind === 'artifact') return result.name;
  return result.kind === 'metrics' ? 'Metrics' : 'Files';
}

/** Fills parameters; those that need fewer axes than their stage are made once for all its points. */
function filler(
  stage: Stage,
  world: World,
): (call: Call, arg: Arg, point: Point) => Filled | undefined {
  const known = new Map<Arg, Map<string, Filled | undefined>>();
  return (call, arg, point) => {
    if (arg.value.dims.length >= stage.dims.length && stage.dims.length > 0) {
      return fillParameter(call, arg, point, world);
    }
    let byPoint = known.get(arg);
    if (!byPoint) {
      byPoint = new Map();
      known.set(arg, byPoint);
    }
    const at = pointText(arg.value.dims, point);
    if (!byPoint.has(at)) byPoint.set(at, fillParameter(call, arg, point, world));
    return byPoint.get(at);
  };
}

function fillParameter(call: Call, arg: Arg, point: Point, world: World): Filled | undefined {
  const value = evaluate(arg.value, point, world);
  if (isAbsent(value)) return undefined;
  const places: [string, Place][] = [];
  const found: Encoding = {
    place: (path, span) => places.push([path, placeAt(span)]),
    number(value, part) {
      if (Number.isFinite(value)) return;
      // An item of a list has but its number for a name.
      const name = part === undefined || /^\d+$/.test(part.name) ? arg.name : part.name;
      throw notFinite(name, part?.span ?? arg.span, whereOf(arg, point));
    },
    inputs: new Set(),
    unset: new Set(),
    code: new Set(),
  };
  const path = `params.${arg.name}`;
  found.place(path, originOf(arg, point, world) ?? arg.span);
  const json = encode(value, path, found);
  checkBounds(call, arg, json, point);
  return {
    value: json,
    places,
    inputs: [...found.inputs],
    unset: [...found.unset],
    code: [...found.code],
  };
}

const knownPlaces = new WeakMap<Span, Place>();

function placeAt(span: Span): Place {
  const known = knownPlaces.get(span);
  if (known) return known;
  const place = placeOf(span);
  knownPlaces.set(span, place);
  return place;
}

/** Without the points of stages inside arguments and axes that nothing reads. */
function withoutUnread(points: readonly StagePoint[], program: Program): readonly StagePoint[] {
  const shown = new Set<string>();
  const seen = new Set<Term>();
  for (const term of resultTerms(program)) stagesOf(term, shown, seen);
  const read = new Set<string>();
  const kept: StagePoint[] = [];
  for (const point of points.toReversed()) {
    const result = point.keyword !== undefined || shown.has(point.name);
    if (!result && !read.has(point.id)) continue;
    for (const input of [...point.inputs, ...decidedBy(point)]) read.add(input);
    kept.push(point);
  }
  return kept.reverse();
}

function resultTerms(program: Program): readonly Term[] {
  return [
    ...program.reports.flatMap((report) => report.values.map((v) => v.value)),
    ...program.expects.map((expect) => expect.condition),
    ...program.references.flatMap((r) => r.entries.flatMap((e) => [e.target, e.value])),
  ];
}

/** Adds the names of the stages that a term mentions, each part of it looked at once. */
function stagesOf(term: Term, into: Set<string>, seen: Set<Term>): void {
  if (seen.has(term)) return;
  seen.add(term);
  if (term.kind === 'stage') into.add(term.stage);
  // The values of an axis that are made by a stage are made by the stage of the axis's name.
  if (term.kind === 'axis') into.add(term.axis);
  for (const child of childrenOf(term)) stagesOf(child, into, seen);
}
